"""Attempts: the receipts that are committed before anything is called, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import Task
from director_lib.store.count_keeping import touch_task
from director_lib.store.queue_tables import attempts

STARTED, SUCCEEDED = "started", "succeeded"
BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One attempt as it is recorded.

    Attributes:
        number: 1 for a task's first.
        ended_at: None while its end is not known.
        worker: Who placed it.
    """

    tag: str
    number: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    remote_id: str | None
    worker: str | None


def open_attempt(
    connection: sa.Connection, task: Task, started_at: datetime, worker: str | None = None
) -> str:
    """Write the receipt of an attempt, to be committed before its engine is called.

    Returns:
        The receipt's tag, unique for ever.
    """
    number = connection.scalar(
        sa.select(sa.func.count()).select_from(attempts).where(attempts.c.task_id == task.id)
    )
    tag = f"{task.id}:{(number or 0) + 1}"
    row = {"task_id": task.id, "tag": tag, "engine": task.request.engine, "state": STARTED, "worker": worker}
    connection.execute(
        attempts.insert().values(row | {"estimated_usd": task.price_usd, "started_at": started_at})
    )
    return tag


def find_last_attempt(connection: sa.Connection, task_id: str) -> Receipt | None:
    """Find a task's newest attempt; None when there was none."""
    query = sa.select(attempts).where(attempts.c.task_id == task_id).order_by(attempts.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    number = int(row.tag.rpartition(":")[2])
    return Receipt(row.tag, number, row.state, row.started_at, row.ended_at, row.remote_id, row.worker)


def count_attempts(connection: sa.Connection, task_id: str, state: str) -> int:
    """Count a task's attempts that ended in a state."""
    counted = sa.select(sa.func.count()).select_from(attempts)
    of_task = sa.and_(attempts.c.task_id == task_id, attempts.c.state == state)
    return int(connection.scalar(counted.where(of_task)) or 0)


def list_unclosed_attempts(connection: sa.Connection, task_id: str) -> list[str]:
    """Read the tags of a task's attempts whose end was never recorded, oldest first."""
    query = sa.select(attempts.c.tag).where(attempts.c.task_id == task_id, attempts.c.ended_at.is_(None))
    return list(connection.scalars(query.order_by(attempts.c.id)))


def record_remote_id(connection: sa.Connection, tag: str, remote_id: str) -> None:
    """Put the provider's job on a receipt.

    Raises:
        sqlalchemy.exc.IntegrityError: Another attempt has that job already.
    """
    close_attempt(connection, tag, remote_id=remote_id)


def close_attempt(connection: sa.Connection, tag: str, **facts: Any) -> None:
    """Complete a receipt with what is known at its end (``state``, ``ended_at``, ``billed_usd``, …)."""
    if "billed_usd" in facts:
        touch_task(connection, tag.rpartition(":")[0])
    connection.execute(attempts.update().where(attempts.c.tag == tag).values(**facts))
