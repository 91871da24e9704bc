"""Read models over all streams: activity, spend, queue."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.events import last_event_seq
from director_lib.store.tables import assets, attempts, events, tasks, versions

_AT_ONCE = 500


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


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many tasks run, wait, and failed without a later success."""

    running: int = 0
    queued: int = 0
    failed: int = 0


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


def revisions_by_stream(connection: sa.Connection) -> dict[str, Revision]:
    """Read every stream's revision; streams that nothing happened to are absent."""
    query = (
        sa.select(assets.c.stream_id, sa.func.count())
        .where(assets.c.pending_version_id.is_not(None))
        .group_by(assets.c.stream_id)
    )
    pending: dict[str, int] = {stream_id: count for stream_id, count in connection.execute(query)}
    newest = _newest_events(connection)
    return {
        stream_id: Revision(newest.get(stream_id, 0), pending.get(stream_id, 0))
        for stream_id in newest.keys() | pending.keys()
    }


def activity_by_stream(connection: sa.Connection) -> dict[str, StreamActivity]:
    """Read every stream's activity; streams that nothing happened to are absent."""
    newest = list(_newest_events(connection).values())
    last = {
        row.stream_id: row
        for first in range(0, len(newest), _AT_ONCE)
        for row in connection.execute(
            sa.select(events).where(events.c.seq.in_(newest[first : first + _AT_ONCE]))
        )
    }
    running = _open_tasks(connection)
    spend = spend_by_stream(connection)
    return {
        stream_id: StreamActivity(
            running=running.get(stream_id, 0),
            spend_usd=spend.get(stream_id, 0.0),
            last_event_at=last[stream_id].happened_at if stream_id in last else None,
            last_verb=last[stream_id].verb if stream_id in last else "",
            last_actor=last[stream_id].actor if stream_id in last else "",
            last_segment_id=last[stream_id].segment_id if stream_id in last else None,
        )
        for stream_id in last.keys() | running.keys() | spend.keys()
    }


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
    return {stream_id: float(total) for stream_id, total in connection.execute(query)}


def spend_since(connection: sa.Connection, since: datetime) -> float:
    """Sum what all attempts begun since an instant cost, in US dollars."""
    cost = sa.func.sum(sa.func.coalesce(attempts.c.billed_usd, attempts.c.estimated_usd))
    return float(connection.scalar(sa.select(cost).where(attempts.c.started_at >= since)) or 0.0)


def queue_counts(connection: sa.Connection) -> QueueCounts:
    """Count the tasks that run and wait, and the assets whose newest task failed."""
    newest = sa.select(sa.func.max(tasks.c.seq)).group_by(tasks.c.asset_id).correlate(None)
    failed = connection.scalar(
        sa.select(sa.func.count())
        .select_from(tasks)
        .where(tasks.c.seq.in_(newest), tasks.c.state.in_(("failed", "unknown")))
    )
    counts: dict[str, int] = {
        state: count
        for state, count in connection.execute(
            sa.select(tasks.c.state, sa.func.count())
            .where(tasks.c.state.in_(("queued", "running")))
            .group_by(tasks.c.state)
        )
    }
    return QueueCounts(counts.get("running", 0), counts.get("queued", 0), int(failed or 0))


def count_versions(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], int]:
    """Count the versions of each asset of a stream; assets without any are absent."""
    query = (
        sa.select(assets.c.segment_id, assets.c.kind, sa.func.count())
        .join_from(versions, assets, versions.c.asset_id == assets.c.id)
        .where(assets.c.stream_id == stream_id)
        .group_by(assets.c.segment_id, assets.c.kind)
    )
    return {(segment_id, Kind(kind)): count for segment_id, kind, count in connection.execute(query)}


def _newest_events(connection: sa.Connection) -> dict[str, int]:
    """Find each stream's newest event, by as many looks into the index as there are streams.

    Grouping would read every event of the studio, and a page asks for this again and again.
    """
    ids = sa.select(sa.func.min(events.c.stream_id).label("id")).cte("ids", recursive=True)
    following = sa.select(sa.func.min(events.c.stream_id)).where(events.c.stream_id > ids.c.id)
    ids = ids.union_all(sa.select(following.scalar_subquery()).where(ids.c.id.is_not(None)))
    newest = sa.select(sa.func.max(events.c.seq)).where(events.c.stream_id == ids.c.id).scalar_subquery()
    rows = connection.execute(sa.select(ids.c.id, newest).where(ids.c.id.is_not(None)))
    return {stream_id: int(seq) for stream_id, seq in rows}


def _open_tasks(connection: sa.Connection) -> dict[str, int]:
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
        .order_by(tasks.c.seq.desc())
        .limit(20)
    )
    took_s = [
        (row.ended_at - row.started_at).total_seconds()
        for row in connection.execute(query)
        if row.started_at is not None and row.ended_at is not None
    ]
    return statistics.median(took_s) if took_s else None
