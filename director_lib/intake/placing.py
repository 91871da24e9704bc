"""Putting a version's bytes under the stream's own file name, so that a crash at any point can be finished.

A version that is about to become current is *pending*: its row is committed first, then its file is put in
place, then one transaction makes it current and closes the task that made it. Whoever finds a pending version
can finish it: every step may be repeated.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Version
from director_lib.errors import DirectorError
from director_lib.intake.absorb import absorb
from director_lib.intake.shelf import Shelf
from director_lib.intake.stamps import SeenFile, look_at, relative_name
from director_lib.media.files import VersionFiles, hash_file
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.tasks import Outcome, find_task, finish
from director_lib.store.versions import (
    clear_pending,
    find_pending,
    list_pending_assets,
    record_file,
    set_current,
)
from director_lib.streams.atomic import place_file
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_media, target_path


def finish_placements(
    database: Database, files: VersionFiles, root: StreamsRoot, *, now: datetime
) -> list[DirectorError]:
    """Finish every placement that an earlier process left half-way.

    Returns:
        The errors of those that cannot be finished now (a stream's folder is gone, a disk is full). They stay
        pending, and nothing is lost. Empty when all is in place.
    """
    shelf = Shelf(database, files, root)
    with database.read() as connection:
        waiting = list_pending_assets(connection)
    refused = []
    for asset_id in waiting:
        try:
            with shelf.lock(asset_id):
                settle(shelf, asset_id, now=now)
        except DirectorError as error:
            refused.append(error)
    return refused


def settle(shelf: Shelf, asset_id: int, *, now: datetime) -> None:
    """Put the asset's pending version in place and make it current; nothing happens when none is pending.

    The caller holds the asset's lock. May be repeated after a crash at any point.

    Raises:
        NotFoundError: The stream's folder, or the version's file, is gone.
        StorageError: The file cannot be put in place; the one that was there is untouched.
    """
    with shelf.database.read() as connection:
        version = find_pending(connection, asset_id)
    if version is None:
        return
    take_in_present_file(shelf, asset_id, version, now=now)
    placed = _place(shelf, asset_id, version, now)
    with shelf.database.write() as connection:
        if find_pending(connection, asset_id) != version:
            return
        set_current(connection, asset_id, version.id)
        clear_pending(connection, asset_id)
        record_file(connection, asset_id, placed.name, placed.stamp)
        close_task(connection, version, now)


def take_in_present_file(shelf: Shelf, asset_id: int, version: Version, *, now: datetime) -> None:
    """Keep the file that is about to be replaced when nobody has read it yet; its bytes become a version."""
    present = _find_present(shelf, version)
    seen = look_at(present) if present is not None else None
    if seen is not None:
        absorb(shelf, asset_id, seen, now=now, make_current=False)


def _find_present(shelf: Shelf, version: Version) -> Path | None:
    return find_media(shelf.root, version.stream_id).get((version.segment_id, version.kind))


def _place(shelf: Shelf, asset_id: int, version: Version, now: datetime) -> SeenFile:
    source = shelf.files.get(version.sha256, version.extension)
    target = target_path(shelf.root, version.stream_id, version.segment_id, version.kind, version.extension)
    if not _has_bytes(target, version.sha256):
        place_file(source, target)
    while (rival := _find_present(shelf, version)) is not None and rival != target:
        # a file with another extension that every reader would prefer; its bytes become a version first
        take_in_present_file(shelf, asset_id, version, now=now)
        rival.unlink(missing_ok=True)
    placed = look_at(target)
    if placed is None or not _has_bytes(target, version.sha256):
        # somebody replaced it at once: an empty stamp makes the next scan read it
        return SeenFile(target, relative_name(target), "")
    return placed


def _has_bytes(path: Path, sha256: str) -> bool:
    return path.is_file() and hash_file(path) == sha256


def close_task(connection: sa.Connection, version: Version, now: datetime) -> None:
    """Let the task that made the version succeed, once."""
    task_id = version.provenance.task_id
    task = find_task(connection, task_id) if task_id is not None else None
    if task is None or not task.is_open:
        return
    too_late = task.cancel_requested_at is not None
    phase = "finished before it could be cancelled" if too_late else "done"
    finish(connection, task.id, Outcome(TaskState.SUCCEEDED, now, version_id=version.id, phase=phase))
    _tell_generated(connection, task, version, now)


def _tell_generated(connection: sa.Connection, task: Task, version: Version, now: datetime) -> None:
    details = {
        "task_id": task.id,
        "version_id": version.id,
        "number": version.number,
        "engine": task.request.engine,
        "cost_usd": version.provenance.cost_usd,
    }
    place = (version.stream_id, version.segment_id, version.kind)
    record_event(connection, "generated", task.author, now, place=place, details=details)
