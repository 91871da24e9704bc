"""What was spent: billed, estimated where no bill is known, and what may have been charged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.task import OPEN_STATES, TaskState
from director_lib.domain.version import Kind
from director_lib.store.job_receipts import UNKNOWN, begun_receipts, job_promises_by_stream
from director_lib.store.tables import assets, attempts, job_receipts, stream_tasks, tasks


@dataclass(frozen=True, slots=True)
class Money:
    """A sum of US dollars by how well it is known.

    Attributes:
        billed_usd: What providers were paid, as they or a person said.
        estimated_usd: Estimates of attempts that run, or whose bill nobody told.
        unknown_usd: Estimates of attempts that may have been made and charged; they count as spent.
    """

    billed_usd: float = 0.0
    estimated_usd: float = 0.0
    unknown_usd: float = 0.0

    @property
    def total_usd(self) -> float:
        """All of it."""
        return round(self.billed_usd + self.estimated_usd + self.unknown_usd, 6)

    def __add__(self, other: Money) -> Money:
        """Add two sums, each part to its like."""
        return Money(
            round(self.billed_usd + other.billed_usd, 6),
            round(self.estimated_usd + other.estimated_usd, 6),
            round(self.unknown_usd + other.unknown_usd, 6),
        )


Asset = tuple[str, int, Kind]


def money_by_asset(connection: sa.Connection, *, stream_id: str | None = None) -> dict[Asset, Money]:
    """Sum what the attempts at each still or clip cost; those without attempts are absent."""
    query = (
        sa.select(assets.c.stream_id, assets.c.segment_id, assets.c.kind, *_sums())
        .select_from(attempts)
        .join(tasks, tasks.c.id == attempts.c.task_id)
        .join(assets, assets.c.id == tasks.c.asset_id)
        .group_by(assets.c.stream_id, assets.c.segment_id, assets.c.kind)
    )
    if stream_id is not None:
        query = query.where(assets.c.stream_id == stream_id)
    return {
        (stream, segment_id, Kind(kind)): _money(parts)
        for stream, segment_id, kind, *parts in connection.execute(query)
    }


def money_since(connection: sa.Connection, since: datetime) -> Money:
    """Sum what all attempts that began since an instant cost."""
    joined = sa.select(*_sums()).select_from(attempts.join(tasks, tasks.c.id == attempts.c.task_id))
    made = _money(connection.execute(joined.where(attempts.c.started_at >= since)).one())
    return sum(money_of_jobs(connection, since=since).values(), made)


def money_of_jobs(
    connection: sa.Connection, *, stream_id: str | None = None, since: datetime | None = None
) -> dict[str, Money]:
    """Sum what the paid calls of each stream's own tasks cost; streams without any are absent."""
    query = (
        sa.select(stream_tasks.c.stream_id, *_job_sums())
        .join_from(job_receipts, stream_tasks)
        .where(*begun_receipts(stream_id=stream_id, since=since))
        .group_by(stream_tasks.c.stream_id)
    )
    return {stream or "": _money(parts) for stream, *parts in connection.execute(query)}


def is_promised() -> sa.ColumnElement[bool]:
    """Return the condition on ``tasks`` that its price may still be spent: it is open, and no attempt counts.

    An attempt that was put off, or interrupted before anything was called, has cost nothing; the task will be
    tried again.
    """
    counts = sa.or_(attempts.c.ended_at.is_(None), attempts.c.state == TaskState.SUCCEEDED.value)
    tried = sa.exists().where(attempts.c.task_id == tasks.c.id, counts)
    return sa.and_(tasks.c.state.in_([state.value for state in OPEN_STATES]), ~tried)


def promised_by_stream(connection: sa.Connection) -> dict[str, float]:
    """Sum what open tasks may still cost; streams without any are absent."""
    query = (
        sa.select(assets.c.stream_id, sa.func.sum(tasks.c.price_usd))
        .join_from(tasks, assets, assets.c.id == tasks.c.asset_id)
        .where(is_promised())
        .group_by(assets.c.stream_id)
    )
    promised = {stream_id: float(total) for stream_id, total in connection.execute(query)}
    for stream_id, usd in job_promises_by_stream(connection).items():
        promised[stream_id] = promised.get(stream_id, 0.0) + usd
    return promised


def _job_sums() -> list[sa.Label[float]]:
    billed, estimated = job_receipts.c.billed_usd, job_receipts.c.estimated_usd
    is_billed, is_unknown = billed.is_not(None), job_receipts.c.state == UNKNOWN
    return [
        sa.func.sum(sa.case((is_billed, billed), else_=0.0)).label("billed"),
        sa.func.sum(sa.case((~is_billed & ~is_unknown, estimated), else_=0.0)).label("estimated"),
        sa.func.sum(sa.case((~is_billed & is_unknown, estimated), else_=0.0)).label("unknown"),
    ]


def _sums() -> list[sa.Label[float]]:
    is_billed = attempts.c.billed_usd.is_not(None)
    is_unknown = sa.and_(~is_billed, tasks.c.state == TaskState.UNKNOWN.value)
    is_estimate = sa.and_(~is_billed, tasks.c.state != TaskState.UNKNOWN.value)
    return [
        sa.func.sum(sa.case((is_billed, attempts.c.billed_usd), else_=0.0)).label("billed"),
        sa.func.sum(sa.case((is_estimate, attempts.c.estimated_usd), else_=0.0)).label("estimated"),
        sa.func.sum(sa.case((is_unknown, attempts.c.estimated_usd), else_=0.0)).label("unknown"),
    ]


def _money(parts: Iterable[float | None]) -> Money:
    return Money(*(round(float(part or 0.0), 6) for part in parts))
