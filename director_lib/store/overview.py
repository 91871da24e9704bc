"""Read models over all streams: activity, spend, queue."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.events import last_event_seq
from director_lib.store.job_receipts import job_costs_by_stream
from director_lib.store.tables import assets, attempts, events, tasks, versions

_AT_ONCE = 500
_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class StreamActivity:
    """What happens on one stream.

    Attributes:
        running: Tasks that run or wait.
        spend_usd: Sum of what its attempts were billed, or are estimated to cost while not known.
        last_verb: Verb of its newest event.
    """

    running: int = 0
    spend_usd: float = 0.0
    last_event_at: datetime | None = None
    last_verb: str = ""
    last_actor: str = ""
    last_segment_id: int | None = None
    last_kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """Tells whether what is recorded of a stream's stills, clips and decisions is as it was.

    Every change is an event of its transaction but one: a version that waits to be put in place becomes
    current after its event.

    Attributes:
        event_seq: The stream's newest event; 0 when nothing ever happened.
        pending: How many of its assets have a version that waits to be put in place.
    """

    event_seq: int = 0
    pending: int = 0


def read_revision(connection: sa.Connection, stream_id: str) -> Revision:
    """Read one stream's revision."""
    waiting = sa.select(sa.func.count()).where(
        assets.c.stream_id == stream_id, assets.c.pending_version_id.is_not(None)
    )
    return Revision(last_event_seq(connection, stream_id), connection.scalar(waiting) or 0)


def revisions_by_stream(
    connection: sa.Connection, newest: Mapping[str, int] | None = None
) -> dict[str, Revision]:
    """Read every stream's revision; streams that nothing happened to are absent.

    Args:
        newest: What ``newest_events`` gave in the same transaction; read when None.
    """
    pending = pending_by_stream(connection)
    newest = newest_events(connection) if newest is None else newest
    return {
        stream_id: Revision(newest.get(stream_id, 0), pending.get(stream_id, 0))
        for stream_id in newest.keys() | pending.keys()
    }


def pending_by_stream(connection: sa.Connection) -> dict[str, int]:
    """Count each stream's assets with a version that waits to be put in place; others are absent."""
    query = (
        sa.select(assets.c.stream_id, sa.func.count())
        .where(assets.c.pending_version_id.is_not(None))
        .group_by(assets.c.stream_id)
    )
    return {stream_id: count for stream_id, count in connection.execute(query)}


def activity_by_stream(
    connection: sa.Connection, by_stream: Mapping[str, int] | None = None, *, with_spend: bool = True
) -> dict[str, StreamActivity]:
    """Read every stream's activity; streams that nothing happened to are absent.

    Args:
        by_stream: What ``newest_events`` gave in the same transaction; read when None.
        with_spend: Sum what was spent, too, which of a hundred thousand attempts takes a moment; 0 without.
    """
    newest = newest_events(connection) if by_stream is None else by_stream
    last = last_events(connection, newest)
    running = open_tasks_by_stream(connection)
    spend = spend_by_stream(connection) if with_spend else {}
    return {
        stream_id: replace(
            last.get(stream_id, StreamActivity()),
            running=running.get(stream_id, 0),
            spend_usd=spend.get(stream_id, 0.0),
        )
        for stream_id in last.keys() | running.keys() | spend.keys()
    }


def last_events(connection: sa.Connection, by_stream: Mapping[str, int]) -> dict[str, StreamActivity]:
    """Read what each stream's event with the given ``seq`` says, and nothing else of its activity."""
    newest = list(by_stream.values())
    return {
        row.stream_id: StreamActivity(
            last_event_at=row.happened_at,
            last_verb=row.verb,
            last_actor=row.actor,
            last_segment_id=row.segment_id,
            last_kind=_KINDS[row.kind] if row.kind else None,
        )
        for first in range(0, len(newest), _AT_ONCE)
        for row in connection.execute(
            sa.select(events).where(events.c.seq.in_(newest[first : first + _AT_ONCE]))
        )
    }


def spend_fingerprint(connection: sa.Connection) -> tuple[object, ...]:
    """Return what differs when any attempt was made or billed since, in a tenth of the time of a sum."""
    billed, estimated = attempts.c.billed_usd, attempts.c.estimated_usd
    counted = (sa.func.count(), sa.func.count(billed), sa.func.sum(billed), sa.func.sum(estimated))
    jobs = tuple(sorted(job_costs_by_stream(connection).items()))
    return (*connection.execute(sa.select(*counted).select_from(attempts)).one(), jobs)


def spend_by_stream(connection: sa.Connection) -> dict[str, float]:
    """Sum what each stream's attempts cost, in US dollars; streams without attempts are absent."""
    cost = sa.func.sum(sa.func.coalesce(attempts.c.billed_usd, attempts.c.estimated_usd))
    query = (
        sa.select(assets.c.stream_id, cost)
        .select_from(
            attempts.join(tasks, tasks.c.id == attempts.c.task_id).join(
                assets, assets.c.id == tasks.c.asset_id
            )
        )
        .group_by(assets.c.stream_id)
    )
    spent = {stream_id: float(total) for stream_id, total in connection.execute(query)}
    for stream_id, usd in job_costs_by_stream(connection).items():
        spent[stream_id] = spent.get(stream_id, 0.0) + usd
    return spent


def spend_since(connection: sa.Connection, since: datetime) -> float:
    """Sum what all attempts begun since an instant cost, in US dollars."""
    cost = sa.func.sum(sa.func.coalesce(attempts.c.billed_usd, attempts.c.estimated_usd))
    made = float(connection.scalar(sa.select(cost).where(attempts.c.started_at >= since)) or 0.0)
    return made + sum(job_costs_by_stream(connection, since).values())


def count_versions(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], int]:
    """Count the versions of each asset of a stream; assets without any are absent."""
    query = (
        sa.select(assets.c.segment_id, assets.c.kind, sa.func.count())
        .join_from(versions, assets, versions.c.asset_id == assets.c.id)
        .where(assets.c.stream_id == stream_id)
        .group_by(assets.c.segment_id, assets.c.kind)
    )
    return {(segment_id, Kind(kind)): count for segment_id, kind, count in connection.execute(query)}


def newest_events(connection: sa.Connection) -> dict[str, int]:
    """Find each stream's newest event, by as many looks into the index as there are streams.

    Grouping would read every event of the studio, and a page asks for this again and again.
    """
    ids = sa.select(sa.func.min(events.c.stream_id).label("id")).cte("ids", recursive=True)
    following = sa.select(sa.func.min(events.c.stream_id)).where(events.c.stream_id > ids.c.id)
    ids = ids.union_all(sa.select(following.scalar_subquery()).where(ids.c.id.is_not(None)))
    newest = sa.select(sa.func.max(events.c.seq)).where(events.c.stream_id == ids.c.id).scalar_subquery()
    rows = connection.execute(sa.select(ids.c.id, newest).where(ids.c.id.is_not(None)))
    return {stream_id: int(seq) for stream_id, seq in rows}


def newest_events_since(connection: sa.Connection, after_seq: int) -> dict[str, int]:
    """Find the newest event of each stream that something happened to after an event."""
    query = (
        sa.select(events.c.stream_id, sa.func.max(events.c.seq))
        .where(events.c.seq > after_seq, events.c.stream_id.is_not(None))
        .group_by(events.c.stream_id)
    )
    return {stream_id: int(seq) for stream_id, seq in connection.execute(query)}


def open_tasks_by_stream(connection: sa.Connection) -> dict[str, int]:
    """Count each stream's tasks that run or wait; streams without any are absent."""
    query = (
        sa.select(assets.c.stream_id, sa.func.count())
        .select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id))
        .where(tasks.c.state.in_(("queued", "running")))
        .group_by(assets.c.stream_id)
    )
    return {stream_id: count for stream_id, count in connection.execute(query)}


def typical_duration_s(connection: sa.Connection, engine: str, kind: Kind) -> float | None:
    """Return the median seconds of an engine's last 20 successful tasks of a kind; None without any."""
    query = (
        sa.select(tasks.c.started_at, tasks.c.ended_at)
        .select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id))
        .where(tasks.c.engine == engine, assets.c.kind == kind, tasks.c.state == "succeeded")
        .order_by(tasks.c.ended_at.desc())
        .limit(20)
    )
    took_s = [
        (row.ended_at - row.started_at).total_seconds()
        for row in connection.execute(query)
        if row.started_at is not None and row.ended_at is not None
    ]
    return statistics.median(took_s) if took_s else None
