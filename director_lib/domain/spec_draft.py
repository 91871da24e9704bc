"""A first spec from a story and its brief: no model, no chance; the same story gives the same spec."""

from __future__ import annotations

import re
from typing import Any

from director_lib.domain.draft_words import FIGURES, LIGHTS, PLACES, WEATHER, words_seen
from director_lib.domain.story_split import StoryPart, sentences_of, split_story
from director_lib.domain.stream import DEFAULT_DURATION_S, Stream

_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_SHOTS = ("wide shot", "medium shot", "low angle", "close-up", "over the shoulder", "detail")
_MOVES = (
    "Slow push in",
    "Slow pan right across the scene",
    "Gentle tilt up",
    "Slow pull out",
    "Slow pan left across the scene",
    "Slow orbit around the subject",
    "Gentle tilt down",
)
_LAST_MOVE = "Slow pull out until the place lies still as in the beginning"
_BEFORE_LAST = "Slow push in"
_QUOTED = 160
_PALETTES = (
    (
        "sad melanchol lonely quiet szomoru csend traurig still loss gyasz trauer",
        {
            "slate": "#4a5560",
            "mist": "#b8c0c4",
            "deep water": "#1f2d38",
            "bone": "#e4ded2",
            "ember": "#b4774b",
        },
    ),
    (
        "warm joy happy love hope cosy vidam szeret remeny meleg froh liebe hoffnung",
        {
            "honey": "#e0a648",
            "terracotta": "#b5603f",
            "cream": "#f3e6cf",
            "olive": "#7a7f4f",
            "plum": "#5b3547",
        },
    ),
    (
        "dark fear night tense thriller sotet felelem feszult dunkel angst spannend",
        {"ink": "#10131c", "steel": "#43506a", "cold light": "#9fb4c8", "rust": "#8c4a32", "ash": "#5c5a5a"},
    ),
    (
        "magic wonder dream fairy mese csoda alom marchen wunder traum",
        {
            "midnight": "#1b1f3b",
            "lantern": "#f0b35a",
            "violet": "#7d5ba6",
            "moss": "#5d7358",
            "pearl": "#ece7f2",
        },
    ),
)
_USUAL_PALETTE = {
    "shadow": "#1e2329",
    "stone": "#8b8578",
    "paper": "#ece5d8",
    "leaf": "#66735a",
    "lamp": "#d99b4e",
}


class _Words:
    """What passages of one language speak of."""

    def __init__(self, language: str) -> None:
        self._language = language

    def subject(self, text: str) -> str:
        """Say what a passage shows in words of a prompt; quote it when nothing in it is known."""
        figures, places = self._seen(text, FIGURES)[:2], self._seen(text, PLACES)[:2]
        around = [*self._seen(text, LIGHTS)[:1], *self._seen(text, WEATHER)[:1]]
        if not figures and not places:
            return f"A picture for these words: “{_short(_first_sentence(text), _QUOTED)}”"
        who = " and ".join(figures)
        where = f"in {places[0]}" if figures and places else (places[0] if places else "")
        if len(places) > 1:
            where += f", {places[1]} in the distance"
        said = ", ".join([f"{who} {where}".strip(), *around])
        return said[:1].upper() + said[1:]

    def motion(self, number: int, n_parts: int, text: str) -> str:
        """Say how the camera moves in a passage, never as in the one before, and what moves in it."""
        move = _MOVES[(number - 1) % len(_MOVES)]
        if number == n_parts > 3:
            move = _LAST_MOVE
        elif number == n_parts - 1 and move == "Slow pull out":
            move = _BEFORE_LAST
        birds = [one for one in self._seen(text, FIGURES) if one == "birds"]
        moving = [*self._seen(text, WEATHER)[:1], *birds]
        return f"{move}, {' and '.join(moving)} moving softly" if moving else move

    def _seen(self, text: str, table: dict[str, str]) -> list[str]:
        return words_seen(text, table, self._language)


def draft_spec(stream: Stream) -> dict[str, Any]:
    """Write a first spec.

    The story is divided at scenes, paragraphs and sentences; each passage becomes a section, and a segment
    with a prompt of what the passage speaks of. Where none of its words is known, the passage is quoted. The
    last picture takes up the first one.

    Returns:
        The content of a production.json; without segments when the stream has no story.
    """
    parts = split_story(stream.story, wanted_segments(stream))
    palette = _palette(stream)
    tone = _tone(stream)
    words = _Words(stream.language)
    opening = words.subject(parts[0].text) if parts else ""
    segments = [_segment(number, parts, (tone, opening), words) for number in range(1, len(parts) + 1)]
    return {
        "stream": {"id": stream.id, "title": stream.title, "language": stream.language or "en"},
        "visual_direction": _direction(stream, tone, palette),
        "composition_rules": {
            "prompt_suffix": _suffix(palette),
            "safe_zone": "Keep one third of the picture quiet; the text stands there.",
        },
        "segments": segments,
        "sections": [_section(number, part) for number, part in enumerate(parts, start=1)],
    }


def _segment(number: int, parts: list[StoryPart], given: tuple[str, str], words: _Words) -> dict[str, Any]:
    (tone, opening), part, n_parts = given, parts[number - 1], len(parts)
    subject = words.subject(part.text)
    shot = _SHOTS[(number - 1) % len(_SHOTS)]
    if number == n_parts > 3 and opening:
        prompt = f"{subject}, echoing the opening picture: {opening}, {_SHOTS[0]}"
    else:
        prompt = f"{subject}, {shot}"
    return {
        "id": number,
        "title": part.heading or _title(part.text),
        "represents": _short(part.text, _QUOTED),
        "image_prompt": f"{prompt}, {tone}" if tone else prompt,
        "motion_prompt": words.motion(number, n_parts, part.text),
        "duration": int(DEFAULT_DURATION_S),
    }


def _section(number: int, part: StoryPart) -> dict[str, Any]:
    section: dict[str, Any] = {"id": f"section-{number}", "segment_ids": [number]}
    if part.heading:
        section["heading"] = part.heading
    return section | {"text_content": part.text, "text_type": "prose", "word_count": len(part.text.split())}


def _direction(stream: Stream, tone: str, palette: dict[str, str]) -> dict[str, Any]:
    brief = stream.brief
    direction: dict[str, Any] = {"style": brief.get("style") or "Quiet, observed, cinematic realism"}
    if tone:
        direction["mood"] = tone
    direction["color_palette"] = palette
    for key in ("references", "motifs"):
        if brief.get(key):
            direction["recurring_motifs" if key == "motifs" else key] = [brief[key]]
    direction["bookend"] = "The last picture takes up the first: the same place, changed by the story."
    return direction | {"negative_prompts": ["text", "watermark", "logo", "distorted faces"]}


def _palette(stream: Stream) -> dict[str, str]:
    """Take the colours that the brief names, else those that fit its tone."""
    named = [code.lower() for code in _HEX.findall(" ".join(stream.brief.values()))]
    if stream.palette:
        return dict(stream.palette)
    if named:
        return {f"color {number}": code for number, code in enumerate(dict.fromkeys(named), start=1)}
    words = " ".join([_tone(stream), *stream.brief.values()])
    for hints, palette in _PALETTES:
        if words_seen(words, {"tone": hints}):
            return dict(palette)
    return dict(_USUAL_PALETTE)


def _tone(stream: Stream) -> str:
    return " ".join(stream.brief.get("tone", "").split())[:200]


def _suffix(palette: dict[str, str]) -> str:
    names = [name for name in palette if not name.startswith("color ")][:3]
    colors = f"colours of {', '.join(names)}, " if names else ""
    return f"{colors}natural light, fine grain, 16:9, no text"


def wanted_segments(stream: Stream) -> int | None:
    """Return how many segments the brief asks for; None when it does not say."""
    said = re.fullmatch(r"\s*(\d{1,3})\s*", stream.brief.get("segment_count", ""))
    return int(said[1]) if said and int(said[1]) > 0 else None


def _title(text: str) -> str:
    words = _first_sentence(text).rstrip(' .,;:!?…”"').split()
    return _short(" ".join(words[:6]), 60)


def _first_sentence(text: str) -> str:
    return next(iter(sentences_of(text.strip())), "").strip()


def _short(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"
