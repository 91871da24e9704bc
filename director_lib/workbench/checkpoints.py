"""Judging a stream's story, spec and final cut, and how many people have to approve on it."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint, GateState, GateStatus
from director_lib.domain.gate_rules import (
    CONTENT_NAMES,
    CheckpointDecision,
    check_checkpoint_decision,
    final_blocked,
    may_decide,
)
from director_lib.domain.people import Action
from director_lib.domain.review import DecisionKind, check_approvals_needed, standing_decisions
from director_lib.domain.stream import Stream
from director_lib.errors import RuleError, StaleWriteError
from director_lib.store.assets import ensure_stream
from director_lib.store.checkpoints import (
    NewCheckpointRecord,
    add_checkpoint_record,
    get_checkpoint_decision,
    list_checkpoint_decisions,
)
from director_lib.store.events import record_event
from director_lib.store.quorum import approvals_needed, set_approvals_needed
from director_lib.store.undo import UndoStep, push_step
from director_lib.workbench.gates import gates_of
from director_lib.workbench.standing import read_standing
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_WORDS = {
    DecisionKind.APPROVED: "approved",
    DecisionKind.APPROVED_WITH_NOTES: "approved with notes",
    DecisionKind.NEEDS_CLARIFICATION: "asked about",
    DecisionKind.REVISION_NEEDED: "sent back",
}


class Checkpoints:
    """Decisions on story, spec and final cut, each bound to exactly what was judged."""

    def __init__(self, studio: Studio, streams: Streams) -> None:
        self._studio = studio
        self._streams = streams

    def standing(self, stream_id: str) -> tuple[GateStatus, ...]:
        """Judge the five gates of a stream, in order, each with its reason in words."""
        stream = self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            return gates_of(stream, read_standing(connection, stream))

    def history(self, stream_id: str) -> list[CheckpointDecision]:
        """Read every decision on a stream's gates, undo records included, oldest first."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_checkpoint_decisions(connection, stream_id)

    def decide(
        self,
        stream_id: str,
        checkpoint: Checkpoint,
        decision: DecisionKind,
        note: str = "",
        *,
        expected_sha256: str | None,
        override: bool = False,
    ) -> CheckpointDecision:
        """Record one verdict on the story, the spec or the final cut.

        Args:
            expected_sha256: ``content_sha256`` of the gate as it was looked at.
            override: Decide on the final cut although keyframes or videos are not approved; it is recorded.

        Raises:
            InputError: The gate has no such outcome, or the note is missing or too long.
            RuleError: There is nothing to judge, or keyframes and videos come first.
            StaleWriteError: The content is another one by now.
        """
        self._studio.require(Action.DECIDE)
        check_checkpoint_decision(checkpoint, decision, note)
        stream = self._streams.get(stream_id)
        with self._studio.database.write() as connection:
            overrides = check_content(connection, stream, checkpoint, expected_sha256, override=override)
            now, actor = self._studio.clock(), self._studio.actor.username
            new = NewCheckpointRecord(checkpoint, decision, actor, now, expected_sha256 or "", note.strip())
            made = record_checkpoint_decision(connection, stream_id, new, overrides)
            label = f"{_WORDS[decision]} {CONTENT_NAMES[checkpoint]}"
            push_step(connection, actor, UndoStep(0, stream_id, label, checkpoint_seqs=[made.seq]), now)
        return made

    def approvals_needed(self, stream_id: str) -> int:
        """Return how many people have to approve on a stream: 1 unless somebody asked for more."""
        self._streams.get(stream_id)
        with self._studio.database.read() as connection:
            return approvals_needed(connection, stream_id)

    def set_approvals_needed(self, stream_id: str, needed: int) -> int:
        """Say how many people have to approve on a stream; it counts at once, for earlier decisions too.

        Returns:
            How many it were before.

        Raises:
            InputError: The number is not between 1 and 20.
        """
        self._studio.require(Action.SET_QUORUM)
        check_approvals_needed(needed)
        self._streams.get(stream_id)
        now, actor = self._studio.clock(), self._studio.actor.username
        with self._studio.database.write() as connection:
            before = approvals_needed(connection, stream_id)
            if before != needed:
                set_approvals_needed(connection, stream_id, needed, now=now)
                details = {"before": before, "after": needed}
                place = (stream_id, None, None)
                record_event(connection, "changed_quorum", actor, now, place=place, details=details)
        return before


def check_content(
    connection: sa.Connection,
    stream: Stream,
    checkpoint: Checkpoint,
    expected_sha256: str | None,
    *,
    override: bool,
) -> list[str]:
    """Refuse to decide on other content than was looked at, or before its turn.

    Returns:
        The gates that are passed over: empty unless ``override`` was needed.

    Raises:
        RuleError: There is nothing to judge, or other gates come first.
        StaleWriteError: The content is another one by now.
    """
    gates = {gate.checkpoint: gate for gate in gates_of(stream, read_standing(connection, stream))}
    before = (gates[Checkpoint.KEYFRAMES], gates[Checkpoint.VIDEOS])
    is_final = checkpoint is Checkpoint.FINAL
    gate = gates[checkpoint]
    blocked = final_blocked(*before) if is_final else ""
    refusal = may_decide(checkpoint, gate.content_sha256, blocked=blocked, override=override)
    if refusal is not None:
        raise RuleError(refusal)
    if gate.content_sha256 != expected_sha256:
        name = CONTENT_NAMES[checkpoint].capitalize()
        raise StaleWriteError(name, "it is not what you looked at any more.")
    return [each.checkpoint.value for each in before if is_final and each.state is not GateState.APPROVED]


def record_checkpoint_decision(
    connection: sa.Connection, stream_id: str, new: NewCheckpointRecord, overrides: list[str]
) -> CheckpointDecision:
    """Append a decision and its event in the caller's transaction."""
    ensure_stream(connection, stream_id, now=new.happened_at)
    earlier = [
        made
        for made in standing_decisions(list_checkpoint_decisions(connection, stream_id))
        if made.checkpoint is new.checkpoint
    ]
    made = get_checkpoint_decision(connection, add_checkpoint_record(connection, stream_id, new))
    details = {
        "checkpoint": made.checkpoint.value,
        "checkpoint_seq": made.seq,
        "decision": made.decision.value,
        "note": made.note,
        "before_sha256": earlier[-1].sha256 if earlier else None,
        "after_sha256": made.sha256,
        "overrides": overrides,
    }
    place = (stream_id, None, None)
    record_event(connection, "decided_checkpoint", made.actor, made.decided_at, place=place, details=details)
    return made
