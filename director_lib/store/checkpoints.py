"""Decisions at the story, spec and final gates: append-only rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.gate_rules import CheckpointDecision
from director_lib.domain.review import DecisionKind
from director_lib.errors import NotFoundError
from director_lib.store.tables import checkpoints


@dataclass(frozen=True, slots=True)
class NewCheckpointRecord:
    """A gate about to be entered (``decision`` None) or decided.

    Attributes:
        content_sha256: Digest of the story, spec or cut that was judged.
    """

    checkpoint: Checkpoint
    decision: DecisionKind | None
    actor: str
    happened_at: datetime
    content_sha256: str = ""
    note: str = ""


_COLUMNS = (
    checkpoints.c.seq,
    checkpoints.c.stream_id,
    checkpoints.c.checkpoint,
    checkpoints.c.decision,
    checkpoints.c.content_sha256,
    checkpoints.c.note,
    checkpoints.c.actor,
    checkpoints.c.happened_at,
    checkpoints.c.undoes,
)


def add_checkpoint_record(connection: sa.Connection, stream_id: str, new: NewCheckpointRecord) -> int:
    """Append that a gate was entered or decided.

    Returns:
        The record's ``seq``.
    """
    values = {
        "stream_id": stream_id,
        "checkpoint": new.checkpoint.value,
        "decision": new.decision.value if new.decision else None,
        "content_sha256": new.content_sha256,
        "note": new.note,
        "actor": new.actor,
        "happened_at": new.happened_at,
    }
    return _insert(connection, values)


def take_back_checkpoint_decision(
    connection: sa.Connection, seq: int, actor: str, undone_at: datetime
) -> CheckpointDecision:
    """Append the record that takes a decision back; the decision itself stays.

    Raises:
        NotFoundError: There is no such decision.
    """
    undone = get_checkpoint_decision(connection, seq)
    values = {
        "stream_id": undone.stream_id,
        "checkpoint": undone.checkpoint.value,
        "decision": undone.decision.value,
        "content_sha256": undone.sha256,
        "note": "",
        "actor": actor,
        "happened_at": undone_at,
        "undoes": seq,
    }
    return get_checkpoint_decision(connection, _insert(connection, values))


def get_checkpoint_decision(connection: sa.Connection, seq: int) -> CheckpointDecision:
    """Return one decision, or the record that takes one back.

    Raises:
        NotFoundError: There is no such decision.
    """
    query = sa.select(*_COLUMNS).where(checkpoints.c.seq == seq, checkpoints.c.decision.is_not(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("checkpoint decision", seq)
    return _decision(row)


def list_checkpoint_decisions(connection: sa.Connection, stream_id: str) -> list[CheckpointDecision]:
    """Read every decision on a stream's gates, undo records included, oldest first."""
    query = (
        sa.select(*_COLUMNS)
        .where(checkpoints.c.stream_id == stream_id, checkpoints.c.decision.is_not(None))
        .order_by(checkpoints.c.seq)
    )
    return [_decision(row) for row in connection.execute(query)]


def _insert(connection: sa.Connection, values: Mapping[str, object]) -> int:
    key = connection.execute(checkpoints.insert().values(values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _decision(row: Sequence[Any]) -> CheckpointDecision:
    seq, stream_id, checkpoint, decision, sha256, note, actor, decided_at, undoes = row
    return CheckpointDecision(
        seq,
        stream_id,
        Checkpoint(checkpoint),
        DecisionKind(decision),
        sha256,
        note,
        actor,
        decided_at,
        undoes,
    )
