"""What happened last on each stream, read anew only where something happened since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from director_lib.store.events import last_event_seq
from director_lib.store.overview import (
    StreamActivity,
    last_events,
    newest_events,
    newest_events_since,
    open_tasks_by_stream,
)

_QUIET = StreamActivity()


class StreamPulse:
    """Every stream's newest event; a studio of a thousand streams asks for it after each change.

    Attributes:
        newest: Each stream's newest event; streams that nothing happened to are absent.
    """

    def __init__(self) -> None:
        self.newest: dict[str, int] = {}
        self._seq = 0
        self._last: dict[str, StreamActivity] = {}
        self._told: dict[str, tuple[StreamActivity | None, StreamActivity]] = {}
        self._running: dict[str, int] = {}

    def read(self, connection: sa.Connection) -> set[str]:
        """Catch up with the timeline.

        Returns:
            Ids of the streams that something happened to since the last time.
        """
        seq = last_event_seq(connection)
        if seq < self._seq:  # another database lies there now
            self.forget()
        found = newest_events_since(connection, self._seq) if self._seq else newest_events(connection)
        self._last.update(last_events(connection, found))
        self._running = open_tasks_by_stream(connection)
        self.newest.update(found)
        self._seq = seq
        return set(found)

    def forget(self) -> None:
        """Read everything the next time: what is recorded of a stream has moved to another id."""
        self.newest, self._last, self._told, self._seq = {}, {}, {}, 0

    def activity(self, stream_id: str, spend: Mapping[str, float]) -> StreamActivity:
        """Return what happens on a stream; the same object as before when nothing is different.

        Args:
            spend: What each stream has cost; 0 for those that are absent.
        """
        last = self._last.get(stream_id, _QUIET)
        running, spend_usd = self._running.get(stream_id, 0), spend.get(stream_id, 0.0)
        base, told = self._told.get(stream_id, (None, _QUIET))
        if base is not last or (told.running, told.spend_usd) != (running, spend_usd):
            told = replace(last, running=running, spend_usd=spend_usd)
            self._told[stream_id] = (last, told)
        return told
