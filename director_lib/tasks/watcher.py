"""Taking in what people change in stream folders, while nobody has the stream open."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Collection
from pathlib import Path

from director_lib.domain.stream import Stream
from director_lib.errors import DirectorError, StreamFileError
from director_lib.intake.outside_briefs import note_outside_brief
from director_lib.intake.scan import ScanResult, scan_stream
from director_lib.intake.spec_states import note_outside_spec
from director_lib.media.thumbnails import prepare_thumbnails
from director_lib.streams.media_names import FOLDERS
from director_lib.streams.reader import FORM_FILE, SPEC_FILE, read_stream, spec_stamp
from director_lib.streams.watching import follow_streams
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")
_FULL_LOOKS = 20
_LOOK_S = 2.0
_AGAIN_S = 0.5
_SETTLE_S = 2.0
_STAMPED = (SPEC_FILE, FORM_FILE, *FOLDERS.values())


class StreamWatcher:
    """Looks into a stream as soon as the system reports a change in its folder, and into all of them slowly.

    Some changes are reported by nobody: those of another machine on a network disk, those beyond the system's
    limits. So every two seconds each stream's folders are asked when they were written last, which tells of
    files that came, went or were renamed. A file that was overwritten in place does not show there;
    therefore a few streams are also looked into thoroughly, in turn.

    Attributes:
        unsettled: Ids of streams with a file that may still be in the making.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._stamps: dict[str, object] = {}
        self._read: dict[str, tuple[object, Stream | StreamFileError]] = {}
        self._noted: dict[str, Stream] = {}
        self._next_full = 0
        self._troubles: dict[str, str] = {}
        self.unsettled: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Keep looking until ``stop`` is set.

        Raises:
            StorageError: The streams folder is missing or may not be listed.
        """
        next_look_at = next_again_at = 0.0
        for touched in follow_streams(self._workshop.root, stop):
            now = time.monotonic()
            if touched:
                self.look_into(touched)
            if now >= next_again_at:
                next_again_at = now + _AGAIN_S
                self.look_into(self.unsettled)
            if now >= next_look_at:
                self.look()
                next_look_at = time.monotonic() + _LOOK_S

    def look(self) -> list[str]:
        """Scan the streams that changed, and some others.

        A stream that cannot be read is logged once and never keeps the others from being looked at.

        Returns:
            Ids of the streams that were scanned.
        """
        ids = self._workshop.root.list_ids()
        full = self._take_turn(ids)
        changed = [
            stream_id
            for stream_id in ids
            if stream_id in full or self._stamps.get(stream_id) != self._folder_stamp(stream_id)
        ]
        self.look_into(changed)
        return changed

    def look_into(self, stream_ids: Collection[str]) -> None:
        """Scan these streams; whoever has a file that may still be in the making is scanned again soon."""
        for stream_id in sorted(stream_ids):
            stamp = self._folder_stamp(stream_id)
            self.unsettled.discard(stream_id)
            if self._scan(stream_id):
                self._stamps[stream_id] = stamp

    def _take_turn(self, ids: list[str]) -> set[str]:
        if len(ids) <= _FULL_LOOKS:
            return set(ids)
        first = self._next_full % len(ids)
        self._next_full = first + _FULL_LOOKS
        return set((ids + ids)[first : first + _FULL_LOOKS])

    def _folder_stamp(self, stream_id: str) -> object:
        folder = self._workshop.root.root / stream_id
        return tuple(_written_at(folder / name) for name in _STAMPED)

    def _scan(self, stream_id: str) -> bool:
        try:
            found = self._take_in(stream_id)
        except (DirectorError, OSError) as error:
            if self._troubles.get(stream_id) != str(error):
                told = {"stream_id": stream_id}
                _log.warning("stream %s cannot be looked at: %s", stream_id, error, extra=told)
            self._troubles[stream_id] = str(error)
            return False
        if found.unsettled:
            self.unsettled.add(stream_id)
        self._troubles.pop(stream_id, None)
        return True

    def _take_in(self, stream_id: str) -> ScanResult:
        shop = self._workshop
        stream = self._get_stream(stream_id)
        if self._noted.get(stream_id) is not stream:
            note_outside_spec(shop.database, shop.root, stream, now=shop.clock())
            note_outside_brief(shop.database, shop.root, stream_id, now=shop.clock())
            self._noted[stream_id] = stream
        now = shop.clock()
        found = scan_stream(shop.database, shop.files, shop.root, stream, now=now, settle_s=_SETTLE_S)
        for version in found.new_versions:
            prepare_thumbnails(shop.files, version.sha256, version.extension)
        return found

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


def _written_at(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - called for every stream, every two seconds
    except OSError:
        return 0
