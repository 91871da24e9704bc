"""Digests of what a story, a spec and a final cut mean: a decision on one of them holds for exactly that.

Only what a director reads and what a still or clip is made from is digested. How a file is written does not
matter: key order, indentation, spelling of numbers, line ends, white space around a text, keys that the
workbench does not know.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from director_lib.domain.stream import Section, Segment, Stream
from director_lib.domain.version import Kind

_STREAMS_KEPT = 128


class CutItem(NamedTuple):
    """One still or clip as it stands in the final cut.

    Attributes:
        sha256: Digest of its current version; None when there is none.
        approved: Whether exactly these bytes are approved.
    """

    segment_id: int
    kind: Kind
    sha256: str | None
    approved: bool


def story_sha256(stream: Stream) -> str | None:
    """Return the digest of the story: its scenes and the brief; None without a story.

    Sections do not belong to it although they hold the story's words: they come with the spec, and writing
    the spec must not take the story's approval away.
    """
    if not stream.story:
        return None
    scenes = [[_plain(scene.title), _plain(scene.text)] for scene in stream.story]
    return _digest("story", {"scenes": scenes, "brief": _plain_texts(stream.brief)})


def spec_content_sha256(stream: Stream) -> str | None:
    """Return the digest of what production.json asks for; None when there is no such file.

    Direction, palette, negative prompt, composition, segments with their prompts, and sections. Not the
    title, the language and the address: they come from other files as well and change no picture.
    """
    return None if stream.spec_sha256 is None else _spec_digest(_Same(stream))


def final_sha256(stream: Stream, cut: Iterable[CutItem]) -> str | None:
    """Return the digest of the final cut: what readers see of it, and which stills and clips are approved.

    That is the spec, every still and clip in order, the title and the language, and the story where no
    section says what is read. Whether a file was approved belongs to what is judged. So a cut that was
    passed although a clip was not approved is another one as soon as that clip is approved, replaced or
    sent back.

    Returns:
        None when there is no spec, or no segment.
    """
    spec_sha256 = spec_content_sha256(stream)
    files = sorted(
        (segment_id, kind.value, sha256 or "", approved) for segment_id, kind, sha256, approved in cut
    )
    return None if spec_sha256 is None or not files else _digest("final", [spec_sha256, files, _read(stream)])


class _Same:
    """A stream as a key: itself and no other, for it is never changed once it was read."""

    __slots__ = ("stream",)

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __hash__(self) -> int:
        return id(self.stream)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.stream is self.stream


@lru_cache(maxsize=_STREAMS_KEPT)
def _spec_digest(same: _Same) -> str:
    """Digest a spec once: each page asks for it whenever something happens on its stream."""
    return _digest("spec", _spec(same.stream))


def _read(stream: Stream) -> list[Any]:
    """Return what readers see although it is not of the spec."""
    scenes = [] if stream.sections else [[_plain(scene.title), _plain(scene.text)] for scene in stream.story]
    return [_plain(stream.title), stream.language, scenes]


def _spec(stream: Stream) -> dict[str, Any]:
    return {
        "direction": _plain_texts(stream.visual_direction),
        "palette": _plain_texts(stream.palette),
        "negative": _plain(stream.negative_prompt),
        "suffix": _plain(stream.prompt_suffix),
        "size": [stream.width, stream.height],
        "segments": [_segment(segment) for segment in stream.segments],
        "sections": [_section(section) for section in stream.sections],
    }


def _segment(segment: Segment) -> list[Any]:
    texts = (
        segment.title,
        segment.image_prompt,
        segment.motion_prompt,
        segment.negative_prompt,
        segment.represents,
    )
    return [segment.id, float(segment.duration_s), *map(_plain, texts)]


def _section(section: Section) -> list[Any]:
    texts = (section.id, section.heading, section.text_type, section.text)
    # only where there is more, so that earlier digests of sections without it stay what they were
    more = [_plain(text) for text in (section.footer, section.layout, *section.form)]
    return [list(section.segment_ids), *map(_plain, texts), *([more] if any(more) else [])]


def _plain_texts(texts: dict[str, str]) -> list[list[str]]:
    return sorted([_plain(key), _plain(text)] for key, text in texts.items())


def _plain(text: str) -> str:
    """Return the words as they are read: composed letters, one kind of line end, no space at line ends."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in text:
        text = "\n".join(line.rstrip() for line in text.split("\n"))
    return text.strip()


def _digest(what: str, meaning: object) -> str:
    text = json.dumps([what, 1, meaning], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
