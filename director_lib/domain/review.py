"""Decisions, and the one rule that says what "approved" means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from director_lib.domain.version import Kind
from director_lib.errors import InputError

NOTE_LIMIT = 4_000
MOST_APPROVALS = 20


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


class Vote(Protocol):
    """What the rule needs to know of a decision, be it on a file or on a story, spec or cut."""

    @property
    def seq(self) -> int:
        """Grows with every record."""
        ...

    @property
    def sha256(self) -> str:
        """Digest of exactly what was judged."""
        ...

    @property
    def decision(self) -> DecisionKind:
        """What was said."""
        ...

    @property
    def actor(self) -> str:
        """Who said it."""
        ...

    @property
    def undoes(self) -> int | None:
        """The decision that this record takes back, or None."""
        ...


V = TypeVar("V", bound=Vote)


@dataclass(frozen=True, slots=True)
class Verdict(Generic[V]):
    """What the decisions on exactly one thing come to.

    Attributes:
        decision: The newest one that counts; None when it is undecided.
        approvers: The people whose approval counts, in the order in which they approved.
        needed: How many of them the stream asks for.
    """

    decision: V | None
    approvers: tuple[str, ...]
    needed: int

    @property
    def is_approved(self) -> bool:
        """Whether the work passes its gate."""
        return bool(self.approvers) and len(self.approvers) >= self.needed

    @property
    def is_sent_back(self) -> bool:
        """Whether the newest word on it is that it has to change."""
        return self.decision is not None and not self.approvers


def judge(decisions: Iterable[V], sha256: str | None, needed: int = 1) -> Verdict[V]:
    """Say what the decisions on exactly these bytes come to. Nothing else decides what is approved.

    Decisions on other bytes and those that were taken back do not count. Sending back starts the count of
    approvals anew: an approval counts for its person once, and only when nobody sent the same bytes back
    after it. So with one approval needed, the newest decision wins.

    Args:
        decisions: Records of one thing, undo records included, in any order.
        sha256: Digest of what is asked about; None (nothing there) is never decided.
        needed: How many people have to approve.
    """
    counting = _counting(decisions, sha256)
    approvers: dict[str, None] = {}
    for record in counting:
        if is_approval(record.decision):
            approvers[record.actor] = None
        else:
            approvers.clear()
    return Verdict(counting[-1] if counting else None, tuple(approvers), needed)


def effective_decision(decisions: Iterable[V], sha256: str | None) -> V | None:
    """Find the newest decision that counts for exactly these bytes.

    It is the one with the highest ``seq`` among those made on this digest and not taken back.

    Args:
        decisions: Records of one thing, undo records included, in any order.
        sha256: Digest of the version asked about; None (no file) is never decided.

    Returns:
        The decision, or None when the bytes are undecided.
    """
    return judge(decisions, sha256).decision


def standing_decisions(decisions: Iterable[V]) -> list[V]:
    """Return the decisions that were not taken back, without the undo records, oldest first."""
    records = list(decisions)
    if len(records) == 1:  # nearly always, and asked for each of a stream's 2,000 stills and clips
        return [record for record in records if record.undoes is None]
    taken_back = {record.undoes for record in records if record.undoes is not None}
    kept = (record for record in records if record.undoes is None and record.seq not in taken_back)
    return sorted(kept, key=lambda record: record.seq)


def is_approval(decision: DecisionKind | None) -> bool:
    """Tell whether one person's word speaks for the work; whether it is approved says ``Verdict``."""
    return decision in APPROVALS


def overrules(newest: Decision | None, decision: DecisionKind, actor: str, seen_seq: int) -> bool:
    """Tell whether a verdict would undo somebody else's without its giver knowing of that.

    Args:
        newest: The newest decision that counts on the same bytes.
        seen_seq: The newest decision that the giver was shown; 0 for none.
    """
    if newest is None or newest.actor == actor or newest.seq <= seen_seq:
        return False
    return is_approval(newest.decision) != is_approval(decision)


def check_asset_decision(decision: DecisionKind, note: str) -> None:
    """Refuse a verdict that a still or clip cannot get, or a note that is missing or too long.

    Raises:
        InputError: The verdict is not one of the four, "with notes" has none, or the note is too long.
    """
    if decision not in ASSET_DECISIONS:
        raise InputError(f"A still or a clip cannot be decided as “{decision}”.")
    if decision is DecisionKind.APPROVED_WITH_NOTES and not note.strip():
        raise InputError("“Approve with notes” needs a note. Write one, or approve without.")
    check_note_length(note)


def check_note_length(note: str) -> None:
    """Refuse a note that is too long.

    Raises:
        InputError: It is.
    """
    if len(note) > NOTE_LIMIT:
        raise InputError(f"A note holds at most {NOTE_LIMIT:,} characters; this one has {len(note):,}.")


def check_approvals_needed(needed: int) -> None:
    """Refuse a number of approvals that nobody could want.

    Raises:
        InputError: It is not between 1 and 20.
    """
    if not 1 <= needed <= MOST_APPROVALS:
        raise InputError(f"A stream asks for 1 to {MOST_APPROVALS} approvals, not {needed}.")


def _counting(decisions: Iterable[V], sha256: str | None) -> list[V]:
    return [record for record in standing_decisions(decisions) if record.sha256 == sha256]
