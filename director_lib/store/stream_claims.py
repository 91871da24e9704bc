"""Who carries a stream's task out: claiming the next one, taking over, and fencing off the late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import TaskState
from director_lib.errors import SupersededError
from director_lib.store.claims import WHOLE_QUEUE, Claim
from director_lib.store.queue_tables import pauses
from director_lib.store.stream_tasks import get_stream_task
from director_lib.store.tables import stream_tasks

_QUEUED, _RUNNING = TaskState.QUEUED.value, TaskState.RUNNING.value


def find_claimable_stream_task(connection: sa.Connection) -> str | None:
    """Find the task to begin with now: the oldest that a dead worker left, else the oldest that waits.

    A task waits while another one of its stream runs, and while the whole queue is paused; what has begun
    goes on even then. None when there is nothing to do.
    """
    held = stream_tasks.alias()
    busy = sa.exists().where(
        held.c.stream_id == stream_tasks.c.stream_id,
        held.c.state == _RUNNING,
        held.c.id != stream_tasks.c.id,
    )
    oldest = sa.select(stream_tasks.c.id).order_by(stream_tasks.c.seq).limit(1)
    half_done = connection.scalar(oldest.where(_is_abandoned()))
    if half_done is not None or _is_paused(connection):
        return half_done
    return connection.scalar(oldest.where(stream_tasks.c.state == _QUEUED, ~busy))


def claim_stream_task(
    connection: sa.Connection, worker: str, task_id: str, now: datetime
) -> tuple[StreamTask, Claim]:
    """Take a task that ``find_claimable_stream_task`` found in this very transaction.

    Raises:
        NotFoundError: There is no such task.
    """
    was = get_stream_task(connection, task_id)
    again = was.state is TaskState.RUNNING
    values = {
        "state": _RUNNING,
        "worker": worker,
        "fence": stream_tasks.c.fence + 1,
        "phase": "starting again after an interruption" if again else "starting",
        "percent": 0.0,
        "started_at": was.started_at or now,
    }
    connection.execute(stream_tasks.update().where(stream_tasks.c.id == task_id).values(values))
    fence = connection.scalar(sa.select(stream_tasks.c.fence).where(stream_tasks.c.id == task_id))
    return get_stream_task(connection, task_id), Claim(task_id, int(fence or 0))


def holds_stream_task(connection: sa.Connection, claim: Claim) -> bool:
    """Tell whether the claim still stands: the task runs, and nobody has taken it over."""
    mine = sa.and_(
        stream_tasks.c.id == claim.task_id,
        stream_tasks.c.fence == claim.fence,
        stream_tasks.c.state == _RUNNING,
    )
    return bool(connection.scalar(sa.select(sa.func.count()).where(mine)))


def check_stream_claim(connection: sa.Connection, claim: Claim) -> None:
    """Refuse what somebody says whose claim stands no more.

    Raises:
        SupersededError: Another worker has taken the task over, or it is closed.
    """
    if not holds_stream_task(connection, claim):
        raise SupersededError(claim.task_id)


def list_stream_holders(connection: sa.Connection) -> set[str]:
    """Read the names of the workers that hold stream tasks, alive or not."""
    held = sa.and_(stream_tasks.c.state == _RUNNING, stream_tasks.c.worker.is_not(None))
    return set(connection.scalars(sa.select(stream_tasks.c.worker).distinct().where(held)))


def abandon_stream_tasks(connection: sa.Connection, worker: str) -> int:
    """Take a dead worker's stream tasks from it; returns how many. Any worker may go on with them."""
    held = sa.and_(stream_tasks.c.state == _RUNNING, stream_tasks.c.worker == worker)
    values = {"worker": None, "fence": stream_tasks.c.fence + 1}
    return int(connection.execute(stream_tasks.update().where(held).values(values)).rowcount)


def explain_waiting(connection: sa.Connection, tasks: Iterable[StreamTask]) -> dict[str, str]:
    """Say why queued tasks wait, by id, in words for a director."""
    why = "the queue is paused" if _is_paused(connection) else "waits for its turn"
    return {task.id: why for task in tasks if task.state is TaskState.QUEUED}


def _is_abandoned() -> sa.ColumnElement[bool]:
    return sa.and_(stream_tasks.c.state == _RUNNING, stream_tasks.c.worker.is_(None))


def _is_paused(connection: sa.Connection) -> bool:
    named = pauses.c.engine == WHOLE_QUEUE
    return bool(connection.scalar(sa.select(sa.func.count()).select_from(pauses).where(named)))
