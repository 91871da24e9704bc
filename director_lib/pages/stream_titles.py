"""Titles of streams, read when they are asked for: a page names a few of a thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from director_lib.errors import DirectorError
from director_lib.workbench import Workbench


class StreamTitles(Mapping[str, str]):
    """Stream id to title; a stream that cannot be read is called by its id."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._known: dict[str, str] = {}

    def __getitem__(self, stream_id: str) -> str:
        """Return the title of a stream."""
        if stream_id not in self._known:
            try:
                self._known[stream_id] = self._workbench.streams.get(stream_id).title or stream_id
            except DirectorError:
                self._known[stream_id] = stream_id
        return self._known[stream_id]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids of all streams."""
        return iter(self._workbench.streams.list_ids())

    def __len__(self) -> int:
        """Count the streams."""
        return len(self._workbench.streams.list_ids())
