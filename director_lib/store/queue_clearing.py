"""Cancelling all that waits of a stream, at once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.store.count_keeping import touch_task
from director_lib.store.queue_order import IN_ORDER
from director_lib.store.tables import assets, tasks
from director_lib.store.tasks import read_task


def cancel_queued_of(connection: sa.Connection, stream_id: str, at: datetime, phase: str) -> list[Task]:
    """Cancel the queued tasks of a stream in the caller's transaction; what runs goes on.

    Returns:
        The tasks as they were, in start order.
    """
    of_stream = tasks.c.asset_id.in_(sa.select(assets.c.id).where(assets.c.stream_id == stream_id))
    waiting = sa.and_(tasks.c.state == TaskState.QUEUED.value, of_stream)
    found = [
        read_task(row) for row in connection.execute(sa.select(tasks).where(waiting).order_by(*IN_ORDER))
    ]
    for task in found:
        touch_task(connection, task.id)
    values = {"state": TaskState.CANCELLED.value, "phase": phase, "ended_at": at}
    connection.execute(tasks.update().where(waiting).values(values))
    return found
