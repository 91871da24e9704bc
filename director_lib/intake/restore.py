"""Making an older version the current one again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from director_lib.domain.version import Version, in_words
from director_lib.errors import DirectorError, LostFileError, RuleError
from director_lib.intake.placing import settle
from director_lib.intake.shelf import Shelf
from director_lib.intake.stamps import MISSING
from director_lib.media.files import VersionFiles
from director_lib.store.archived_files import find_away
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.versions import (
    clear_pending,
    find_current,
    find_pending,
    get_asset_file,
    get_asset_id,
    get_version,
    set_pending,
)
from director_lib.streams.folder import StreamsRoot


def make_current(
    database: Database,
    files: VersionFiles,
    root: StreamsRoot,
    version_id: int,
    *,
    actor: str,
    now: datetime,
) -> Version:
    """Make a version current and put its bytes under the stream's file name.

    Nothing is removed: the version that was current stays in the history, and so does a file on disk that
    nobody had read yet. A version that is current already is put in place again when its file is missing or
    was changed. Interrupted by a crash, it is finished by the next start of the worker.

    Args:
        actor: User name for the timeline.
        now: Aware UTC instant for the timeline.

    Returns:
        The version, now current.

    Raises:
        NotFoundError: There is no such version, or the stream is gone.
        RuleError: The version's file is in the archive and has to be brought back first.
        LostFileError: The version's file is missing from the version store, or damaged in it.
        StorageError: The file cannot be put in place. What was current before stays current.
    """
    shelf = Shelf(database, files, root)
    with database.read() as connection:
        version = get_version(connection, version_id)
        asset_id = get_asset_id(connection, version_id)
        is_away = bool(find_away(connection, [version.sha256]))
    if is_away and not files.path(version.sha256, version.extension).is_file():
        raise RuleError(
            f"The file of {in_words(version)} is in the archive. Nothing was changed. Bring it back first, "
            "then make it current."
        )
    check_file(files, version)
    root.path(version.stream_id)
    with shelf.lock(asset_id):
        settle(shelf, asset_id, now=now)
        with database.write() as connection:
            _choose(connection, asset_id, version, actor, now)
        try:
            settle(shelf, asset_id, now=now)
        except DirectorError as error:
            _take_back(shelf, asset_id, version, f"{actor}: {error.user_message}", now)
            raise
    return version


def check_file(files: VersionFiles, version: Version) -> None:
    """Make sure that a version's file has the bytes that were recorded.

    Raises:
        LostFileError: It is missing or has other bytes.
    """
    fault = files.find_fault(version.sha256, version.extension, version.size_bytes, read=True)
    if fault is not None:
        raise LostFileError(in_words(version), fault)


def _choose(connection: sa.Connection, asset_id: int, version: Version, actor: str, now: datetime) -> None:
    before = find_current(connection, asset_id)
    set_pending(connection, asset_id, version.id)
    is_same = before is not None and before.id == version.id
    if is_same and get_asset_file(connection, asset_id).stamp != MISSING:
        return
    details: dict[str, object] = {"version_id": version.id, "number": version.number}
    if before is not None:
        details |= {"before_id": before.id, "before_number": before.number}
    place = (version.stream_id, version.segment_id, version.kind)
    record_event(connection, "put_back" if is_same else "restored", actor, now, place=place, details=details)


def _take_back(shelf: Shelf, asset_id: int, version: Version, why: str, now: datetime) -> None:
    with shelf.database.write() as connection:
        pending = find_pending(connection, asset_id)
        if pending is None or pending.id != version.id:
            return
        clear_pending(connection, asset_id)
        place = (version.stream_id, version.segment_id, version.kind)
        details = {"version_id": version.id, "number": version.number, "why": why}
        record_event(connection, "restore_failed", "worker", now, place=place, details=details)
