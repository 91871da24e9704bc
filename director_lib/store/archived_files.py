"""Which version files lie in an archive, where, and whether they are still here, too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import archived_files, assets, versions

FileKey = tuple[str, str]
"""A version file: its digest and its ending."""


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A version file of which a verified copy lies in an archive.

    Attributes:
        place: The archive's address, without any secret.
        name: Its name there.
        verified_at: When the copy was last read back and had the right digest.
        trashed_at: When the file here was moved to the trash; None while it is here.
        purged_at: When it was removed from the trash; None before.
    """

    sha256: str
    extension: str
    size_bytes: int
    place: str
    name: str
    archived_by: str
    archived_at: datetime
    verified_at: datetime
    trashed_at: datetime | None = None
    purged_at: datetime | None = None

    @property
    def key(self) -> FileKey:
        """Which file it is."""
        return self.sha256, self.extension


_OWNER = assets.c.id == versions.c.asset_id
_COLUMNS = tuple(archived_files.c[name] for name in ArchivedFile.__slots__)


def record_archived(connection: sa.Connection, file: ArchivedFile) -> None:
    """Record that a verified copy lies in an archive; one that was recorded there before is replaced."""
    connection.execute(archived_files.delete().where(_is(file.key), archived_files.c.place == file.place))
    connection.execute(
        archived_files.insert().values({name: getattr(file, name) for name in ArchivedFile.__slots__})
    )


def mark_verified(connection: sa.Connection, file: ArchivedFile, verified_at: datetime) -> None:
    """Record that a copy was read back and is right."""
    _update(connection, file, {"verified_at": verified_at})


def mark_trashed(connection: sa.Connection, key: FileKey, trashed_at: datetime) -> None:
    """Record that the file here is being moved to the trash, before it is."""
    values = {"trashed_at": trashed_at, "purged_at": None}
    connection.execute(archived_files.update().where(_is(key)).values(values))


def mark_purged(connection: sa.Connection, key: FileKey, purged_at: datetime) -> None:
    """Record that a file is removed from the trash."""
    connection.execute(archived_files.update().where(_is(key)).values(purged_at=purged_at))


def mark_here(connection: sa.Connection, key: FileKey) -> None:
    """Record that a file is here again; its copies in archives stay."""
    connection.execute(archived_files.update().where(_is(key)).values(trashed_at=None, purged_at=None))


def list_archived(connection: sa.Connection) -> list[ArchivedFile]:
    """Read everything that lies in archives, the latest first."""
    newest_first = sa.select(*_COLUMNS).order_by(archived_files.c.archived_at.desc(), archived_files.c.id)
    return [_file(row) for row in connection.execute(newest_first)]


def list_copies(connection: sa.Connection, key: FileKey) -> list[ArchivedFile]:
    """Read in which archives a file lies, the latest first; empty when in none."""
    query = sa.select(*_COLUMNS).where(_is(key)).order_by(archived_files.c.archived_at.desc())
    return [_file(row) for row in connection.execute(query)]


def list_away(connection: sa.Connection) -> frozenset[FileKey]:
    """Read which files were moved out of the version store."""
    columns = (archived_files.c.sha256, archived_files.c.extension)
    query = sa.select(*columns).where(archived_files.c.trashed_at.is_not(None)).distinct()
    return frozenset((sha256, extension) for sha256, extension in connection.execute(query))


def sum_archived(connection: sa.Connection) -> tuple[int, int]:
    """Count the files that lie in archives, each once, and add up their sizes."""
    columns = (archived_files.c.sha256, archived_files.c.extension, archived_files.c.size_bytes)
    files = sa.select(*columns).distinct().subquery()
    total = sa.func.coalesce(sa.func.sum(files.c.size_bytes), 0)
    count, size_bytes = connection.execute(sa.select(sa.func.count(), total).select_from(files)).one()
    return int(count), int(size_bytes)


def sum_files_here(connection: sa.Connection, stream_id: str) -> dict[tuple[Kind, bool], tuple[int, int]]:
    """Count a stream's version files that are here and add up their sizes, by kind and by being current."""
    is_away = sa.exists().where(
        archived_files.c.sha256 == versions.c.sha256,
        archived_files.c.extension == versions.c.extension,
        archived_files.c.trashed_at.is_not(None),
    )
    is_current = versions.c.id.is_not_distinct_from(assets.c.current_version_id)
    sums = (sa.func.count(), sa.func.sum(versions.c.size_bytes))
    query = sa.select(assets.c.kind, is_current, *sums).join_from(versions, assets, _OWNER)
    query = query.where(assets.c.stream_id == stream_id, sa.not_(is_away)).group_by(assets.c.kind, is_current)
    return {
        (Kind(kind), bool(current)): (int(count), int(size_bytes))
        for kind, current, count, size_bytes in connection.execute(query)
    }


def find_away(connection: sa.Connection, digests: Collection[str]) -> frozenset[str]:
    """Read which of these digests' files were moved out of the version store."""
    column = archived_files.c.sha256
    query = sa.select(column).where(column.in_(digests), archived_files.c.trashed_at.is_not(None))
    return frozenset(connection.scalars(query))


def _update(connection: sa.Connection, file: ArchivedFile, values: dict[str, Any]) -> None:
    where = sa.and_(_is(file.key), archived_files.c.place == file.place)
    connection.execute(archived_files.update().where(where).values(values))


def _is(key: FileKey) -> sa.ColumnElement[bool]:
    return sa.and_(archived_files.c.sha256 == key[0], archived_files.c.extension == key[1])


def _file(row: sa.Row[Any]) -> ArchivedFile:
    # the columns are read in the order of the fields
    values: list[Any] = list(row)
    return ArchivedFile(*values)
