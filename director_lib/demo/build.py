"""Building the demo studio: folders, pictures and history, so that an interrupted build can be finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import filelock

from director_lib.config import Settings
from director_lib.demo.catalog import DEMO_IDS, history
from director_lib.demo.painter import Painted
from director_lib.demo.paintings import Painting, PictureSize, VersionKey, current_only, paint, plan
from director_lib.demo.staging import Staging
from director_lib.demo.telling import tell_histories
from director_lib.domain.stream import Stream
from director_lib.domain.version import Kind, Origin, Provenance, Version
from director_lib.errors import InputError, StorageError
from director_lib.intake.scan import scan_stream
from director_lib.intake.stamps import look_at
from director_lib.media.files import VersionFiles
from director_lib.media.probe import probe
from director_lib.store.assets import find_asset_id
from director_lib.store.database import Database, open_database
from director_lib.store.versions import NewVersion, current_versions, record_file
from director_lib.streams.folder import StreamsRoot

Say = Callable[[str], object]
"""Told in one line what is being done."""

_LOCK_FILE = "demo.lock"
_SAID_PERCENT = 25


def ensure_demo(
    settings: Settings, *, progress: Say = print, size: PictureSize | None = None, now: datetime | None = None
) -> list[str]:
    """Fill a studio that has no streams with three of them and two weeks of history.

    A build that was interrupted, even by kill -9, is finished by the next call; until then none of its
    streams is half there. A studio that has streams of its own is left alone.

    Args:
        progress: Told in one line what is being done.
        size: Other sizes of stills and clips than the streams' own, for tests.
        now: Aware instant that the history leads up to; the present one when None.

    Returns:
        Ids of the streams that were made, sorted; empty when there was nothing to do.

    Raises:
        StorageError: A folder or the database cannot be written.
        EngineError: A picture could not be painted.
    """
    staging = Staging(settings.streams_root)
    if not _is_wanted(staging):
        return []
    with _alone(settings.data_dir / _LOCK_FILE):
        if not _is_wanted(staging):
            return []
        staging.begin(DEMO_IDS)
        database = open_database(settings.database)
        try:
            _Build(settings, database, staging, progress).run(size, now or datetime.now(UTC))
        finally:
            database.close()
        staging.finish()
    progress(f"The demo is ready: {', '.join(DEMO_IDS)}.")
    return list(DEMO_IDS)


def write_folders(folder: Path, *, progress: Say = print, size: PictureSize | None = None) -> list[Path]:
    """Write the three demo streams as plain folders, each with its newest stills and clips; no database.

    An interrupted call can be repeated and goes on where it stopped.

    Args:
        folder: Made when it does not exist; other things in it stay as they are.
        progress: Told in one line what is being done.
        size: Other sizes of stills and clips than the streams' own, for tests.

    Returns:
        The streams' folders, sorted.

    Raises:
        InputError: The folder has something by the name of one of the streams.
        StorageError: The folder cannot be written.
        EngineError: A picture could not be painted.
    """
    staging = Staging(folder.expanduser().resolve())
    taken = [stream_id for stream_id in DEMO_IDS if (staging.home / stream_id).exists()]
    if taken and not staging.is_unfinished():
        raise InputError(
            f"{folder} already has {', '.join(taken)}. Nothing was written; choose another folder."
        )
    staging.begin(DEMO_IDS)
    missing = [staging.read(stream_id) for stream_id in DEMO_IDS if not staging.is_published(stream_id)]
    paintings = [
        painting for stream in missing for painting in current_only(plan(stream, history(stream.id), size))
    ]
    for key, painted in _newest(_paint(paintings, staging, progress)).items():
        staging.place(painted.path, *key)
    for stream in missing:
        staging.publish(stream.id)
    staging.finish()
    return [staging.home / stream_id for stream_id in DEMO_IDS]


class _Build:
    """One run of ``ensure_demo``; each part may be repeated after an interruption."""

    def __init__(self, settings: Settings, database: Database, staging: Staging, progress: Say) -> None:
        self._zone = ZoneInfo(settings.time_zone)
        self._files = VersionFiles(settings.media_dir)
        self._database = database
        self._staging = staging
        self._progress = progress

    def run(self, size: PictureSize | None, now: datetime) -> None:
        """Paint, tell and publish what is not there yet."""
        streams = [self._staging.read(stream_id) for stream_id in DEMO_IDS]
        untold = [stream for stream in streams if not self._versions(stream)]
        paintings = [painting for stream in untold for painting in plan(stream, history(stream.id), size)]
        painted = _paint(paintings, self._staging, self._progress)
        facts = {key: self._store(picture, now) for key, picture in painted.items()}
        with self._database.write() as connection:
            tell_histories(connection, untold, facts, now, self._zone)
        for stream in streams:
            self._publish(stream)
        root = StreamsRoot(self._staging.home)
        for stream in streams:
            scan_stream(self._database, self._files, root, stream, now=now)

    def _versions(self, stream: Stream) -> dict[tuple[int, Kind], Version]:
        with self._database.read() as connection:
            return current_versions(connection, stream.id)

    def _store(self, painted: Painted, now: datetime) -> NewVersion:
        facts = probe(painted.path)
        stored = self._files.add(painted.path, facts.extension)
        return NewVersion(
            sha256=stored.sha256,
            extension=facts.extension,
            size_bytes=stored.size_bytes,
            origin=Origin.GENERATED,
            created_at=now,
            width=facts.width,
            height=facts.height,
            duration_s=facts.duration_s,
            provenance=Provenance(model=painted.model, params=painted.params),
        )

    def _publish(self, stream: Stream) -> None:
        """Put the current versions' files in place, remember their stamps, and let the stream appear."""
        if self._staging.is_published(stream.id):
            return
        placed = {}
        for place, version in self._versions(stream).items():
            source = self._files.path(version.sha256, version.extension)
            # somebody may have cleared the media folder and kept the history: the still is then missing
            if source.exists():
                placed[place] = look_at(self._staging.place(source, stream.id, *place))
        with self._database.write() as connection:
            for (segment_id, kind), seen in placed.items():
                asset_id = find_asset_id(connection, stream.id, segment_id, kind)
                if asset_id is not None and seen is not None:
                    record_file(connection, asset_id, seen.name, seen.stamp)
        self._staging.publish(stream.id)


def _is_wanted(staging: Staging) -> bool:
    if staging.is_unfinished() or not staging.home.exists():
        return True
    return not StreamsRoot(staging.home).list_ids()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time build; a crash frees the lock."""
    lock = filelock.FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise StorageError(
            f"{path} cannot be locked ({error.strerror or error}). Nothing was made. Make "
            f"{path.parent} writable, or set DIRECTOR_HOME to a folder that you may write."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _paint(paintings: list[Painting], staging: Staging, progress: Say) -> dict[VersionKey, Painted]:
    if paintings:
        progress(f"Painting {len(paintings)} demo pictures, once; this takes up to a minute.")
    said = set()

    def tell(phase: str, percent: float) -> None:
        line = f"  {phase}: {percent // _SAID_PERCENT * _SAID_PERCENT:.0f} %"
        if line not in said:
            said.add(line)
            progress(line)

    return paint(paintings, staging.pictures, tell)


def _newest(painted: Mapping[VersionKey, Painted]) -> dict[tuple[str, int, Kind], Painted]:
    """Keep the last version of each asset; versions of an asset are in their order."""
    return {key[:3]: picture for key, picture in painted.items()}
