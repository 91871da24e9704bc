"""Edits of prompts: what changed, who changed it, and how two people's edits come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from director_lib.domain.prompt import DiffPart, word_diff
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind
from director_lib.errors import InputError, PromptClashError

PROMPT_FIELDS = ("image_prompt", "motion_prompt", "negative_prompt")
REMARK_FIELDS = tuple(f"{what}_{kind}" for what in ("comment", "note", "changes") for kind in Kind)
"""Unsent words that belong to no prompt: a comment, a note with an approval, what should be different."""
OUTSIDE = "outside"
"""The actor of every edit that was found in the file: nobody knows who made it."""

PromptPlace = tuple[int, str]
"""Segment id and prompt field."""


class PromptSource(StrEnum):
    """Where an edit was made."""

    WORKBENCH = "workbench"
    OUTSIDE = "outside"
    BROUGHT_BACK = "brought_back"


class Side(StrEnum):
    """Which of an edit's two texts."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class PromptChange:
    """One edit of one prompt.

    Attributes:
        seq: Number of the event that recorded it; an event may hold edits of several fields.
    """

    seq: int
    segment_id: int
    field: str
    before: str
    after: str
    actor: str
    source: PromptSource
    happened_at: datetime

    def diff(self) -> list[DiffPart]:
        """Compare the two texts word by word."""
        return word_diff(self.before, self.after)

    def text(self, side: Side) -> str:
        """Return one of the two texts."""
        return self.before if side is Side.BEFORE else self.after


def check_draft_field(field: str) -> None:
    """Refuse a field whose unsent words are not kept.

    Raises:
        InputError: It is neither a prompt nor a remark.
    """
    if field not in REMARK_FIELDS:
        check_prompt_field(field)


def check_prompt_field(field: str) -> None:
    """Refuse what is no prompt.

    Raises:
        InputError: There is no such prompt field.
    """
    if field not in PROMPT_FIELDS:
        raise InputError(f"There is no prompt field “{field}”. There are: {', '.join(PROMPT_FIELDS)}.")


def prompts_of(segment: Segment) -> dict[str, str]:
    """Return a segment's prompts by field, as they stand in the file."""
    return {field: str(getattr(segment, field)) for field in PROMPT_FIELDS}


def prompts_by_place(stream: Stream) -> dict[PromptPlace, str]:
    """Return every prompt of a stream."""
    return {
        (segment.id, field): text
        for segment in stream.segments
        for field, text in prompts_of(segment).items()
    }


def merge_edits(segment: Segment, yours: Mapping[str, str], base: Mapping[str, str] | None) -> dict[str, str]:
    """Bring a writer's texts together with what the file says now; blanks at the ends make no difference.

    What only the writer changed is to be saved; what only others changed stays as it is.

    Args:
        segment: As it stands in the file.
        yours: Texts by field as the writer leaves them.
        base: Texts that the writer began with; a field that is not in it is saved whatever the file says.

    Returns:
        Fields and texts to save; empty when the file says all of it already.

    Raises:
        InputError: There is no such prompt field.
        PromptClashError: Both changed the same field, in different ways.
    """
    base = base or {}
    edits = {}
    for field, text in yours.items():
        check_prompt_field(field)
        theirs = str(getattr(segment, field))
        began_with = base.get(field, theirs)
        if _same(text, theirs) or (field in base and _same(text, began_with)):
            continue
        if not _same(theirs, began_with):
            raise PromptClashError(segment.id, field, base=began_with, theirs=theirs, yours=text)
        edits[field] = text
    return edits


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()
