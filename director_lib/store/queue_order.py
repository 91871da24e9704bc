"""The order in which queued tasks start: priority, then position, then who came first."""

from __future__ import annotations

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.errors import RuleError
from director_lib.store.tables import assets, tasks
from director_lib.store.tasks import get_task, read_task

IN_ORDER = (tasks.c.priority, tasks.c.position, tasks.c.seq)
"""What queued tasks are sorted by, the one that starts first in front."""
_QUEUED = tasks.c.state == TaskState.QUEUED.value
_STANDS = {
    TaskState.RUNNING: "runs already",
    TaskState.SUCCEEDED: "has succeeded",
    TaskState.FAILED: "has failed",
    TaskState.CANCELLED: "was cancelled",
    TaskState.UNKNOWN: "has ended, and nobody knows how",
}


def list_queue(connection: sa.Connection, *, stream_id: str | None = None, limit: int = 200) -> list[Task]:
    """Read the queued tasks in the order in which they start, at most ``limit``; of one stream when given."""
    query = sa.select(tasks).where(_QUEUED).order_by(*IN_ORDER).limit(limit)
    if stream_id is not None:
        query = query.join(assets, assets.c.id == tasks.c.asset_id).where(assets.c.stream_id == stream_id)
    return [read_task(row) for row in connection.execute(query)]


def move_task(connection: sa.Connection, task_id: str, before_id: str | None) -> Task:
    """Put a queued task right before another one, or behind all others, in the caller's transaction.

    It takes the priority of the one it is put before (behind all: of the last one), so it also passes tasks
    of another priority. Every other task keeps its place.

    Raises:
        NotFoundError: There is no such task.
        RuleError: One of the two is not queued; nothing was moved.
    """
    _check_queued(connection, task_id)
    if before_id is not None:
        _check_queued(connection, before_id)
    if before_id != task_id:
        place = _find_place(connection, task_id, before_id)
        if place is None:
            # what is halved often enough has no middle any more
            _space_out(connection)
            place = _find_place(connection, task_id, before_id)
            assert place is not None, "tasks that stand one apart have room between them"
        priority, position = place
        moved = tasks.update().where(tasks.c.id == task_id)
        connection.execute(moved.values(priority=priority, position=position))
    return get_task(connection, task_id)


def _check_queued(connection: sa.Connection, task_id: str) -> None:
    task = get_task(connection, task_id)
    if task.state is not TaskState.QUEUED:
        raise RuleError(
            f"Task {task_id} {_STANDS[task.state]}, so it has no place in the queue. Nothing was moved."
        )


def _find_place(connection: sa.Connection, task_id: str, before_id: str | None) -> tuple[int, float] | None:
    """Find the priority and position of a place in the queue; None when there is no room for it."""
    others = sa.select(tasks.c.id, tasks.c.priority, tasks.c.position, tasks.c.seq)
    others = others.where(_QUEUED, tasks.c.id != task_id)
    last_first = others.order_by(*(column.desc() for column in IN_ORDER)).limit(1)
    if before_id is None:
        last = connection.execute(last_first).one_or_none()
        # what is queued later gets its seq as position, and has to come after it
        following = float((connection.scalar(sa.select(sa.func.max(tasks.c.seq))) or 0) + 1)
        if last is None:
            alone = get_task(connection, task_id)
            return alone.priority, alone.position
        return _between(last.priority, last.position, following)
    following_row = connection.execute(others.where(tasks.c.id == before_id)).one()
    passed = sa.tuple_(*IN_ORDER) < sa.tuple_(*following_row[1:])
    previous = connection.execute(last_first.where(passed)).one_or_none()
    priority, position = following_row.priority, following_row.position
    if previous is None or previous.priority != priority:
        return priority, position - 1
    return _between(priority, previous.position, position)


def _between(priority: int, lower: float, upper: float) -> tuple[int, float] | None:
    middle = (lower + upper) / 2
    return (priority, middle) if lower < middle < upper else None


def _space_out(connection: sa.Connection) -> None:
    """Let the queued tasks stand one apart, in their order, all before what is queued later."""
    ids = list(connection.scalars(sa.select(tasks.c.id).where(_QUEUED).order_by(*IN_ORDER)))
    newest = connection.scalar(sa.select(sa.func.max(tasks.c.seq))) or 0
    rows = [{"task": task_id, "place": float(newest - back)} for back, task_id in enumerate(reversed(ids))]
    change = tasks.update().where(tasks.c.id == sa.bindparam("task"))
    connection.execute(change.values(position=sa.bindparam("place")), rows)
