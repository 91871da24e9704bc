"""The activity timeline: one append-only row for each change, each tied to all before it by a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import events

_LAST = sa.select(events.c.seq, events.c.chain_sha256).order_by(events.c.seq.desc()).limit(1)
_INSERT = events.insert()


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


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A line about to be written.

    Attributes:
        place: Stream id, segment id and kind that it concerns; None for the studio as a whole.
    """

    verb: str
    actor: str
    happened_at: datetime
    place: tuple[str, int | None, Kind | None] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record_event(
    connection: sa.Connection,
    verb: str,
    actor: str,
    happened_at: datetime,
    *,
    place: tuple[str, int | None, Kind | None] | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """Append one event in the caller's transaction, which must be a writing one.

    Args:
        place: Stream id, segment id and kind that it concerns; None for the studio as a whole.

    Returns:
        The event's ``seq``.
    """
    return record_events(connection, [NewEvent(verb, actor, happened_at, place, details or {})])


def record_events(connection: sa.Connection, new: Sequence[NewEvent]) -> int:
    """Append events in the given order, in the caller's transaction, which must be a writing one.

    Returns:
        The ``seq`` of the last one; of the newest in the log when there is none to append, 0 in an empty log.
    """
    last = connection.execute(_LAST).one_or_none()
    seq, link = (last.seq, last.chain_sha256) if last else (0, "")
    rows = []
    for event in new:
        seq += 1
        row = _row(seq, event)
        link = chain_link(link, row)
        rows.append({**row, "stream_id": row["recorded_stream_id"], "chain_sha256": link})
    if rows:
        connection.execute(_INSERT, rows)
    return int(seq)


def _row(seq: int, event: NewEvent) -> dict[str, Any]:
    stream_id, segment_id, kind = event.place or (None, None, None)
    return {
        "seq": seq,
        "verb": event.verb,
        "actor": event.actor,
        "recorded_stream_id": stream_id,
        "segment_id": segment_id,
        "kind": kind,
        "details": json.loads(json.dumps(dict(event.details))),
        "happened_at": event.happened_at,
    }


def chain_link(previous_sha256: str, row: Mapping[str, Any]) -> str:
    """Return the digest that ties an event to all before it.

    Args:
        previous_sha256: The link of the event before, "" for the first.
        row: The event's columns; ``stream_id`` is left out because it follows a stream that is renamed, and
            ``recorded_stream_id`` stands for it.
    """
    said = [
        previous_sha256,
        row["seq"],
        row["verb"],
        row["actor"],
        row["recorded_stream_id"],
        row["segment_id"],
        row["kind"],
        row["details"],
        row["happened_at"].astimezone(UTC).isoformat(),
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class LogFault:
    """A place where the log is not what was written."""

    seq: int
    message: str


def verify_log(connection: sa.Connection) -> list[LogFault]:
    """Read the whole log and find rows that were changed, removed or put in.

    Returns:
        The faults in the order of the log; empty for a sound log. After a changed row the check goes on from
        what that row claims, so that one change is one fault.
    """
    faults = []
    seq, link = 0, ""
    for row in connection.execute(sa.select(events).order_by(events.c.seq)).mappings():
        if row["seq"] != seq + 1:
            faults.append(LogFault(row["seq"], f"{row['seq'] - seq - 1} events before it are missing"))
        elif chain_link(link, dict(row)) != row["chain_sha256"]:
            faults.append(LogFault(row["seq"], "it is not what was written"))
        seq, link = row["seq"], row["chain_sha256"]
    return faults


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
    return [_event(row) for row in connection.execute(query)]


def list_place_events(connection: sa.Connection, place: tuple[str, int, Kind], verb: str) -> list[Event]:
    """Read the events with one verb about one still or clip, newest first."""
    stream_id, segment_id, kind = place
    query = sa.select(events).where(
        events.c.stream_id == stream_id,
        events.c.segment_id == segment_id,
        events.c.kind == kind.value,
        events.c.verb == verb,
    )
    return [_event(row) for row in connection.execute(query.order_by(events.c.seq.desc()))]


def last_event_seq(connection: sa.Connection, stream_id: str | None = None) -> int:
    """Return the ``seq`` of the newest event, of one stream when given; 0 when nothing ever happened."""
    query = sa.select(sa.func.max(events.c.seq))
    if stream_id is not None:
        query = query.where(events.c.stream_id == stream_id)
    return connection.scalar(query) or 0


def _event(row: sa.Row[Any]) -> Event:
    return Event(
        row.seq,
        row.verb,
        row.actor,
        row.stream_id,
        row.segment_id,
        Kind(row.kind) if row.kind else None,
        row.details,
        row.happened_at,
    )
