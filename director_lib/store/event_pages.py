"""The activity log page by page, filtered, the newest first: by where a page ends, however long the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.events import Event
from director_lib.store.tables import events


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events of a stream are wanted; what is None or empty does not matter.

    Attributes:
        verbs: Any of these.
        not_verbs: None of these.
    """

    actor: str | None = None
    segment_id: int | None = None
    verbs: Sequence[str] = ()
    not_verbs: Sequence[str] = ()


def list_stream_events(
    connection: sa.Connection,
    stream_id: str,
    wanted: EventFilter,
    *,
    before_seq: int | None = None,
    after_seq: int | None = None,
    limit: int = 100,
) -> list[Event]:
    """Read a page of a stream's events, the newest first.

    Args:
        before_seq: Only older ones than this; from the newest on when None.
        after_seq: Only newer ones than this.
        limit: Most events to return.
    """
    query = sa.select(events).where(events.c.stream_id == stream_id)
    if wanted.actor is not None:
        query = query.where(events.c.actor == wanted.actor)
    if wanted.segment_id is not None:
        query = query.where(events.c.segment_id == wanted.segment_id)
    if wanted.verbs:
        query = query.where(events.c.verb.in_(wanted.verbs))
    if wanted.not_verbs:
        query = query.where(events.c.verb.not_in(wanted.not_verbs))
    if before_seq is not None:
        query = query.where(events.c.seq < before_seq)
    if after_seq is not None:
        query = query.where(events.c.seq > after_seq)
    rows = connection.execute(query.order_by(events.c.seq.desc()).limit(limit))
    return [
        Event(
            row.seq,
            row.verb,
            row.actor,
            row.stream_id,
            row.segment_id,
            Kind(row.kind) if row.kind else None,
            row.details,
            row.happened_at,
        )
        for row in rows
    ]


def list_stream_actors(connection: sa.Connection, stream_id: str) -> list[str]:
    """Return everybody who ever did something on a stream, sorted."""
    query = sa.select(events.c.actor).where(events.c.stream_id == stream_id).distinct()
    return sorted(connection.scalars(query))
