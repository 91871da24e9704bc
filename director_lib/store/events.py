"""The activity timeline: one append-only row for each change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import events


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline.

    Attributes:
        verb: What happened, past tense ("approved", "queued", "edited_prompt").
        details: JSON values that the verb needs (ids before and after, a note).
    """

    seq: int
    verb: str
    actor: str
    stream_id: str | None
    segment_id: int | None
    kind: Kind | None
    details: dict[str, Any]
    happened_at: datetime


def record_event(
    connection: sa.Connection,
    verb: str,
    actor: str,
    happened_at: datetime,
    *,
    place: tuple[str, int | None, Kind | None] | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """Append one event in the caller's transaction.

    Args:
        place: Stream id, segment id and kind that it concerns; None for the studio as a whole.

    Returns:
        The event's ``seq``.
    """
    stream_id, segment_id, kind = place or (None, None, None)
    result = connection.execute(
        events.insert().values(
            verb=verb,
            actor=actor,
            stream_id=stream_id,
            segment_id=segment_id,
            kind=kind,
            details=details or {},
            happened_at=happened_at,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def list_events(
    connection: sa.Connection,
    *,
    stream_id: str | None = None,
    before_seq: int | None = None,
    limit: int = 100,
) -> list[Event]:
    """Read events, newest first, at most ``limit``; before ``before_seq`` when given."""
    query = sa.select(events).order_by(events.c.seq.desc()).limit(limit)
    if stream_id is not None:
        query = query.where(events.c.stream_id == stream_id)
    if before_seq is not None:
        query = query.where(events.c.seq < before_seq)
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
        for row in connection.execute(query)
    ]


def last_event_seq(connection: sa.Connection, stream_id: str | None = None) -> int:
    """Return the ``seq`` of the newest event, of one stream when given; 0 when nothing ever happened."""
    query = sa.select(sa.func.max(events.c.seq))
    if stream_id is not None:
        query = query.where(events.c.stream_id == stream_id)
    return connection.scalar(query) or 0
