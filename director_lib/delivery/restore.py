"""Bringing a studio back from a backup into an empty place, wholly or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.delivery.backup_file import Progress, opened_backup
from director_lib.delivery.backup_manifest import TABLES, VERSIONS, BackupManifest, StreamFile
from director_lib.delivery.backup_rows import check_revision, load_rows
from director_lib.delivery.restore_staging import Staging, check_empty, staging_for
from director_lib.delivery.stowed import Place, check_entry_id
from director_lib.domain.stream import check_stream_id
from director_lib.errors import StorageError
from director_lib.store.database import Database
from director_lib.store.migrate import upgrade_to

_UNPACKED = "unpacked"
_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was restored, and where.

    Attributes:
        database_name: The database's file, or its address without the password.
        data_dir: Folder with the versions.
    """

    manifest: BackupManifest
    database_name: str
    data_dir: Path
    streams_root: Path


def restore_backup(source: Path, settings: Settings, *, progress: Progress | None = None) -> RestoreResult:
    """Restore a backup into a place without database, versions and streams.

    On PostgreSQL the database itself exists already and has no table.

    Every member is checked against its digest before anything can be seen. A backup of an earlier release is
    brought up to date. A crash leaves a place that the next try finds empty again. Nobody is signed in
    afterwards; passwords are as they were. Open tasks go on when a worker starts.

    Args:
        progress: Called now and then with what is being done and how far it is in percent.

    Raises:
        StorageError: The place is not empty; the backup is cut off, changed, or of a newer release; or the
            disk refused. Nothing was restored.
    """
    tell = progress or (lambda _what, _percent: None)
    with opened_backup(source) as backup, staging_for(settings) as staging:
        manifest = backup.manifest
        check_revision(manifest.schema_revision)
        unpacked = staging.data / _UNPACKED
        backup.unpack(unpacked, tell)
        _lay_out(manifest, unpacked, staging)
        tell("building the database", 0.0)
        with _built_database(manifest, unpacked / TABLES, settings, staging):
            check_empty(settings)
            staging.publish()
    tell("done", 100.0)
    return RestoreResult(manifest, settings.database_name, settings.data_dir, settings.streams_root)


@contextmanager
def _built_database(
    manifest: BackupManifest, folder: Path, settings: Settings, staging: Staging
) -> Iterator[None]:
    """Have the database ready while everything is published: a file in staging, or rows to be committed."""
    if settings.database_url is None:
        database = Database(staging.database_file)
        try:
            with database.write() as connection:
                _fill(connection, manifest, folder)
        finally:
            database.close()
        _check_complete(staging.database_file)
        yield
    else:
        database = Database(settings.database)
        try:
            with database.write() as connection:
                _fill(connection, manifest, folder)
                # what people can see by then is taken back when the commit after it fails
                yield
        finally:
            database.close()


def _fill(connection: sa.Connection, manifest: BackupManifest, folder: Path) -> None:
    upgrade_to(connection, manifest.schema_revision)
    counts = load_rows(connection, {name: _lines(folder, name) for name in manifest.tables})
    if counts != manifest.tables:
        raise StorageError("The backup has another number of rows than it says. Nothing was restored.")
    upgrade_to(connection, "head")


def _check_complete(file: Path) -> None:
    # the last connection that closes puts everything into the one file that is renamed
    if file.with_name(f"{file.name}-wal").exists():
        raise StorageError(f"{file} could not be completed. Nothing was restored; try again.")


def _lines(folder: Path, table: str) -> Iterator[bytes]:
    path = folder / f"{table}.jsonl"
    if not path.is_file():
        raise StorageError(f"The backup has no rows of {table}, though it says so. Nothing was restored.")
    with path.open("rb") as file:
        yield from file


def _lay_out(manifest: BackupManifest, unpacked: Path, staging: Staging) -> None:
    """Put versions and stream folders together as they will be."""
    for member in manifest.members:
        if member.name.startswith(f"{VERSIONS}/") and member.sha256 not in member.name:
            raise StorageError(
                f"The backup's {member.name} has other bytes than its name. Nothing was restored."
            )
    if (unpacked / VERSIONS).is_dir():
        (unpacked / VERSIONS).rename(staging.data / VERSIONS)
        for path in (staging.data / VERSIONS).rglob("*.*"):
            path.chmod(_READ_ONLY)
    for file in manifest.stream_files:
        _place(file, unpacked, staging)
    for name, target in manifest.stream_links.items():
        _link(name, target, staging)


def _place(file: StreamFile, unpacked: Path, staging: Staging) -> None:
    """Copy a file to its stream; a version's own file is never shared, for people change what is theirs."""
    _check_in_stream(file.path)
    base = staging.data if file.member.startswith(f"{VERSIONS}/") else unpacked
    target = staging.streams / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base / file.member, target)
    os.utime(target, ns=(file.modified_ns, file.modified_ns))


def _link(name: str, target: str, staging: Staging) -> None:
    _check_in_stream(name)
    link = staging.streams / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(check_stream_id(target))


def _check_in_stream(path: str) -> None:
    """Refuse a path that does not begin with a live stream or one that was put away."""
    first, _, rest = path.partition("/")
    if first in set(Place):
        check_entry_id(rest.partition("/")[0])
    else:
        check_stream_id(first)
