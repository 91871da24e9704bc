"""Who carries a task out: claiming what may start, handing back, taking over, and fencing off the late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.errors import SupersededError
from director_lib.store.count_keeping import touch_task
from director_lib.store.queue_tables import attempts, pauses, tasks
from director_lib.store.tasks import get_task, read_task, start
from director_lib.store.text import storable

WHOLE_QUEUE = ""
"""The name under which all engines are paused at once."""

_QUEUED, _RUNNING = TaskState.QUEUED.value, TaskState.RUNNING.value
_ENDED_BADLY = [TaskState.FAILED.value, TaskState.CANCELLED.value, TaskState.UNKNOWN.value]
_LONGEST_WAIT = timedelta(hours=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry a task out, until somebody takes it over.

    Attributes:
        fence: Grows each time a task changes hands; what an earlier holder writes is refused.
    """

    task_id: str
    fence: int


def count_running(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """Count the tasks that workers carry out, by engine and worker; pairs with none are absent."""
    held = sa.and_(tasks.c.state == _RUNNING, tasks.c.worker.is_not(None))
    query = sa.select(tasks.c.engine, tasks.c.worker, sa.func.count()).where(held)
    found = connection.execute(query.group_by(tasks.c.engine, tasks.c.worker))
    return {(engine, worker): int(count) for engine, worker, count in found}


def count_starts(connection: sa.Connection, engine: str, now: datetime) -> int:
    """Count the attempts that began in the last minute; those of a clock that was set back do not count."""
    lately = attempts.c.started_at.between(now - _MINUTE, now)
    query = sa.select(sa.func.count()).where(attempts.c.engine == engine, lately)
    return int(connection.scalar(query) or 0)


def list_open_engines(connection: sa.Connection) -> set[str]:
    """Read the names of the engines of all open tasks: what runs may have to wait again."""
    is_open = tasks.c.state.in_((_QUEUED, _RUNNING))
    return set(connection.scalars(sa.select(tasks.c.engine).distinct().where(is_open)))


def find_claimable(
    connection: sa.Connection, engine: str, now: datetime, *, at_most: int
) -> list[tuple[str, int]]:
    """Find what a worker may begin with now, in the order of the queue, at most ``at_most``.

    What a dead worker left half-done comes first, even while the queue is paused: it has begun. A task waits
    for the one it comes after, for its time, and while its engine or the whole queue is paused.

    Returns:
        Ids and fences.
    """
    columns = sa.select(tasks.c.id, tasks.c.fence)
    half_done = columns.where(_is_abandoned(), tasks.c.engine == engine).order_by(tasks.c.seq).limit(at_most)
    found = [(row[0], row[1]) for row in connection.execute(half_done)]
    if len(found) == at_most or _is_paused(connection, engine):
        return found
    order = (tasks.c.priority, tasks.c.position, tasks.c.seq)
    may_start = columns.where(tasks.c.state == _QUEUED, tasks.c.engine == engine, *_conditions(now))
    rows = connection.execute(may_start.order_by(*order).limit(at_most - len(found)))
    return found + [(row[0], row[1]) for row in rows]


def claim(
    connection: sa.Connection, worker: str, found: tuple[str, int], now: datetime
) -> tuple[Task, Claim]:
    """Take a task that ``find_claimable`` found in this very transaction.

    A clip that waited for its keyframe's task is made from the version that came of it.

    Raises:
        NotFoundError: There is no such task.
    """
    task_id, fence = found
    task = start(connection, task_id, now)
    values: dict[str, Any] = {"worker": worker, "fence": fence + 1, "not_before_at": None}
    if task.after_task_id is not None and task.request.source_version_id is None:
        keyframe_id = get_task(connection, task.after_task_id).version_id
        asked = connection.scalar(sa.select(tasks.c.request).where(tasks.c.id == task_id))
        values["request"] = {**asked, "source_version_id": keyframe_id} if asked else asked
    _set(connection, task_id, values)
    return get_task(connection, task_id), Claim(task_id, fence + 1)


def holds(connection: sa.Connection, claim: Claim) -> bool:
    """Tell whether the claim still stands: the task runs, and nobody has taken it over."""
    mine = sa.and_(tasks.c.id == claim.task_id, tasks.c.fence == claim.fence, tasks.c.state == _RUNNING)
    return bool(connection.scalar(sa.select(sa.func.count()).where(mine)))


def check_claim(connection: sa.Connection, claim: Claim | None) -> None:
    """Refuse what somebody says whose claim stands no more; None is always good.

    Raises:
        SupersededError: Another worker has taken the task over, or it is closed.
    """
    if claim is not None and not holds(connection, claim):
        raise SupersededError(claim.task_id)


def list_claims(connection: sa.Connection, worker: str) -> list[Claim]:
    """Read what a worker holds, in the order in which it was queued."""
    held = sa.and_(tasks.c.state == _RUNNING, tasks.c.worker == worker)
    query = sa.select(tasks.c.id, tasks.c.fence).where(held).order_by(tasks.c.seq)
    return [Claim(*row) for row in connection.execute(query)]


def put_back(connection: sa.Connection, task_id: str, phase: str, not_before_at: datetime | None) -> None:
    """Let a running task wait again, at its old place, until its time has come."""
    running = sa.and_(tasks.c.id == task_id, tasks.c.state == _RUNNING)
    values: dict[str, Any] = {"state": _QUEUED, "worker": None, "phase": storable(phase), "percent": 0.0}
    values |= {"not_before_at": not_before_at, "fence": tasks.c.fence + 1}
    touch_task(connection, task_id)
    connection.execute(tasks.update().where(running).values(values))


def list_holders(connection: sa.Connection) -> set[str]:
    """Read the names of the workers that hold tasks, alive or not."""
    held = sa.and_(tasks.c.state == _RUNNING, tasks.c.worker.is_not(None))
    return set(connection.scalars(sa.select(tasks.c.worker).distinct().where(held)))


def abandon(connection: sa.Connection, worker: str) -> int:
    """Take a dead worker's tasks from it; returns how many. They run on, and any worker may claim them."""
    held = sa.and_(tasks.c.state == _RUNNING, tasks.c.worker == worker)
    values = {"worker": None, "fence": tasks.c.fence + 1}
    return int(connection.execute(tasks.update().where(held).values(values)).rowcount)


def list_orphaned_dependents(connection: sa.Connection) -> list[tuple[Task, Task]]:
    """Read the queued tasks that can never start, each with the task it waits for, which did not succeed."""
    first = tasks.alias()
    query = (
        sa.select(tasks.c.id, first.c.id)
        .join(first, first.c.id == tasks.c.after_task_id)
        .where(tasks.c.state == _QUEUED, first.c.state.in_(_ENDED_BADLY))
        .order_by(tasks.c.seq)
    )
    pairs = connection.execute(query).all()
    return [(get_task(connection, waiting), get_task(connection, ended)) for waiting, ended in pairs]


def list_new_engines(connection: sa.Connection, seq: int) -> tuple[int, set[str]]:
    """Read the newest task's number, and the engines of those queued after the one with ``seq``."""
    newest = int(connection.scalar(sa.select(sa.func.max(tasks.c.seq))) or 0)
    if newest <= seq:
        return newest, set()
    query = sa.select(tasks.c.engine).distinct().where(tasks.c.seq > seq)
    return newest, set(connection.scalars(query))


def list_running_of(connection: sa.Connection, worker: str) -> list[Task]:
    """Read the tasks that a worker holds, in the order in which they were queued."""
    held = sa.and_(tasks.c.state == _RUNNING, tasks.c.worker == worker)
    return [read_task(row) for row in connection.execute(sa.select(tasks).where(held).order_by(tasks.c.seq))]


def _conditions(now: datetime) -> list[sa.ColumnElement[bool]]:
    first = tasks.alias()
    succeeded = sa.exists().where(
        first.c.id == tasks.c.after_task_id, first.c.state == TaskState.SUCCEEDED.value
    )
    due = sa.or_(
        tasks.c.not_before_at.is_(None),
        tasks.c.not_before_at <= now,
        # nothing is put off for so long: the clock was set back since
        tasks.c.not_before_at > now + _LONGEST_WAIT,
    )
    return [sa.or_(tasks.c.after_task_id.is_(None), succeeded), due]


def _is_abandoned() -> sa.ColumnElement[bool]:
    return sa.and_(tasks.c.state == _RUNNING, tasks.c.worker.is_(None))


def _is_paused(connection: sa.Connection, engine: str) -> bool:
    named = pauses.c.engine.in_((WHOLE_QUEUE, engine))
    return bool(connection.scalar(sa.select(sa.func.count()).select_from(pauses).where(named)))


def _set(connection: sa.Connection, task_id: str, values: dict[str, Any]) -> None:
    connection.execute(tasks.update().where(tasks.c.id == task_id).values(values))
