"""Receipts of the paid calls of tasks on whole streams: one for each task, so that none is made twice.

A receipt is written with its task, and counts as promised until the call begins. It is begun in a commit of
its own before anything is sent; from then on it counts as spent, whatever becomes of the task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import job_receipts, stream_tasks

PROMISED, STARTED, SUCCEEDED, REFUSED, UNSPENT, UNKNOWN = (
    "promised",
    "started",
    "succeeded",
    "refused",
    "unspent",
    "unknown",
)
SETTLED_PAID, SETTLED_UNPAID = "settled_paid", "settled_unpaid"


@dataclass(frozen=True, slots=True)
class JobReceipt:
    """One paid call as it is recorded.

    Attributes:
        started_at: When the call began; None while it is only promised.
        billed_usd: What it cost; None while nobody knows.
    """

    task_id: str
    engine: str
    model: str
    state: str
    estimated_usd: float
    billed_usd: float | None
    started_at: datetime | None
    ended_at: datetime | None


def promise_receipt(
    connection: sa.Connection, task_id: str, engine: str, model: str, usd: float, *, now: datetime
) -> None:
    """Write the receipt of a task that was just queued."""
    row = {"task_id": task_id, "engine": engine, "model": model, "state": PROMISED}
    connection.execute(job_receipts.insert().values(row | {"estimated_usd": usd, "promised_at": now}))


def find_receipt(connection: sa.Connection, task_id: str) -> JobReceipt | None:
    """Find a task's receipt; None when it pays for nothing."""
    known = [job_receipts.c[name] for name in JobReceipt.__dataclass_fields__]
    row = connection.execute(sa.select(*known).where(job_receipts.c.task_id == task_id)).one_or_none()
    return None if row is None else JobReceipt(**row._mapping)


def begin_receipt(connection: sa.Connection, task_id: str, now: datetime) -> bool:
    """Say that the call begins, to be committed before anything is sent.

    Returns:
        Whether it may: False when it began before, or nothing was promised.
    """
    values = {"state": STARTED, "started_at": now}
    return _move(connection, task_id, PROMISED, values)


def take_back_receipt(connection: sa.Connection, task_id: str) -> None:
    """Say that nothing was made or charged, and that the call may be made later."""
    _move(connection, task_id, STARTED, {"state": PROMISED, "started_at": None})


def close_receipt(
    connection: sa.Connection, task_id: str, state: str, billed_usd: float | None, now: datetime
) -> None:
    """Complete the receipt of a call that began."""
    values = {"state": state, "billed_usd": billed_usd, "ended_at": now}
    _move(connection, task_id, STARTED, values)


def settle_receipt(connection: sa.Connection, task_id: str, now: datetime) -> None:
    """Complete what is left of a task's receipt when the task is closed, however it ended.

    A call that never began cost nothing; of one that began and told no end nobody knows.
    """
    _move(connection, task_id, PROMISED, {"state": UNSPENT, "billed_usd": 0.0, "ended_at": now})
    _move(connection, task_id, STARTED, {"state": UNKNOWN, "ended_at": now})


def settle_unknown_receipt(
    connection: sa.Connection, task_id: str, billed_usd: float, was_made: bool, now: datetime
) -> None:
    """Say what a person found out about a call that nobody knew the end of."""
    state = SETTLED_PAID if was_made else SETTLED_UNPAID
    _move(connection, task_id, UNKNOWN, {"state": state, "billed_usd": billed_usd, "ended_at": now})


def begun_receipts(
    *, stream_id: str | None = None, since: datetime | None = None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on ``job_receipts`` joined with its tasks that a call began, where and when."""
    wanted: list[sa.ColumnElement[bool]] = [job_receipts.c.started_at.is_not(None)]
    if stream_id is not None:
        wanted.append(stream_tasks.c.stream_id == stream_id)
    if since is not None:
        wanted.append(job_receipts.c.started_at >= since)
    return wanted


def job_costs_by_stream(connection: sa.Connection, since: datetime | None = None) -> dict[str, float]:
    """Sum what each stream's calls cost, as billed or estimated; streams without any are absent."""
    query = (
        sa.select(stream_tasks.c.stream_id, sa.func.sum(_cost()))
        .join_from(job_receipts, stream_tasks)
        .where(*begun_receipts(since=since))
        .group_by(stream_tasks.c.stream_id)
    )
    return {stream_id or "": float(total) for stream_id, total in connection.execute(query)}


def job_promises_by_stream(connection: sa.Connection) -> dict[str, float]:
    """Sum what open tasks may still cost; streams without any are absent."""
    query = (
        sa.select(stream_tasks.c.stream_id, sa.func.sum(job_receipts.c.estimated_usd))
        .join_from(job_receipts, stream_tasks)
        .where(job_receipts.c.state == PROMISED)
        .group_by(stream_tasks.c.stream_id)
    )
    return {stream_id or "": float(total) for stream_id, total in connection.execute(query)}


def _cost() -> sa.ColumnElement[float]:
    return sa.func.coalesce(job_receipts.c.billed_usd, job_receipts.c.estimated_usd)


def _move(connection: sa.Connection, task_id: str, state: str, values: Mapping[str, object]) -> bool:
    here = sa.and_(job_receipts.c.task_id == task_id, job_receipts.c.state == state)
    return connection.execute(job_receipts.update().where(here).values(values)).rowcount == 1
