"""Paid calls that nobody knows the end of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.store.settlements import is_open_question
from director_lib.store.tables import assets, attempts, tasks
from director_lib.store.tasks import read_task


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A task whose outcome is unknown, and the attempt that may have been made and charged.

    Attributes:
        tag: The attempt's own name, also at the provider where it can be told.
        remote_id: The provider's job; None when its id was lost or there never was one.
    """

    task: Task
    tag: str
    engine: str
    model: str | None
    remote_id: str | None
    estimated_usd: float
    started_at: datetime


def list_open_questions(
    connection: sa.Connection, *, task_id: str | None = None, stream_id: str | None = None
) -> list[OpenQuestion]:
    """Read the unknown outcomes that nobody has settled, oldest first; of one task or stream when given."""
    query = (
        sa.select(
            tasks,
            attempts.c.tag,
            attempts.c.model,
            attempts.c.remote_id,
            attempts.c.estimated_usd,
            attempts.c.started_at.label("tried_at"),
        )
        .join(attempts, attempts.c.task_id == tasks.c.id)
        .where(tasks.c.state == TaskState.UNKNOWN.value, is_open_question())
        .order_by(attempts.c.id)
    )
    if task_id is not None:
        query = query.where(tasks.c.id == task_id)
    if stream_id is not None:
        query = query.join(assets, assets.c.id == tasks.c.asset_id).where(assets.c.stream_id == stream_id)
    return [
        OpenQuestion(
            task=read_task(row),
            tag=row.tag,
            engine=row.engine,
            model=row.model,
            remote_id=row.remote_id,
            estimated_usd=row.estimated_usd,
            started_at=row.tried_at,
        )
        for row in connection.execute(query)
    ]
