"""Taking one file that lies in a stream's folder into the version store."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from director_lib.domain.version import Kind, Origin, Provenance, Version
from director_lib.errors import InvalidMediaError, NotFoundError
from director_lib.intake.shelf import Shelf
from director_lib.intake.stamps import SeenFile, damaged_stamp, is_unchanged, look_at
from director_lib.media.files import StoredFile
from director_lib.media.probe import MediaFacts, probe
from director_lib.store.events import record_event
from director_lib.store.versions import (
    AssetFile,
    NewVersion,
    add_version,
    find_current,
    find_version_by_sha,
    get_asset_file,
    list_versions,
    record_file,
    set_current,
)

DISK = "disk"
"""The actor of everything that was found on disk: nobody knows who put it there."""


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What came of looking at one file.

    Attributes:
        version: The version with the file's bytes; None when the file was not taken in.
        is_new: Whether these bytes were never seen before for this asset.
        became_current: Whether the asset's current version is another one than before.
        damage: Why the file cannot be used; None when it can.
        is_unsettled: Whether it may still be in the making, and is to be looked at again soon.
    """

    version: Version | None = None
    is_new: bool = False
    became_current: bool = False
    damage: str | None = None
    is_unsettled: bool = False


def probe_as(path: Path, kind: Kind) -> MediaFacts:
    """Read a file's facts and make sure that it is of that kind.

    Raises:
        InvalidMediaError: It is damaged, incomplete, or of the other kind.
    """
    facts = probe(path)
    if facts.kind is not kind:
        raise InvalidMediaError(path, f"it is a {facts.kind.value}, and a {kind.value} is expected")
    return facts


def absorb(
    shelf: Shelf,
    asset_id: int,
    seen: SeenFile,
    *,
    now: datetime,
    make_current: bool,
    archived: Sequence[Path] = (),
) -> Absorbed:
    """Take a file in, unless it was read before. The caller holds the asset's lock.

    Known bytes become that version again; new bytes become a new version of unknown making, which nobody
    has decided on. A damaged file is only noted; what was current stays current.

    Args:
        make_current: Whether the file's version becomes the current one; not while another one is pending.
        archived: Earlier files, oldest first; they get the first numbers when the asset has no version yet.
    """
    with shelf.database.read() as connection:
        recorded = get_asset_file(connection, asset_id)
        is_first = not list_versions(connection, asset_id)
    if is_unchanged(recorded, seen) or (make_current and recorded.pending_version_id is not None):
        return Absorbed()
    older = _read_archived(shelf, recorded.kind, archived, now) if is_first else []
    try:
        facts = probe_as(seen.path, recorded.kind)
        stored = shelf.files.add(seen.path, facts.extension)
    except NotFoundError:
        return Absorbed()  # it was taken away while it was looked at
    except InvalidMediaError as error:
        if look_at(seen.path) != seen or _is_in_the_making(shelf, seen.path):
            return Absorbed(is_unsettled=True)
        return _note_damage(shelf, recorded, seen, error.why, now)
    if look_at(seen.path) != seen:
        return Absorbed(is_unsettled=True)  # somebody is writing it: the next look takes it in whole
    new = _new_version(facts, stored, seen.path, seen.name, now)
    with shelf.database.write() as connection:
        if is_first:
            _add_older(connection, asset_id, older, new.sha256)
        return _record(connection, recorded, seen, new, now if make_current else None)


def _is_in_the_making(shelf: Shelf, path: Path) -> bool:
    """Tell whether the file was written so lately that its writer may only be pausing."""
    try:
        return abs(time.time() - path.stat().st_mtime) < shelf.settle_s
    except OSError:
        return True  # it went away: the next look says what is there instead


def _record(
    connection: sa.Connection,
    recorded: AssetFile,
    seen: SeenFile,
    new: NewVersion,
    current_at: datetime | None,
) -> Absorbed:
    asset_id = recorded.asset_id
    current = find_current(connection, asset_id)
    if current is not None and current.sha256 == new.sha256:
        known: Version | None = current
    else:
        known = find_version_by_sha(connection, asset_id, new.sha256)
    version = known or add_version(connection, asset_id, new)
    if current_at is None:
        return Absorbed(version, is_new=known is None)
    record_file(connection, asset_id, seen.name, seen.stamp)
    if current is not None and current.id == version.id:
        return Absorbed(version)
    set_current(connection, asset_id, version.id)
    verb = "found" if known is None else "found_again"
    details = {"version_id": version.id, "number": version.number, "file": seen.name}
    _tell(connection, verb, recorded, details, current_at)
    return Absorbed(version, is_new=known is None, became_current=True)


def _note_damage(shelf: Shelf, recorded: AssetFile, seen: SeenFile, why: str, now: datetime) -> Absorbed:
    with shelf.database.write() as connection:
        record_file(connection, recorded.asset_id, seen.name, damaged_stamp(seen, why))
        _tell(connection, "file_damaged", recorded, {"file": seen.name, "why": why}, now)
    return Absorbed(damage=why)


def _read_archived(shelf: Shelf, kind: Kind, paths: Sequence[Path], now: datetime) -> list[NewVersion]:
    """Store the archived files that are complete; a damaged one has nothing to show and stays where it is."""
    older = []
    for path in paths:
        try:
            facts = probe_as(path, kind)
            stored = shelf.files.add(path, facts.extension)
        except InvalidMediaError:
            continue
        name = "/".join(path.parts[-3:])  # the kind's folder, the archive's, the file
        older.append(_new_version(facts, stored, path, name, now))
    return older


def _add_older(
    connection: sa.Connection, asset_id: int, older: list[NewVersion], current_sha256: str
) -> None:
    for new in older:
        known = find_version_by_sha(connection, asset_id, new.sha256)
        if known is None and new.sha256 != current_sha256:
            add_version(connection, asset_id, new)


def _new_version(facts: MediaFacts, stored: StoredFile, path: Path, name: str, now: datetime) -> NewVersion:
    return NewVersion(
        sha256=stored.sha256,
        extension=facts.extension,
        size_bytes=stored.size_bytes,
        origin=Origin.FOUND,
        created_at=min(_written_at(path), now),
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        provenance=Provenance(found_as=name, found_at=now),
    )


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _tell(
    connection: sa.Connection, verb: str, asset: AssetFile, details: dict[str, object], happened_at: datetime
) -> None:
    place = (asset.stream_id, asset.segment_id, asset.kind)
    record_event(connection, verb, DISK, happened_at, place=place, details=details)
