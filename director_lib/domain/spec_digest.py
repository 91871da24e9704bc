"""What a spec says about how stills and clips look, as digests that tell its parts apart.

A version keeps the digest of the moment it was asked for. Comparing it with today's says not only that the
spec changed, but what in it did.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from director_lib.domain.stream import Segment, Stream

_DIGITS = 16


class SpecPart(StrEnum):
    """The parts of a spec that a still or clip is made by, besides its own prompts."""

    VISUAL_DIRECTION = "visual_direction"
    PALETTE = "palette"
    PROMPT_SUFFIX = "prompt_suffix"
    SIZE = "size"
    DURATION = "duration"


class SpecDigests:
    """Today's digests of one stream; what its segments share is read once."""

    def __init__(self, stream: Stream) -> None:
        # most segments of a stream last equally long, and a page asks for each of 1,000 several times
        self._by_duration: dict[float, str] = {}
        self._shared = {
            SpecPart.VISUAL_DIRECTION: _digest(_in_any_order(stream.visual_direction)),
            SpecPart.PALETTE: _digest(_in_any_order(stream.palette)),
            SpecPart.PROMPT_SUFFIX: _digest(stream.prompt_suffix.strip()),
            SpecPart.SIZE: _digest([stream.width, stream.height]),
        }

    def of(self, segment: Segment) -> str:
        """Return the digest for one segment: each part's name and digest, in a fixed order."""
        duration_s = float(segment.duration_s)
        if duration_s not in self._by_duration:
            parts = self._shared | {SpecPart.DURATION: _digest(duration_s)}
            self._by_duration[duration_s] = " ".join(f"{part}:{digest}" for part, digest in parts.items())
        return self._by_duration[duration_s]


def changed_parts(then: str, now: str) -> set[SpecPart]:
    """Say which parts differ between two digests; a part that one of them does not know has not changed."""
    if then == now:
        return set()
    before, after = _read(then), _read(now)
    return {part for part in SpecPart if part in before and before[part] != after.get(part, before[part])}


def _read(digest: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition(":") for part in digest.split())}


def _in_any_order(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    # the order in which a file names its fields says nothing about the picture
    return sorted((name, text.strip()) for name, text in texts.items())


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:_DIGITS]
