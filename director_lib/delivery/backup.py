"""Saving a studio into one file while people and the worker go on working."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.delivery.backup_file import BackupWriter, Progress, new_backup
from director_lib.delivery.backup_manifest import (
    STREAMS,
    TABLES,
    VERSIONS,
    BackupManifest,
    Damage,
    StreamFile,
)
from director_lib.delivery.backup_rows import dump_rows, saved_tables
from director_lib.delivery.backup_streams import StreamParts, find_stream_parts
from director_lib.errors import InputError, StorageError
from director_lib.media.files import VersionFiles
from director_lib.store.archived_files import list_away
from director_lib.store.database import open_database
from director_lib.store.migrate import find_revision, has_tables
from director_lib.store.tables import versions
from director_lib.streams.folder import StreamsRoot

VersionName = tuple[str, str]
"""Digest and extension of a version file."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """What one consistent view of the database gave."""

    revision: str
    counts: dict[str, int]
    versions: list[VersionName]


def write_backup(
    settings: Settings, target: Path, *, with_streams: bool = True, progress: Progress | None = None
) -> BackupManifest:
    """Save the database, the version files that it names, and the streams' own files.

    The rows are those of one instant; whatever is recorded later is not in the backup. Version files never
    change, so all that the rows name are there, and each is checked against its digest on the way. One that
    is missing or damaged is told in the result and stops nothing. Sessions are left out: a backup signs
    nobody in. Password hashes are in it.

    Args:
        target: File to make; its folder must exist.
        with_streams: Whether to save the streams' JSON files, stills and clips, too.
        progress: Called now and then with what is being done and how far it is in percent.

    Returns:
        What is in the backup, and what could not be saved.

    Raises:
        StorageError: There is no database, the target exists, or the disk refused. No file is left behind.
    """
    tell = progress or _say_nothing
    _check_there(settings)
    with new_backup(target) as writer:
        rows = _add_rows(writer, settings, tell)
        damaged = _add_versions(writer, VersionFiles(settings.media_dir), rows.versions, tell)
        parts = find_stream_parts(StreamsRoot(settings.streams_root)) if with_streams else StreamParts()
        stream_files = _add_streams(writer, settings.streams_root, parts, tell)
        manifest = BackupManifest(
            made_at=datetime.now(UTC),
            schema_revision=rows.revision,
            tables=rows.counts,
            members=writer.members,
            stream_files=stream_files,
            stream_links=parts.links,
            damaged=damaged + parts.damaged,
        )
        writer.finish(manifest)
    tell("done", 100.0)
    return manifest


def _check_there(settings: Settings) -> None:
    """Refuse to make a review database where there is none, only to save it."""
    if settings.database_url is None:
        is_there, check = settings.database_file.is_file(), "DIRECTOR_HOME and DIRECTOR_DB_PATH"
    else:
        is_there, check = has_tables(settings.database), "DIRECTOR_DATABASE_URL"
    if not is_there:
        raise StorageError(
            f"There is no review database {settings.database_name}, so there is nothing to save. "
            f"Check {check}."
        )


def _add_rows(writer: BackupWriter, settings: Settings, tell: Progress) -> _Rows:
    database = open_database(settings.database)
    counts: dict[str, int] = {}
    tables = saved_tables()
    try:
        with database.read() as connection:
            for number, table in enumerate(tables):
                tell("saving rows", 100 * number / len(tables))
                counts[table.name] = _add_table(writer, connection, table)
            named = sa.select(versions.c.sha256, versions.c.extension).distinct()
            store, away = VersionFiles(settings.media_dir), list_away(connection)
            # what lies in the archive is as safe as it was; only what is here is saved
            files = [
                (sha256, extension)
                for sha256, extension in connection.execute(named)
                if (sha256, extension) not in away or store.path(sha256, extension).is_file()
            ]
            revision = find_revision(connection)
    finally:
        database.close()
    assert revision is not None
    return _Rows(revision, counts, sorted(files))


def _add_table(writer: BackupWriter, connection: sa.Connection, table: sa.Table) -> int:
    n_rows = 0

    def counted() -> Iterator[bytes]:
        nonlocal n_rows
        for line in dump_rows(connection, table):
            n_rows += 1
            yield line

    writer.add_text(f"{TABLES}/{table.name}.jsonl", counted())
    return n_rows


def _add_versions(
    writer: BackupWriter, files: VersionFiles, names: list[VersionName], tell: Progress
) -> list[Damage]:
    damaged = []
    for number, (sha256, extension) in enumerate(names):
        tell("saving versions", 100 * number / len(names))
        name = f"{VERSIONS}/{sha256[:2]}/{sha256}{extension}"
        try:
            with files.get(sha256, extension).open("rb") as file:
                if _digest(file) != sha256:
                    damaged.append(Damage(what=name, why="its bytes are not the ones that were judged"))
                    continue
                added = writer.add_file(name, file)
        except (InputError, FileNotFoundError, PermissionError) as error:
            damaged.append(Damage(what=name, why=_because(error)))
            continue
        if added.sha256 != sha256:
            raise StorageError(f"{file.name} changed while it was saved. No backup was made; check the disk.")
    return damaged


def _add_streams(writer: BackupWriter, root: Path, parts: StreamParts, tell: Progress) -> list[StreamFile]:
    saved = {member.sha256: member.name for member in writer.members if member.name.startswith(VERSIONS)}
    found = []
    for number, path in enumerate(parts.files):
        tell("saving streams", 100 * number / len(parts.files))
        try:
            with (root / path).open("rb") as file:
                modified_ns = os.fstat(file.fileno()).st_mtime_ns
                member = saved.get(_digest(file)) or writer.add_file(f"{STREAMS}/{path}", file).name
        except (FileNotFoundError, PermissionError) as error:
            # people go on working: a file may be gone by now, or never was readable
            parts.damaged.append(Damage(what=path, why=_because(error)))
            continue
        found.append(StreamFile(path=path, member=member, modified_ns=modified_ns))
    return found


def _digest(file: BinaryIO) -> str:
    """Digest an open file and go back to its start: what is added then is what was checked."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _because(error: Exception) -> str:
    return "it may not be read" if isinstance(error, PermissionError) else "it is missing"


def _say_nothing(_what: str, _percent: float) -> None:
    """Take no notice."""
