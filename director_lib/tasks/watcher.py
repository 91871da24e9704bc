"""Taking in files that people drop into stream folders, while nobody has the stream open."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError, StreamFileError
from director_lib.intake.scan import scan_stream
from director_lib.media.thumbnails import prepare_thumbnails
from director_lib.streams.media_names import FOLDERS
from director_lib.streams.reader import read_stream, spec_stamp
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_FULL_LOOKS = 20


class StreamWatcher:
    """Looks at every stream again and again, cheaply.

    A folder's own instant of writing tells of files that came, went or were renamed. A file that was
    overwritten in place does not show there, so each round also looks into a few streams thoroughly, in turn.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._stamps: dict[str, object] = {}
        self._read: dict[str, tuple[object, Stream | StreamFileError]] = {}
        self._next_full = 0
        self._troubles: dict[str, str] = {}

    def look(self) -> list[str]:
        """Scan the streams that changed, and some others.

        A stream that cannot be read is logged once and never keeps the others from being looked at.

        Returns:
            Ids of the streams that were scanned.
        """
        ids = self._workshop.root.list_ids()
        full = self._take_turn(ids)
        scanned = []
        for stream_id in ids:
            stamp = self._folder_stamp(stream_id)
            if stream_id not in full and self._stamps.get(stream_id) == stamp:
                continue
            scanned.append(stream_id)
            if self._scan(stream_id):
                self._stamps[stream_id] = stamp
        return scanned

    def _take_turn(self, ids: list[str]) -> set[str]:
        if len(ids) <= _FULL_LOOKS:
            return set(ids)
        first = self._next_full % len(ids)
        self._next_full = first + _FULL_LOOKS
        return set((ids + ids)[first : first + _FULL_LOOKS])

    def _folder_stamp(self, stream_id: str) -> object:
        folder = self._workshop.root.root / stream_id
        return tuple(_written_at(folder / name) for name in FOLDERS.values())

    def _scan(self, stream_id: str) -> bool:
        shop = self._workshop
        try:
            stream = self._get_stream(stream_id)
            found = scan_stream(shop.database, shop.files, shop.root, stream, now=shop.clock())
            for version in found.new_versions:
                prepare_thumbnails(shop.files, version.sha256, version.extension)
        except (DirectorError, OSError) as error:
            if self._troubles.get(stream_id) != str(error):
                _log.warning("stream %s cannot be looked at: %s", stream_id, error)
            self._troubles[stream_id] = str(error)
            return False
        self._troubles.pop(stream_id, None)
        return True

    def _get_stream(self, stream_id: str) -> Stream:
        stamp = spec_stamp(self._workshop.root, stream_id)
        kept = self._read.get(stream_id)
        if kept is None or kept[0] != stamp:
            kept = (stamp, self._try_to_read(stream_id))
            self._read[stream_id] = kept
        if isinstance(kept[1], StreamFileError):
            raise kept[1]
        return kept[1]

    def _try_to_read(self, stream_id: str) -> Stream | StreamFileError:
        # a broken file is kept in mind, too: reading one takes half a second, in case it is being written
        try:
            return read_stream(self._workshop.root, stream_id)
        except StreamFileError as error:
            return error


def _written_at(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - called for every stream, every two seconds
    except OSError:
        return 0
