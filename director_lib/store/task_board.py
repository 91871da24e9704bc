"""Read models of the tasks page: what runs, what needs somebody, what has ended, and how many of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import OPEN_STATES, Task, TaskState
from director_lib.store.settlements import is_settled
from director_lib.store.tables import assets, attempts, tasks
from director_lib.store.tasks import read_task

_OPEN = tuple(state.value for state in OPEN_STATES)
_BROKEN = (TaskState.FAILED.value, TaskState.UNKNOWN.value)
_ENDED = tuple(
    state.value for state in (TaskState.SUCCEEDED, TaskState.CANCELLED, TaskState.FAILED, TaskState.UNKNOWN)
)


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How many tasks there are, however few of them are shown.

    Attributes:
        broken: Those that somebody has to look at; see ``needs_somebody``.
    """

    running: int = 0
    queued: int = 0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class QueuedOfStream:
    """What waits of one stream."""

    stream_id: str
    count: int
    price_usd: float


def needs_somebody() -> sa.ColumnElement[bool]:
    """Return the condition on ``tasks`` that a task ended badly and nothing made up for it since.

    It failed or its outcome is unknown, and nothing was asked for in its place later. An unknown outcome that
    nobody has settled counts in any case: somebody may have been charged.
    """
    later = tasks.alias()
    replaced = sa.exists().where(later.c.asset_id == tasks.c.asset_id, later.c.seq > tasks.c.seq)
    unsettled = sa.and_(tasks.c.state == TaskState.UNKNOWN.value, ~is_settled())
    return sa.and_(tasks.c.state.in_(_BROKEN), sa.or_(~replaced, unsettled))


def count_board(connection: sa.Connection) -> BoardCounts:
    """Count the tasks that run, wait or need somebody."""
    counted = (
        sa.select(tasks.c.state, sa.func.count()).where(tasks.c.state.in_(_OPEN)).group_by(tasks.c.state)
    )
    by_state: dict[str, int] = {state: int(number) for state, number in connection.execute(counted)}
    broken = connection.scalar(sa.select(sa.func.count()).select_from(tasks).where(needs_somebody()))
    return BoardCounts(
        running=by_state.get(TaskState.RUNNING.value, 0),
        queued=by_state.get(TaskState.QUEUED.value, 0),
        broken=int(broken or 0),
    )


def count_closed(connection: sa.Connection) -> int:
    """Count the tasks that have ended, those that need somebody among them."""
    closed = sa.select(sa.func.count()).select_from(tasks).where(tasks.c.state.in_(_ENDED))
    return int(connection.scalar(closed) or 0)


def list_running_tasks(connection: sa.Connection, limit: int) -> list[Task]:
    """Read the tasks that run, the one that runs longest first, at most ``limit``."""
    query = sa.select(tasks).where(tasks.c.state == TaskState.RUNNING.value)
    return _read(connection, query.order_by(tasks.c.started_at, tasks.c.seq).limit(limit))


def list_broken_tasks(connection: sa.Connection, limit: int) -> list[Task]:
    """Read the tasks that need somebody, the newest first, at most ``limit``."""
    query = sa.select(tasks).where(needs_somebody()).order_by(tasks.c.ended_at.desc(), tasks.c.seq.desc())
    return _read(connection, query.limit(limit))


def list_ended_tasks(connection: sa.Connection, limit: int) -> list[Task]:
    """Read the tasks that have ended and need nobody, the newest first, at most ``limit``."""
    found = []
    # state by state, each along its index: a studio's history is long, and a page asks again and again
    for state in _ENDED:
        query = sa.select(tasks).where(tasks.c.state == state, tasks.c.ended_at.is_not(None))
        if state in _BROKEN:
            query = query.where(~needs_somebody())
        found += _read(connection, query.order_by(tasks.c.ended_at.desc()).limit(limit))
    return sorted(found, key=_ended_at, reverse=True)[:limit]


def settled_among(connection: sa.Connection, task_ids: Collection[str]) -> set[str]:
    """Tell which of these tasks had an unknown outcome that somebody has settled."""
    query = sa.select(tasks.c.id).where(tasks.c.id.in_(task_ids), is_settled())
    return set(connection.scalars(query)) if task_ids else set()


def list_unmade(connection: sa.Connection, task_ids: Collection[str]) -> frozenset[str]:
    """Tell which of these tasks have not succeeded."""
    unmade = tasks.c.state != TaskState.SUCCEEDED.value
    query = sa.select(tasks.c.id).where(tasks.c.id.in_(task_ids), unmade)
    return frozenset(connection.scalars(query)) if task_ids else frozenset()


def promised_usd(connection: sa.Connection) -> float:
    """Sum what the open tasks that were not tried yet may cost, in all streams."""
    open_usd = sa.select(sa.func.sum(tasks.c.price_usd)).where(
        tasks.c.state.in_(_OPEN), tasks.c.price_usd > 0
    )
    # a worker raises the fence when it takes a task: of those at zero none was tried, and none is looked for
    tried = sa.exists().where(attempts.c.task_id == tasks.c.id)
    parts = (open_usd.where(tasks.c.fence == 0), open_usd.where(tasks.c.fence > 0, ~tried))
    return sum(float(connection.scalar(part) or 0.0) for part in parts)


def queued_by_stream(connection: sa.Connection) -> list[QueuedOfStream]:
    """Count what waits of each stream; the stream that most waits of first."""
    number = sa.func.count()
    query = (
        sa.select(assets.c.stream_id, number, sa.func.sum(tasks.c.price_usd))
        .join_from(tasks, assets, assets.c.id == tasks.c.asset_id)
        .where(tasks.c.state == TaskState.QUEUED.value)
        .group_by(assets.c.stream_id)
    )
    found = [QueuedOfStream(row[0], int(row[1]), float(row[2] or 0.0)) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (-one.count, one.stream_id))


def _read(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> list[Task]:
    return [read_task(row) for row in connection.execute(query)]


def _ended_at(task: Task) -> tuple[datetime, str]:
    assert task.ended_at is not None, "the query asks for tasks that have ended"
    return task.ended_at, task.id
