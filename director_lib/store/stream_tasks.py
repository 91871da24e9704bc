"""Tasks of whole streams: queueing them, their moves, and who carries them out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import OPEN_STATES, TaskState, check_move
from director_lib.errors import NotFoundError
from director_lib.store.job_receipts import settle_receipt
from director_lib.store.tables import stream_tasks
from director_lib.store.text import storable

_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class NewStreamTask:
    """A job about to be queued.

    Attributes:
        task_id: Made by the caller; unique for ever.
        stream_id: None for a job on the whole studio.
        parameters: JSON values.
    """

    task_id: str
    kind: str
    stream_id: str | None
    parameters: Mapping[str, Any]
    author: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """How a task ended."""

    state: TaskState
    ended_at: datetime
    result: Mapping[str, Any] | None = None
    error_code: str | None = None
    error_message: str | None = None
    phase: str = ""


def enqueue_stream_task(connection: sa.Connection, new: NewStreamTask) -> tuple[StreamTask, bool]:
    """Queue a job, or return the open task that asks for the same: kind, stream and parameters.

    A task that somebody is stopping does not count.

    Returns:
        The task, and whether it is new.
    """
    key = _dedup_key(new)
    same = sa.and_(stream_tasks.c.dedup_key == key, stream_tasks.c.state.in_(_OPEN))
    query = sa.select(stream_tasks.c.id).where(same, stream_tasks.c.cancel_requested_at.is_(None))
    known = connection.scalar(query.limit(1))
    if known is not None:
        return get_stream_task(connection, known), False
    seq = connection.scalar(sa.select(sa.func.max(stream_tasks.c.seq))) or 0
    row = {
        "id": new.task_id,
        "seq": seq + 1,
        "kind": new.kind,
        "stream_id": new.stream_id,
        "parameters": dict(new.parameters),
        "dedup_key": key,
        "state": TaskState.QUEUED.value,
        "phase": "waiting",
        "percent": 0.0,
        "author": new.author,
        "queued_at": new.queued_at,
    }
    connection.execute(stream_tasks.insert().values(row))
    return get_stream_task(connection, new.task_id), True


def get_stream_task(connection: sa.Connection, task_id: str) -> StreamTask:
    """Return one task.

    Raises:
        NotFoundError: There is no such task.
    """
    task = find_stream_task(connection, task_id)
    if task is None:
        raise NotFoundError("task", task_id)
    return task


def find_stream_task(connection: sa.Connection, task_id: str) -> StreamTask | None:
    """Find one task; None when there is none with that id."""
    row = connection.execute(sa.select(stream_tasks).where(stream_tasks.c.id == task_id)).one_or_none()
    return None if row is None else read_stream_task(row)


def list_stream_tasks(
    connection: sa.Connection,
    *,
    stream_id: str | None = None,
    kinds: Collection[str] | None = None,
    states: Collection[TaskState] | None = None,
    limit: int = 200,
) -> list[StreamTask]:
    """Read tasks, newest first, at most ``limit``; of one stream, kinds and states when asked for."""
    query = sa.select(stream_tasks).order_by(stream_tasks.c.seq.desc()).limit(limit)
    if stream_id is not None:
        query = query.where(stream_tasks.c.stream_id == stream_id)
    if kinds is not None:
        query = query.where(stream_tasks.c.kind.in_(list(kinds)))
    if states is not None:
        query = query.where(stream_tasks.c.state.in_([state.value for state in states]))
    return [read_stream_task(row) for row in connection.execute(query)]


def request_stream_cancel(connection: sa.Connection, task_id: str, at: datetime) -> StreamTask:
    """Ask a task to stop.

    A queued one is cancelled at once, a running one is marked for the worker, a closed one stays as it is.

    Raises:
        NotFoundError: There is no such task.
    """
    task = get_stream_task(connection, task_id)
    if task.state is TaskState.QUEUED:
        outcome = StreamOutcome(TaskState.CANCELLED, at, phase="cancelled before it began")
        return finish_stream_task(connection, task_id, outcome)
    if task.is_open and task.cancel_requested_at is None:
        _update(connection, task_id, cancel_requested_at=at)
    return get_stream_task(connection, task_id)


def report_stream_progress(connection: sa.Connection, task_id: str, phase: str, percent: float) -> None:
    """Record how far a running task is; a task in any other state is left alone."""
    running = sa.and_(stream_tasks.c.id == task_id, stream_tasks.c.state == TaskState.RUNNING.value)
    values = {"phase": storable(phase), "percent": percent}
    connection.execute(stream_tasks.update().where(running).values(values))


def finish_stream_task(connection: sa.Connection, task_id: str, outcome: StreamOutcome) -> StreamTask:
    """Close a task.

    Raises:
        NotFoundError: There is no such task.
        IllegalMoveError: It is closed already, or its state cannot lead to this outcome.
    """
    task = get_stream_task(connection, task_id)
    check_move(task_id, task.state, outcome.state)
    _update(
        connection,
        task_id,
        state=outcome.state.value,
        phase=storable(outcome.phase) or outcome.state.value,
        percent=100.0 if outcome.state is TaskState.SUCCEEDED else task.percent,
        ended_at=outcome.ended_at,
        result=None if outcome.result is None else dict(outcome.result),
        error_code=outcome.error_code,
        error_message=None if outcome.error_message is None else storable(outcome.error_message),
    )
    settle_receipt(connection, task_id, outcome.ended_at)
    return get_stream_task(connection, task_id)


def read_stream_task(row: sa.Row[Any]) -> StreamTask:
    """Make a task of a row of the stream_tasks table."""
    values = dict(row._mapping)
    known = StreamTask.__dataclass_fields__.keys() & values.keys()
    values["state"] = TaskState(values["state"])
    return StreamTask(**{name: values[name] for name in known})


def _update(connection: sa.Connection, task_id: str, **values: object) -> None:
    connection.execute(stream_tasks.update().where(stream_tasks.c.id == task_id).values(**values))


def _dedup_key(new: NewStreamTask) -> str:
    same = json.dumps([new.kind, new.stream_id, dict(new.parameters)], sort_keys=True)
    return hashlib.sha256(same.encode()).hexdigest()
