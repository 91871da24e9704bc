"""Reads a prompt: which scene, light, weather and subjects it asks for."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from director_lib.engines.local.vocabulary import LIGHTS, MARKS, SCENES, SHOTS

_USUAL_LIGHTS = {
    "sea": ("dawn", "day", "sunset", "golden"),
    "river": ("dawn", "golden", "sunset", "dusk"),
    "city": ("dusk", "night", "sunset", "blue"),
    "village": ("golden", "dusk", "dawn"),
    "forest": ("dawn", "golden", "day"),
    "mountain": ("dawn", "day", "sunset", "golden"),
    "plain": ("golden", "day", "sunset"),
    "desert": ("golden", "day", "sunset"),
    "space": ("space",),
    "room": ("golden", "dawn", "dusk"),
}
_USUAL_SCENES = ("mountain", "sea", "plain", "forest", "village")
_NOT_WANTED = re.compile(r"\b(?:no|without|nincs|sem)\s+[a-z]+(?:\s+or\s+[a-z]+)?|\b[a-z]+\s+nelkul\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt asks for.

    Attributes:
        scene: A key of the vocabulary's scenes.
        light: A key of the palettes of light.
        shot: "close", "high", "low", "wide" or "normal".
        marks: Weather, season and subjects, as keys of the vocabulary's marks.
    """

    scene: str
    light: str
    shot: str
    marks: frozenset[str]

    def has(self, *marks: str) -> bool:
        """Tell whether any of the marks was asked for."""
        return not self.marks.isdisjoint(marks)

    @property
    def is_dark(self) -> bool:
        """Whether lamps and stars would show."""
        return self.light in {"night", "neon", "noir", "blue", "space"}


def stable_hash(*parts: object) -> int:
    """Return a 64-bit number that is the same for equal parts on every machine."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest(), "little")


def fold(text: str) -> str:
    """Return lower-case ASCII words with single blanks, without accents and punctuation."""
    # Hungarian "nő" (woman) would fold into the English "no".
    text = re.sub(r"\bnő(?=\b|[a-zá-ű])", "noalak", unicodedata.normalize("NFC", text.lower()))
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z]+", plain))


def read_prompt(prompt: str, seed: int, *, unwanted: str = "") -> Reading:
    """Find out what a prompt asks for.

    What the prompt leaves open depends on the seed and never on other words, so that a small change of
    wording does not change the picture as a whole.

    Args:
        prompt: Any text; an empty one is allowed.
        unwanted: The negative prompt; weather and subjects named there are left out.
    """
    text = _NOT_WANTED.sub(" ", fold(prompt))
    marks = frozenset(_scores(text, "marks")) - frozenset(_scores(fold(unwanted), "marks"))
    if "child" in marks or "couple" in marks:
        marks |= {"figure"}
    scene = _best(text, "scenes") or _USUAL_SCENES[stable_hash("scene", seed) % len(_USUAL_SCENES)]
    return Reading(scene, _light(text, scene, marks, seed), _best(text, "shots") or "normal", marks)


def _light(text: str, scene: str, marks: frozenset[str], seed: int) -> str:
    if scene == "space":
        return "space"
    found = _best(text, "lights")
    if found:
        return found
    if marks & {"rain", "overcast", "fog"}:
        return "overcast"
    if "winter" in marks:
        return "winter"
    usual = _USUAL_LIGHTS[scene]
    return usual[stable_hash("light", seed, scene) % len(usual)]


def _best(text: str, table: str) -> str | None:
    scores = _scores(text, table)
    return max(scores, key=lambda name: scores[name]) if scores else None


def _scores(text: str, table: str) -> dict[str, float]:
    """Weigh each name of a table; earlier words count slightly more, so that no two are equal."""
    scores: dict[str, float] = {}
    for name, pattern, weight in _patterns(table):
        for match in pattern.finditer(text):
            scores[name] = scores.get(name, 0.0) + weight + 0.2 / (8 + match.start())
    return scores


@lru_cache
def _patterns(table: str) -> tuple[tuple[str, re.Pattern[str], float], ...]:
    tables: dict[str, Mapping[str, str]] = {
        "scenes": SCENES,
        "lights": LIGHTS,
        "marks": MARKS,
        "shots": SHOTS,
    }
    return tuple(
        (name, _pattern(item.partition(":")[0]), float(item.partition(":")[2] or 1))
        for name, items in tables[table].items()
        for item in items.split()
    )


def _pattern(item: str) -> re.Pattern[str]:
    stem = fold(item.replace("_", " "))
    return re.compile(rf"\b{stem}[a-z]*" if item.endswith("*") else rf"\b{stem}(?:s|es)?\b")
