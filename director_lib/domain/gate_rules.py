"""The gates where a person judges a whole: story (CP1), spec (CP2) and final cut (CP5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus
from director_lib.domain.review import (
    DecisionKind,
    Verdict,
    check_note_length,
    is_approval,
    judge,
    standing_decisions,
)
from director_lib.errors import InputError

OUTCOMES: dict[Checkpoint, tuple[DecisionKind, ...]] = {
    Checkpoint.STORY: (DecisionKind.APPROVED, DecisionKind.NEEDS_CLARIFICATION),
    Checkpoint.SPEC: (
        DecisionKind.APPROVED,
        DecisionKind.APPROVED_WITH_NOTES,
        DecisionKind.REVISION_NEEDED,
    ),
    Checkpoint.FINAL: (
        DecisionKind.APPROVED,
        DecisionKind.APPROVED_WITH_NOTES,
        DecisionKind.REVISION_NEEDED,
    ),
}
"""What each of these gates can be decided as."""

CONTENT_NAMES = {
    Checkpoint.STORY: "the story",
    Checkpoint.SPEC: "the spec",
    Checkpoint.FINAL: "the final cut",
}
"""What is judged there, within a sentence."""

_DONE = {
    DecisionKind.APPROVED: "approved it",
    DecisionKind.APPROVED_WITH_NOTES: "approved it with notes",
    DecisionKind.NEEDS_CLARIFICATION: "asked for a clarification",
    DecisionKind.REVISION_NEEDED: "asked for a revision",
}
_NOTHING_YET = {
    Checkpoint.STORY: "There is no story yet.",
    Checkpoint.SPEC: "There is no spec yet.",
    Checkpoint.FINAL: "There are no segments yet.",
}
_WITHOUT_NOTE = DecisionKind.APPROVED


@dataclass(frozen=True, slots=True)
class CheckpointDecision:
    """One person's verdict on one exact story, spec or cut.

    Attributes:
        seq: Grows with every record; the order in which decisions count.
        sha256: Digest of the content that was judged; "" when that was not recorded.
        undoes: The ``seq`` of the decision that this record takes back, or None.
    """

    seq: int
    stream_id: str
    checkpoint: Checkpoint
    decision: DecisionKind
    sha256: str
    note: str
    actor: str
    decided_at: datetime
    undoes: int | None = None


def content_gate(
    checkpoint: Checkpoint,
    sha256: str | None,
    records: Iterable[CheckpointDecision],
    *,
    needed: int = 1,
    blocked: str = "",
) -> GateStatus:
    """Judge the story, spec or final gate: a decision counts only while the content is what was judged.

    Args:
        sha256: Digest of the content now; None when there is nothing to judge.
        records: The gate's decisions, undo records included, in any order.
        needed: How many people have to approve.
        blocked: Why its turn has not come, in words; "" when it has. A decision that was made all the same
            counts.
    """
    if sha256 is None:
        return GateStatus(checkpoint, GateState.MISSING, 0, needed, _NOTHING_YET[checkpoint])
    made = standing_decisions(records)
    verdict = judge(made, sha256, needed)
    approvals = min(len(verdict.approvers), needed)
    if verdict.decision is None:
        state = GateState.MISSING if blocked else GateState.WAITING
        reason = blocked or _why_undecided(checkpoint, made)
    else:
        state = _state(verdict)
        reason = _why_so(verdict, verdict.decision)
    return GateStatus(checkpoint, state, approvals, needed, reason, sha256)


def final_blocked(keyframes: GateStatus, videos: GateStatus) -> str:
    """Say why the final cut's turn has not come; "" once keyframes and videos are approved."""
    open_gates = [gate for gate in (keyframes, videos) if gate.state is not GateState.APPROVED]
    return " ".join(gate.reason for gate in open_gates)


def may_decide(
    checkpoint: Checkpoint, sha256: str | None, *, blocked: str = "", override: bool
) -> str | None:
    """Say why a gate cannot be decided now; None when it can.

    Args:
        sha256: Digest of the content now; None when there is nothing to judge.
        blocked: As for ``content_gate``.
        override: The person decides although its turn has not come, and wants that recorded.
    """
    if checkpoint not in OUTCOMES:
        return f"The {checkpoint.value} are decided one by one, not as a whole."
    if sha256 is None:
        return f"{_NOTHING_YET[checkpoint]} So there is nothing to decide on."
    if blocked and not override:
        return f"{blocked} So the final cut cannot be decided yet, unless you override that."
    return None


def check_checkpoint_decision(checkpoint: Checkpoint, decision: DecisionKind, note: str) -> None:
    """Refuse an outcome that the gate does not have, or a note that is missing or too long.

    Raises:
        InputError: One of these.
    """
    outcomes = OUTCOMES.get(checkpoint, ())
    if decision not in outcomes:
        known = ", ".join(outcomes) or "nothing as a whole"
        raise InputError(f"{checkpoint.value.title()} cannot be decided as “{decision}”. It takes: {known}.")
    if decision is not _WITHOUT_NOTE and not note.strip():
        raise InputError(f"“{decision.value.replace('_', ' ')}” needs a note that says why.")
    check_note_length(note)


def _state(verdict: Verdict[CheckpointDecision]) -> GateState:
    if verdict.is_approved:
        return GateState.APPROVED
    return GateState.CHANGES if verdict.is_sent_back else GateState.WAITING


def _why_so(verdict: Verdict[CheckpointDecision], newest: CheckpointDecision) -> str:
    said = f"{_who_did(newest)}{f': {newest.note.strip()}' if newest.note.strip() else '.'}"
    if verdict.needed == 1 or not is_approval(newest.decision):
        return said
    given = min(len(verdict.approvers), verdict.needed)
    return f"{given} of {verdict.needed} approvals. {said}"


def _why_undecided(checkpoint: Checkpoint, made: list[CheckpointDecision]) -> str:
    name = CONTENT_NAMES[checkpoint]
    if not made:
        return f"Nobody has decided on {name} yet."
    last = made[-1]
    if not last.sha256:
        return f"{_who_did(last)}, but what exactly was judged was not recorded. Look at {name} again."
    return f"{name.capitalize()} has changed since {_who_did(last)}."


def _who_did(decision: CheckpointDecision) -> str:
    day = decision.decided_at
    return f"{decision.actor} {_DONE.get(decision.decision, 'decided')} on {day.day} {day:%b %Y}"
