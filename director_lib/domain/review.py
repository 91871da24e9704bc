"""Decisions, and the one rule that says what "approved" means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from director_lib.domain.version import Kind
from director_lib.errors import InputError

NOTE_LIMIT = 4_000


class DecisionKind(StrEnum):
    """The verdicts a person can give."""

    APPROVED = "approved"
    APPROVED_WITH_NOTES = "approved_with_notes"
    ADJUST_PROMPT = "adjust_prompt"
    REGENERATE = "regenerate"
    NEEDS_CLARIFICATION = "needs_clarification"
    REVISION_NEEDED = "revision_needed"


UNDECIDED = "undecided"
APPROVALS = frozenset({DecisionKind.APPROVED, DecisionKind.APPROVED_WITH_NOTES})
ASSET_DECISIONS = frozenset(
    {
        DecisionKind.APPROVED,
        DecisionKind.APPROVED_WITH_NOTES,
        DecisionKind.ADJUST_PROMPT,
        DecisionKind.REGENERATE,
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's verdict on one exact file.

    Attributes:
        seq: Grows with every record; the order in which decisions count.
        sha256: Digest of the bytes that were judged.
        undoes: The ``seq`` of the decision that this record takes back, or None.
    """

    seq: int
    stream_id: str
    segment_id: int
    kind: Kind
    version_id: int
    sha256: str
    decision: DecisionKind
    note: str
    actor: str
    decided_at: datetime
    undoes: int | None = None


def effective_decision(decisions: Iterable[Decision], sha256: str | None) -> Decision | None:
    """Find the decision that counts for exactly these bytes.

    It is the one with the highest ``seq`` among those made on this digest and not taken back.

    Args:
        decisions: Records of one asset, undo records included, in any order.
        sha256: Digest of the version asked about; None (no file) is never decided.

    Returns:
        The decision, or None when the bytes are undecided.
    """
    records = list(decisions)
    taken_back = {record.undoes for record in records if record.undoes is not None}
    counting = [
        record
        for record in records
        if record.undoes is None and record.seq not in taken_back and record.sha256 == sha256
    ]
    return max(counting, key=lambda record: record.seq, default=None)


def is_approved(decision: DecisionKind | None) -> bool:
    """Tell whether a verdict lets the work pass its gate; undecided work never does."""
    return decision in APPROVALS


def check_asset_decision(decision: DecisionKind, note: str) -> None:
    """Refuse a verdict that a still or clip cannot get, or a note that is missing or too long.

    Raises:
        InputError: The verdict is not one of the four, "with notes" has none, or the note is too long.
    """
    if decision not in ASSET_DECISIONS:
        raise InputError(f"A still or a clip cannot be decided as “{decision}”.")
    if decision is DecisionKind.APPROVED_WITH_NOTES and not note.strip():
        raise InputError("“Approve with notes” needs a note. Write one, or approve without.")
    if len(note) > NOTE_LIMIT:
        raise InputError(f"A note holds at most {NOTE_LIMIT:,} characters; this one has {len(note):,}.")
