"""Tasks: their moves, and the receipts of their attempts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import OPEN_STATES, GenerationRequest, Task, TaskState, check_move
from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError
from director_lib.store.count_keeping import touch_task
from director_lib.store.job_receipts import job_costs_by_stream, job_promises_by_stream
from director_lib.store.queue_tables import MAY_BE_SHOWN
from director_lib.store.settlements import is_settled
from director_lib.store.spend import is_promised
from director_lib.store.tables import assets, attempts, tasks, versions
from director_lib.store.text import storable

_OPEN = [state.value for state in OPEN_STATES]
_BROKEN = [TaskState.FAILED.value, TaskState.UNKNOWN.value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended."""

    state: TaskState
    ended_at: datetime
    version_id: int | None = None
    error_code: str | None = None
    error_message: str | None = None
    phase: str = ""


def get_task(connection: sa.Connection, task_id: str) -> Task:
    """Return one task.

    Raises:
        NotFoundError: There is no such task.
    """
    task = find_task(connection, task_id)
    if task is None:
        raise NotFoundError("task", task_id)
    return task


def find_task(connection: sa.Connection, task_id: str) -> Task | None:
    """Find one task; None when there is none with that id."""
    row = connection.execute(sa.select(tasks).where(tasks.c.id == task_id)).one_or_none()
    return None if row is None else read_task(row)


def list_tasks(
    connection: sa.Connection,
    *,
    stream_id: str | None = None,
    states: Collection[TaskState] | None = None,
    limit: int = 200,
) -> list[Task]:
    """Read tasks, newest first, at most ``limit``; of one stream and in given states when asked for."""
    query = sa.select(tasks).order_by(tasks.c.seq.desc()).limit(limit)
    if stream_id is not None:
        query = query.join(assets, assets.c.id == tasks.c.asset_id).where(assets.c.stream_id == stream_id)
    if states is not None:
        query = query.where(tasks.c.state.in_([state.value for state in states]))
    return [read_task(row) for row in connection.execute(query)]


def open_tasks_by_asset(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], Task]:
    """Read the task that a page shows at each asset.

    That is the running one, else the queued one that comes first, else the latest task when it failed after
    the current version was made; an unknown outcome that nobody settled counts as a failure. Assets with none
    of these are absent.
    """
    of_asset = tasks.alias()
    latest = (
        sa.select(sa.func.max(of_asset.c.seq)).where(of_asset.c.asset_id == assets.c.id).scalar_subquery()
    )
    failed_last = sa.and_(
        tasks.c.state.in_(_BROKEN),
        tasks.c.seq == latest,
        ~is_settled(),
        sa.or_(versions.c.created_at.is_(None), tasks.c.ended_at > versions.c.created_at),
    )
    query = (
        sa.select(tasks)
        .join(assets, assets.c.id == tasks.c.asset_id)
        .outerjoin(versions, versions.c.id == assets.c.current_version_id)
        .where(assets.c.stream_id == stream_id, MAY_BE_SHOWN)
        .where(sa.or_(tasks.c.state.in_(_OPEN), failed_last))
        .order_by(tasks.c.state == TaskState.RUNNING.value, tasks.c.state.in_(_OPEN), tasks.c.seq.desc())
    )
    found = (read_task(row) for row in connection.execute(query))
    return {(task.request.segment_id, task.request.kind): task for task in found}


def counts_by_state(connection: sa.Connection, stream_id: str | None = None) -> dict[TaskState, int]:
    """Count tasks by state, of one stream when given; every state is present."""
    query = sa.select(tasks.c.state, sa.func.count()).group_by(tasks.c.state)
    if stream_id is not None:
        query = query.join(assets, assets.c.id == tasks.c.asset_id).where(assets.c.stream_id == stream_id)
    counted = {TaskState(state): int(number) for state, number in connection.execute(query)}
    return {state: counted.get(state, 0) for state in TaskState}


def list_open_after(connection: sa.Connection, seq: int) -> list[tuple[int, Task]]:
    """Read the open tasks queued after the one with ``seq``, each with its own, oldest first; 0 reads all."""
    query = sa.select(tasks).where(tasks.c.seq > seq, tasks.c.state.in_(_OPEN)).order_by(tasks.c.seq)
    return [(row.seq, read_task(row)) for row in connection.execute(query)]


def list_open_ids(connection: sa.Connection) -> set[str]:
    """Read the ids of all tasks that wait or run."""
    return set(connection.scalars(sa.select(tasks.c.id).where(tasks.c.state.in_(_OPEN))))


def list_cancel_requests(connection: sa.Connection) -> list[str]:
    """Read the ids of running tasks that somebody wants stopped, oldest first."""
    running = tasks.c.state == TaskState.RUNNING.value
    query = (
        sa.select(tasks.c.id).where(running, tasks.c.cancel_requested_at.is_not(None)).order_by(tasks.c.seq)
    )
    return list(connection.scalars(query))


def request_cancel(connection: sa.Connection, task_id: str, at: datetime) -> Task:
    """Ask a task to stop.

    A queued one is cancelled at once, a running one is marked for the worker, a closed one stays as it is.

    Raises:
        NotFoundError: There is no such task.
    """
    task = get_task(connection, task_id)
    if task.state is TaskState.QUEUED:
        return finish(
            connection, task_id, Outcome(TaskState.CANCELLED, at, phase="cancelled before it began")
        )
    if task.is_open and task.cancel_requested_at is None:
        _update(connection, task_id, cancel_requested_at=at)
    return get_task(connection, task_id)


def start(connection: sa.Connection, task_id: str, at: datetime) -> Task:
    """Record that a worker took the task; one that ran before an interruption starts over.

    Raises:
        NotFoundError: There is no such task.
        IllegalMoveError: It is closed.
    """
    task = get_task(connection, task_id)
    if task.state is TaskState.RUNNING:
        _update(connection, task_id, phase="starting again after an interruption", percent=0.0)
    else:
        check_move(task_id, task.state, TaskState.RUNNING)
        _update(connection, task_id, state=TaskState.RUNNING.value, phase="starting", started_at=at)
    return get_task(connection, task_id)


def report_progress(connection: sa.Connection, task_id: str, phase: str, percent: float) -> None:
    """Record how far a running task is; a task in any other state is left alone."""
    running = sa.and_(tasks.c.id == task_id, tasks.c.state == TaskState.RUNNING.value)
    connection.execute(tasks.update().where(running).values(phase=storable(phase), percent=percent))


def finish(connection: sa.Connection, task_id: str, outcome: Outcome) -> Task:
    """Close a task.

    Raises:
        NotFoundError: There is no such task.
        IllegalMoveError: It is closed already, or its state cannot lead to this outcome.
    """
    task = get_task(connection, task_id)
    check_move(task_id, task.state, outcome.state)
    succeeded = outcome.state is TaskState.SUCCEEDED
    _update(
        connection,
        task_id,
        state=outcome.state.value,
        phase=storable(outcome.phase) or outcome.state.value,
        percent=100.0 if succeeded else task.percent,
        ended_at=outcome.ended_at,
        version_id=outcome.version_id,
        error_code=outcome.error_code,
        error_message=None if outcome.error_message is None else storable(outcome.error_message),
    )
    return get_task(connection, task_id)


def committed_usd(
    connection: sa.Connection, *, stream_id: str | None = None, since: datetime | None = None
) -> float:
    """Add up what was billed, or is estimated until a bill is known, and what open tasks may still cost.

    Args:
        stream_id: Only this stream's; None for all.
        since: Only attempts from this instant on; open tasks always count.
    """
    spent = sa.select(sa.func.sum(sa.func.coalesce(attempts.c.billed_usd, attempts.c.estimated_usd)))
    spent = spent.select_from(attempts.join(tasks, tasks.c.id == attempts.c.task_id))
    waiting = sa.select(sa.func.sum(tasks.c.price_usd)).where(is_promised())
    if stream_id is not None:
        of_stream = tasks.c.asset_id.in_(sa.select(assets.c.id).where(assets.c.stream_id == stream_id))
        spent, waiting = spent.where(of_stream), waiting.where(of_stream)
    if since is not None:
        spent = spent.where(attempts.c.started_at >= since)
    made = float(connection.scalar(spent) or 0.0) + float(connection.scalar(waiting) or 0.0)
    jobs = (job_costs_by_stream(connection, since), job_promises_by_stream(connection))
    return made + sum(sum(usd.values()) if stream_id is None else usd.get(stream_id, 0.0) for usd in jobs)


def _update(connection: sa.Connection, task_id: str, **values: object) -> None:
    if "state" in values:
        touch_task(connection, task_id)
    connection.execute(tasks.update().where(tasks.c.id == task_id).values(**values))


def read_task(row: sa.Row[Any]) -> Task:
    """Make a task of a row of the tasks table."""
    values = dict(row._mapping)
    request = values["request"]
    known = Task.__dataclass_fields__.keys() & values.keys()
    # JSON has lists only; requests of the first release know no references
    references = tuple(request.get("reference_sha256s", ()))
    asked = {**request, "kind": Kind(request["kind"]), "reference_sha256s": references}
    values["request"] = GenerationRequest(**asked)
    values["state"] = TaskState(values["state"])
    return Task(**{name: values[name] for name in known})
