"""Decisions at the story, spec and final gates: append-only rows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.store.tables import checkpoints


def add_checkpoint_decision(
    connection: sa.Connection,
    stream_id: str,
    checkpoint: Checkpoint,
    decision: DecisionKind | None,
    *,
    actor: str,
    happened_at: datetime,
) -> None:
    """Append that a gate was entered (``decision`` None) or decided."""
    connection.execute(
        checkpoints.insert().values(
            stream_id=stream_id,
            checkpoint=checkpoint.value,
            decision=decision.value if decision else None,
            actor=actor,
            happened_at=happened_at,
        )
    )


def latest_checkpoint_decisions(connection: sa.Connection, stream_id: str) -> dict[Checkpoint, DecisionKind]:
    """Read each gate's newest decision; gates that were never decided are absent."""
    query = (
        sa.select(checkpoints)
        .where(checkpoints.c.stream_id == stream_id, checkpoints.c.decision.is_not(None))
        .order_by(checkpoints.c.seq)
    )
    return {Checkpoint(row.checkpoint): DecisionKind(row.decision) for row in connection.execute(query)}
