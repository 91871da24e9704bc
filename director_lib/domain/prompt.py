"""Prompts: what is sent to an engine, and what changed between two wordings."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from director_lib.domain.stream import Segment, Stream
from director_lib.errors import RuleError

PROMPT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of words: "same", "added" or "removed"."""

    change: str
    text: str


def image_prompt_as_sent(stream: Stream, segment: Segment) -> str:
    """Return the still's prompt with the stream's suffix, once; "" when the segment has no prompt."""
    prompt = segment.image_prompt.strip()
    suffix = stream.prompt_suffix.strip()
    if not prompt or not suffix or prompt.endswith(suffix):
        return prompt
    joint = " " if prompt[-1] in ".,;:!?" else ", "
    return f"{prompt}{joint}{suffix}"


def image_prompt_like(stream: Stream, segment_id: int) -> str:
    """Return another segment's prompt, as it would be sent, for a still that is to look like it.

    Raises:
        NotFoundError: The stream has no such segment.
        RuleError: It has no image prompt.
    """
    prompt = image_prompt_as_sent(stream, stream.get_segment(segment_id)).rstrip(" .,;:")
    if not prompt:
        raise RuleError(
            f"Segment {segment_id} has no image prompt, so nothing can be made like it. Write one, or name "
            "another segment."
        )
    return f"{prompt}, in the style of segment {segment_id}"


def negative_prompt_as_sent(stream: Stream, segment: Segment) -> str:
    """Return the segment's own negative prompt, else the stream's."""
    return segment.negative_prompt.strip() or stream.negative_prompt.strip()


def word_diff(before: str, after: str) -> list[DiffPart]:
    """Compare two prompts word by word.

    Returns:
        Parts in reading order; joining the texts of "same" and "added" gives ``after`` exactly, "same" and
        "removed" gives ``before``. Two empty prompts give an empty list.
    """
    old, new = re.findall(r"\S+\s*|\s+", before), re.findall(r"\S+\s*|\s+", after)
    parts: list[DiffPart] = []
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(DiffPart("same", "".join(old[a0:a1])))
            continue
        if a1 > a0:
            parts.append(DiffPart("removed", "".join(old[a0:a1])))
        if b1 > b0:
            parts.append(DiffPart("added", "".join(new[b0:b1])))
    return parts
