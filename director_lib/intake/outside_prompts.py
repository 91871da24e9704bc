"""Noticing prompts that somebody edited in production.json itself, and telling the timeline."""

from __future__ import annotations

from datetime import datetime

from director_lib.domain.prompt_edits import OUTSIDE, PromptPlace, prompts_by_place
from director_lib.domain.stream import Stream
from director_lib.store.database import Database
from director_lib.store.events import NewEvent, record_events
from director_lib.store.known_prompts import put_known_prompts, read_known_prompts
from director_lib.store.prompt_history import EDITED_OUTSIDE
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.locking import stream_lock
from director_lib.streams.reader import read_stream

_LOCK_TIMEOUT_S = 2.0


def note_outside_prompts(database: Database, root: StreamsRoot, stream: Stream, *, now: datetime) -> int:
    """Record each prompt that differs from what was known of it; prompts seen for the first time are no edit.

    The workbench saves a prompt into the file and into the database while it holds the stream's lock. So a
    difference is looked at again under that lock before it counts as made outside.

    Args:
        stream: As it was just read; what changed since then is left for the next reading.

    Returns:
        How many edits were recorded.

    Raises:
        StreamFileError: production.json was broken meanwhile.
        StorageError: Somebody saves the stream for too long, or the database refused. Nothing was recorded.
    """
    with database.read() as connection:
        known = read_known_prompts(connection, stream.id)
    if not _news(stream, known):
        return 0
    with stream_lock(root, stream.id, timeout_s=_LOCK_TIMEOUT_S):
        return note_prompts_held(database, read_stream(root, stream.id), now=now)


def note_prompts_held(database: Database, stream: Stream, *, now: datetime) -> int:
    """Do what ``note_outside_prompts`` does, for a caller who read the stream while holding its lock."""
    with database.read() as connection:
        known = read_known_prompts(connection, stream.id)
    if not _news(stream, known):
        return 0
    with database.write() as connection:
        known = read_known_prompts(connection, stream.id)
        news = _news(stream, known)
        edits = [
            _event(stream.id, place, known[place], text, now)
            for place, text in news.items()
            if place in known
        ]
        record_events(connection, edits)
        put_known_prompts(connection, stream.id, news, now)
    return len(edits)


def _news(stream: Stream, known: dict[PromptPlace, str]) -> dict[PromptPlace, str]:
    return {place: text for place, text in prompts_by_place(stream).items() if known.get(place) != text}


def _event(stream_id: str, place: PromptPlace, before: str, after: str, now: datetime) -> NewEvent:
    segment_id, field = place
    details = {"before": {field: before}, "after": {field: after}}
    return NewEvent(EDITED_OUTSIDE, OUTSIDE, now, (stream_id, segment_id, None), details)
