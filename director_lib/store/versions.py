"""Assets and their versions: immutable rows, and the pointers that say which one is current."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.version import Kind, Origin, Provenance, Version
from director_lib.errors import NotFoundError
from director_lib.store.count_keeping import touch_asset
from director_lib.store.tables import assets, versions


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version about to be recorded; its file is in the version store already.

    Attributes:
        extension: File ending with its dot, lower case.
        created_at: Aware UTC instant.
        duration_s: Seconds of a clip; None for a still.
    """

    sha256: str
    extension: str
    size_bytes: int
    origin: Origin
    created_at: datetime
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    provenance: Provenance = field(default_factory=Provenance)


@dataclass(frozen=True, slots=True)
class AssetFile:
    """What is recorded of an asset and of its file in the stream's folder.

    Attributes:
        path: The file, relative to the stream's folder; None when none was ever seen.
        stamp: What the file looked like when it was last read; the intake knows its form.
    """

    asset_id: int
    stream_id: str
    segment_id: int
    kind: Kind
    current_version_id: int | None
    pending_version_id: int | None
    path: str | None
    stamp: str | None


_PROVENANCE = tuple(item.name for item in fields(Provenance))
# in the order of Version's and Provenance's fields: a stream of 1,000 segments is read for every page
_COLUMNS = (
    versions.c.id,
    assets.c.stream_id,
    assets.c.segment_id,
    assets.c.kind,
    versions.c.number,
    versions.c.sha256,
    versions.c.extension,
    versions.c.size_bytes,
    versions.c.origin,
    versions.c.created_at,
    versions.c.width,
    versions.c.height,
    versions.c.duration_s,
    *(versions.c[name] for name in _PROVENANCE),
)
_N_FACTS = len(_COLUMNS) - len(_PROVENANCE)
_KIND, _ORIGIN = _COLUMNS.index(assets.c.kind), _COLUMNS.index(versions.c.origin)
_REFERENCES = _PROVENANCE.index("reference_sha256s")
_KINDS = {kind.value: kind for kind in Kind}
_ORIGINS = {origin.value: origin for origin in Origin}


def add_version(connection: sa.Connection, asset_id: int, new: NewVersion) -> Version:
    """Append a version; its number is one more than the asset's last.

    The current pointer stays where it is.

    Raises:
        NotFoundError: There is no such asset.
    """
    if connection.scalar(sa.select(assets.c.id).where(assets.c.id == asset_id)) is None:
        raise NotFoundError("asset", asset_id)
    touch_asset(connection, asset_id)
    last = connection.scalar(sa.select(sa.func.max(versions.c.number)).where(versions.c.asset_id == asset_id))
    result = connection.execute(versions.insert().values(_row(asset_id, (last or 0) + 1, new)))
    key = result.inserted_primary_key
    assert key is not None
    return get_version(connection, int(key[0]))


def get_version(connection: sa.Connection, version_id: int) -> Version:
    """Return one version.

    Raises:
        NotFoundError: There is no such version.
    """
    row = connection.execute(_select().where(versions.c.id == version_id)).one_or_none()
    if row is None:
        raise NotFoundError("version", version_id)
    return _version(row)


def get_asset_id(connection: sa.Connection, version_id: int) -> int:
    """Return the id of the asset that a version belongs to.

    Raises:
        NotFoundError: There is no such version.
    """
    found = connection.scalar(sa.select(versions.c.asset_id).where(versions.c.id == version_id))
    if found is None:
        raise NotFoundError("version", version_id)
    return int(found)


def list_versions(connection: sa.Connection, asset_id: int) -> list[Version]:
    """Read every version of one asset, oldest first; empty when it has none."""
    rows = connection.execute(_select().where(versions.c.asset_id == asset_id).order_by(versions.c.number))
    return [_version(row) for row in rows]


def list_stream_versions(
    connection: sa.Connection, stream_id: str, segment_ids: Collection[int]
) -> list[Version]:
    """Read every version of a stream's named segments, stills and clips, oldest first."""
    of_segments = sa.and_(assets.c.stream_id == stream_id, assets.c.segment_id.in_(segment_ids))
    return [_version(row) for row in connection.execute(_select().where(of_segments).order_by(versions.c.id))]


def list_newest_versions(connection: sa.Connection, limit: int | None = None) -> list[Version]:
    """Read the studio's versions, newest first; all of them without a limit."""
    query = _select().order_by(versions.c.id.desc()).limit(limit)
    return [_version(row) for row in connection.execute(query)]


def find_version_by_sha(connection: sa.Connection, asset_id: int, sha256: str) -> Version | None:
    """Find the asset's newest version with exactly these bytes; None when it never had them."""
    query = _select().where(versions.c.asset_id == asset_id, versions.c.sha256 == sha256)
    row = connection.execute(query.order_by(versions.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else _version(row)


def find_extension(connection: sa.Connection, sha256: str) -> str | None:
    """Find the ending of a version's file in the version store by its digest, or None."""
    query = sa.select(versions.c.extension).where(versions.c.sha256 == sha256).limit(1)
    found: str | None = connection.scalar(query)
    return found


def find_version_of_task(connection: sa.Connection, task_id: str) -> Version | None:
    """Find the version that a task made; None while it has made none."""
    row = connection.execute(_select().where(versions.c.task_id == task_id)).one_or_none()
    return None if row is None else _version(row)


def set_current(connection: sa.Connection, asset_id: int, version_id: int) -> None:
    """Make one of the asset's versions the current one.

    Raises:
        NotFoundError: The asset has no such version.
    """
    _check_owner(connection, asset_id, version_id)
    touch_asset(connection, asset_id)
    connection.execute(assets.update().where(assets.c.id == asset_id).values(current_version_id=version_id))


def set_pending(connection: sa.Connection, asset_id: int, version_id: int) -> None:
    """Record that a version is about to become current, before its file is put in place.

    Raises:
        NotFoundError: The asset has no such version.
    """
    _check_owner(connection, asset_id, version_id)
    connection.execute(assets.update().where(assets.c.id == asset_id).values(pending_version_id=version_id))


def clear_pending(connection: sa.Connection, asset_id: int) -> None:
    """Record that no version waits to be put in place."""
    connection.execute(assets.update().where(assets.c.id == asset_id).values(pending_version_id=None))


def find_pending(connection: sa.Connection, asset_id: int) -> Version | None:
    """Find the version that waits to be put in place; None when there is none."""
    return _find_pointed(connection, asset_id, assets.c.pending_version_id)


def list_pending_assets(connection: sa.Connection) -> list[int]:
    """List the assets, by id, whose pending version was not yet put in place."""
    query = sa.select(assets.c.id).where(assets.c.pending_version_id.is_not(None)).order_by(assets.c.id)
    return [int(asset_id) for asset_id in connection.scalars(query)]


def find_current(connection: sa.Connection, asset_id: int) -> Version | None:
    """Find one asset's current version; None when it has none."""
    return _find_pointed(connection, asset_id, assets.c.current_version_id)


def current_versions(
    connection: sa.Connection, stream_id: str, segment_ids: Collection[int] | None = None
) -> dict[tuple[int, Kind], Version]:
    """Read current versions of a stream by segment and kind, of these segments only when given.

    Assets without one are absent.
    """
    query = _select().where(assets.c.stream_id == stream_id, versions.c.id == assets.c.current_version_id)
    if segment_ids is not None:
        query = query.where(assets.c.segment_id.in_(segment_ids))
    found = (_version(row) for row in connection.execute(query))
    return {(version.segment_id, version.kind): version for version in found}


def list_asset_files(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], AssetFile]:
    """Read what is recorded of every asset's file, by segment and kind; assets never seen are absent."""
    files = map(_asset_file, connection.execute(sa.select(assets).where(assets.c.stream_id == stream_id)))
    return {(file.segment_id, file.kind): file for file in files}


def get_asset_file(connection: sa.Connection, asset_id: int) -> AssetFile:
    """Return what is recorded of one asset's file.

    Raises:
        NotFoundError: There is no such asset.
    """
    row = connection.execute(sa.select(assets).where(assets.c.id == asset_id)).one_or_none()
    if row is None:
        raise NotFoundError("asset", asset_id)
    return _asset_file(row)


def record_file(connection: sa.Connection, asset_id: int, path: str | None, stamp: str | None) -> None:
    """Remember which file in the stream's folder shows the asset, and its stamp when it was last read."""
    connection.execute(
        assets.update().where(assets.c.id == asset_id).values(file_path=path, file_stamp=stamp)
    )


def _find_pointed(connection: sa.Connection, asset_id: int, pointer: sa.Column[Any]) -> Version | None:
    row = connection.execute(_select().where(assets.c.id == asset_id, versions.c.id == pointer)).one_or_none()
    return None if row is None else _version(row)


def _check_owner(connection: sa.Connection, asset_id: int, version_id: int) -> None:
    if get_asset_id(connection, version_id) != asset_id:
        raise NotFoundError(f"version of asset {asset_id}", version_id)


def _row(asset_id: int, number: int, new: NewVersion) -> dict[str, object]:
    facts = {item.name: getattr(new, item.name) for item in fields(new) if item.name != "provenance"}
    made_of = {name: getattr(new.provenance, name) for name in _PROVENANCE}
    return {**facts, **made_of, "asset_id": asset_id, "number": number, "origin": new.origin.value}


def _select() -> sa.Select[tuple[object, ...]]:
    return sa.select(*_COLUMNS).select_from(versions.join(assets, assets.c.id == versions.c.asset_id))


def _asset_file(row: Sequence[Any]) -> AssetFile:
    # the table's columns have the order of the fields
    asset_id, stream_id, segment_id, kind, *pointers_and_file = row
    return AssetFile(asset_id, stream_id, segment_id, _KINDS[kind], *pointers_and_file)


def _version(row: Sequence[Any]) -> Version:
    facts: list[Any] = list(row[:_N_FACTS])
    made_of = list(row[_N_FACTS:])
    facts[_KIND] = _KINDS[facts[_KIND]]
    facts[_ORIGIN] = _ORIGINS[facts[_ORIGIN]]
    made_of[_REFERENCES] = tuple(made_of[_REFERENCES])  # JSON has lists only
    facts.append(Provenance(*made_of))
    return Version(*facts)
