"""Receipts of tasks on whole streams that nobody knows the end of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.stream_task import StreamTask
from director_lib.store.job_receipts import SETTLED_PAID, SETTLED_UNPAID, UNKNOWN
from director_lib.store.stream_tasks import read_stream_task
from director_lib.store.tables import job_receipts, stream_tasks


@dataclass(frozen=True, slots=True)
class UnknownReceipt:
    """A task and the call that it may have paid for."""

    task: StreamTask
    engine: str
    model: str
    estimated_usd: float
    started_at: datetime


def list_unknown_receipts(
    connection: sa.Connection, *, task_id: str | None = None, stream_id: str | None = None
) -> list[UnknownReceipt]:
    """Read the unknown outcomes that nobody has settled, oldest first; of one task or stream when given."""
    receipt = [job_receipts.c[name] for name in ("engine", "model", "estimated_usd")]
    begun_at = job_receipts.c.started_at.label("begun_at")
    query = sa.select(stream_tasks, *receipt, begun_at).join_from(stream_tasks, job_receipts)
    query = query.where(job_receipts.c.state == UNKNOWN).order_by(stream_tasks.c.seq)
    if task_id is not None:
        query = query.where(stream_tasks.c.id == task_id)
    if stream_id is not None:
        query = query.where(stream_tasks.c.stream_id == stream_id)
    return [
        UnknownReceipt(read_stream_task(row), row.engine, row.model, row.estimated_usd, row.begun_at)
        for row in connection.execute(query)
    ]


def settled_jobs_among(connection: sa.Connection, task_ids: Collection[str]) -> set[str]:
    """Tell which of these tasks had an unknown outcome that somebody has settled."""
    settled = job_receipts.c.state.in_((SETTLED_PAID, SETTLED_UNPAID))
    query = sa.select(job_receipts.c.task_id).where(job_receipts.c.task_id.in_(task_ids), settled)
    return set(connection.scalars(query))
