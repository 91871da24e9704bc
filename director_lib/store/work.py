"""Read models of the work as a whole, for whoever keeps the studio running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import TaskState
from director_lib.store.tables import attempts, tasks

_BROKEN = (TaskState.FAILED.value, TaskState.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class RunningTask:
    """A task that runs.

    Attributes:
        since: When its latest attempt began; a task that starts over after an interruption begins anew.
    """

    task_id: str
    engine: str
    phase: str
    percent: float
    since: datetime


def count_by_engine_and_state(connection: sa.Connection) -> dict[tuple[str, TaskState], int]:
    """Count tasks by engine and state; every state is present for each engine that ever had a task."""
    counted = sa.select(tasks.c.engine, tasks.c.state, sa.func.count()).group_by(
        tasks.c.engine, tasks.c.state
    )
    found = {(row[0], TaskState(row[1])): int(row[2]) for row in connection.execute(counted)}
    engines = sorted({engine for engine, _ in found})
    return {(engine, state): found.get((engine, state), 0) for engine in engines for state in TaskState}


def count_failures_since(connection: sa.Connection, since: datetime) -> dict[str, int]:
    """Count by engine the tasks that failed, or ended nobody knows how, from an instant on."""
    ended_so = sa.and_(tasks.c.state.in_(_BROKEN), tasks.c.ended_at >= since)
    query = sa.select(tasks.c.engine, sa.func.count()).where(ended_so).group_by(tasks.c.engine)
    return {engine: int(count) for engine, count in connection.execute(query)}


def find_oldest_waiting(connection: sa.Connection) -> datetime | None:
    """Find when the task that waits longest was queued; None when none waits."""
    waiting = tasks.c.state == TaskState.QUEUED.value
    found: datetime | None = connection.scalar(sa.select(sa.func.min(tasks.c.queued_at)).where(waiting))
    return found


def list_running(connection: sa.Connection) -> list[RunningTask]:
    """Read the tasks that run, the one that runs longest first."""
    latest = sa.select(sa.func.max(attempts.c.started_at)).where(attempts.c.task_id == tasks.c.id)
    began = sa.func.coalesce(latest.scalar_subquery(), tasks.c.started_at, tasks.c.queued_at)
    query = sa.select(tasks.c.id, tasks.c.engine, tasks.c.phase, tasks.c.percent, began)
    running = query.where(tasks.c.state == TaskState.RUNNING.value)
    return sorted((RunningTask(*row) for row in connection.execute(running)), key=lambda one: one.since)
