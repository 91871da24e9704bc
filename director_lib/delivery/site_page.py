"""The page itself: HTML, style and the film's description, written from a stream and its pictures."""

from __future__ import annotations

import colorsys
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import jinja2

from director_lib.delivery.site_layout import Passage, lay_out
from director_lib.delivery.site_text import (
    Beat,
    Words,
    alternative_text,
    description_of,
    direction_of,
    words_for,
)
from director_lib.domain.disclosure import DIGITAL_SOURCE_TYPE, STATEMENT, clean_text
from director_lib.domain.stream import Stream

COVER, ICON = "public/stills/cover.jpg", "public/stills/icon.png"
HIGH_FOLDER, PERFORMANCE_FOLDER, STILLS_FOLDER = "public/frames", "public/frames-perf", "public/stills"
UNKNOWN_LANGUAGE = "und"
_TEMPLATES = Path(__file__).with_name("site")
_HEX = re.compile(r"#[0-9a-f]{6}")
_ACCENT = "#c9a36a"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a segment shows.

    Attributes:
        n_high: Frames of the high tier; 1 of a segment that has a still only.
        n_performance: Frames of the other tier.
        width: Of the still, in pixels.
    """

    segment_id: int
    n_high: int
    n_performance: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture as the page names it."""

    picture: Picture
    alt: str
    src: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A passage as the page shows it; without scripts, pictures and texts take turns."""

    n_pictures: int
    items: list[_Shown | Beat]


@dataclass(frozen=True, slots=True)
class _Page:
    """Everything that the template puts in place; all of it is text, never markup."""

    language: str
    direction: str
    title: str
    description: str
    address: str
    cover: str
    words: Words
    parts: list[_Part]
    statement: str = STATEMENT
    source_type: str = DIGITAL_SOURCE_TYPE
    icon: str = ICON
    card: str = field(default="summary_large_image")


def write_page(stream: Stream, pictures: Mapping[int, Picture]) -> dict[str, bytes]:
    """Write the files of a page but its pictures.

    Args:
        pictures: By segment; segments that have nothing to show are missing.

    Returns:
        Contents by file name.
    """
    passages = lay_out(stream)
    words = words_for(stream.language)
    parts = [_part(stream, passage, pictures, words) for passage in passages]
    address = clean_text(stream.deployed_url)
    if address.startswith("/"):
        # on the workbench's own server: other sites need a whole address, and what that is it does not know
        address = ""
    page = _Page(
        language=stream.language or UNKNOWN_LANGUAGE,
        direction=direction_of(stream.language),
        title=" ".join(clean_text(stream.title).split()) or stream.id,
        description=description_of(stream),
        address=address,
        cover=(urljoin(address.rstrip("/") + "/", COVER) if address else COVER) if pictures else "",
        words=words,
        parts=parts,
    )
    html = _environment().get_template("index.html.j2").render(page=page)
    style = (_TEMPLATES / "site.css").read_text(encoding="utf-8") + _own_style(stream, parts)
    return {
        "index.html": html.encode(),
        "site.css": style.encode(),
        "site.js": (_TEMPLATES / "site.js").read_bytes(),
        "film.json": _film(stream, page, passages, pictures),
    }


def still_name(segment_id: int) -> str:
    """Name a segment's still within a site."""
    return f"{STILLS_FOLDER}/segment_{segment_id}.webp"


def frame_name(folder: str, segment_id: int, number: int) -> str:
    """Name a frame within a site; the first one has number 1."""
    return f"{folder}/segment_{segment_id}/{number:04d}.webp"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["picture"] = lambda item: isinstance(item, _Shown)
    return environment


def _part(stream: Stream, passage: Passage, pictures: Mapping[int, Picture], words: Words) -> _Part:
    places = {segment.id: place for place, segment in enumerate(stream.segments, 1)}
    shown = [
        _Shown(
            pictures[segment_id],
            alternative_text(stream.get_segment(segment_id), places[segment_id], len(stream.segments), words),
            still_name(segment_id),
        )
        for segment_id in passage.segment_ids
        if segment_id in pictures
    ]
    return _Part(len(shown), _taking_turns(shown, passage.beats))


def _taking_turns(shown: Sequence[_Shown], beats: Sequence[Beat]) -> list[_Shown | Beat]:
    """Spread pictures evenly between texts, a picture first."""
    items: list[_Shown | Beat] = []
    for number, beat in enumerate(beats):
        first, last = len(shown) * number, len(shown) * (number + 1)
        items.extend(shown[-(-first // len(beats)) : -(-last // len(beats))])
        items.append(beat)
    return items if beats else list(shown)


def _own_style(stream: Stream, parts: Sequence[_Part]) -> str:
    """Return the rules of this one page: its colour, and how long each passage is."""
    lengths = (f"#passage-{number}{{--pictures:{part.n_pictures}}}" for number, part in enumerate(parts, 1))
    return "\n".join([f"\n:root{{--accent:{_accent(stream)}}}", *lengths, ""])


def _accent(stream: Stream) -> str:
    """Choose the palette's most vivid colour; a palette without one leaves the page's own."""
    colors = [color for color in stream.palette.values() if _HEX.fullmatch(color)]
    return max(colors, key=_vividness, default=_ACCENT)


def _vividness(color: str) -> float:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    _, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return saturation * (1 - abs(2 * lightness - 1.1))


def _film(stream: Stream, page: _Page, passages: Sequence[Passage], pictures: Mapping[int, Picture]) -> bytes:
    """Describe the film to other programs."""
    film = {
        "stream_id": stream.id,
        "title": page.title,
        "language": page.language,
        "ai_generated": True,
        "disclosure": page.words.disclosure,
        "digital_source_type": DIGITAL_SOURCE_TYPE,
        "tiers": {"high": HIGH_FOLDER, "performance": PERFORMANCE_FOLDER},
        "frame_name": "segment_{id}/{number:04d}.webp",
        "segments": [
            {
                "id": picture.segment_id,
                "passage": number,
                "frames": {"high": picture.n_high, "performance": picture.n_performance},
                "still": still_name(picture.segment_id),
            }
            for number, passage in enumerate(passages, 1)
            for picture in (pictures.get(segment_id) for segment_id in passage.segment_ids)
            if picture is not None
        ],
    }
    return (json.dumps(film, ensure_ascii=False, indent=1) + "\n").encode()
