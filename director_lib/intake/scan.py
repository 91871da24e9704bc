"""Noticing what changed in a stream's media folders since they were last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from director_lib.domain.stream import Oddity, Stream
from director_lib.domain.version import Kind, Version
from director_lib.intake.absorb import DISK, Absorbed, absorb
from director_lib.intake.shelf import Shelf
from director_lib.intake.stamps import MISSING, SeenFile, find_damage, is_unchanged, look_at
from director_lib.media.files import VersionFiles
from director_lib.store.assets import ensure_asset
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.versions import AssetFile, get_asset_file, list_asset_files, record_file
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_archived, find_media

Place = tuple[int, Kind]
"""Segment id and kind."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found; all parts are empty when nothing is new or wrong.

    Attributes:
        new_versions: Versions made of bytes never seen before, by segment.
        changed: Assets whose current version is another one than before the scan.
        missing: Assets whose file is gone; their current version stays and can be put back.
        oddities: Files that are there and cannot be used.
        unsettled: Assets whose file may still be in the making; it is to be looked at again soon.
    """

    new_versions: tuple[Version, ...] = ()
    changed: tuple[Place, ...] = ()
    missing: tuple[Place, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    unsettled: tuple[Place, ...] = ()


def scan_stream(
    database: Database,
    files: VersionFiles,
    root: StreamsRoot,
    stream: Stream,
    *,
    now: datetime,
    settle_s: float = 0.0,
) -> ScanResult:
    """Take in every still and clip that changed since it was last read; an unchanged file costs no reading.

    A file of known bytes makes that version current again. New bytes become a new, undecided version. A
    damaged or incomplete file leaves the current version as it is. An asset that has a version waiting to be
    put in place is passed over.

    Args:
        now: Aware UTC instant of the scan, for the timeline.
        settle_s: How long after it was last written a file that cannot be decoded may still be in the making.

    Raises:
        NotFoundError: The stream's folder is gone.
        StorageError: A folder cannot be listed, or the database or the version store refused.
    """
    shelf = Shelf(database, files, root, settle_s)
    media = find_media(root, stream.id)
    with database.read() as connection:
        recorded = list_asset_files(connection, stream.id)
    seen = {place: file for place, path in media.items() if (file := look_at(path)) is not None}
    outcomes = _take_changed(shelf, stream.id, seen, recorded, now)
    gone = _note_missing(shelf, [asset for place, asset in recorded.items() if place not in media], now)
    known = {
        place: why for place in seen if place not in outcomes and (why := find_damage(recorded.get(place)))
    }
    fresh = {place: outcome.damage for place, outcome in outcomes.items() if outcome.damage}
    return ScanResult(
        new_versions=tuple(item.version for item in outcomes.values() if item.version and item.is_new),
        changed=tuple(place for place, item in outcomes.items() if item.became_current),
        missing=tuple(gone),
        oddities=tuple(_oddity(seen[place], why) for place, why in sorted((known | fresh).items())),
        unsettled=tuple(place for place, item in outcomes.items() if item.is_unsettled),
    )


def _take_changed(
    shelf: Shelf,
    stream_id: str,
    seen: dict[Place, SeenFile],
    recorded: dict[Place, AssetFile],
    now: datetime,
) -> dict[Place, Absorbed]:
    changed = {
        place: file
        for place, file in seen.items()
        if not is_unchanged(recorded.get(place), file) and not _is_pending(recorded.get(place))
    }
    is_new = any(place not in recorded or recorded[place].path is None for place in changed)
    archived = find_archived(shelf.root, stream_id) if is_new else {}
    outcomes = {}
    for (segment_id, kind), file in changed.items():
        with shelf.database.write() as connection:
            asset_id = ensure_asset(connection, stream_id, segment_id, kind, now=now)
        with shelf.lock(asset_id):
            earlier: list[Path] = archived.get((segment_id, kind), [])
            outcomes[segment_id, kind] = absorb(
                shelf, asset_id, file, now=now, make_current=True, archived=earlier
            )
    return outcomes


def _note_missing(shelf: Shelf, assets: list[AssetFile], now: datetime) -> list[Place]:
    """Return the assets whose file is gone, telling the timeline once."""
    gone = [asset for asset in assets if asset.path is not None and not _is_pending(asset)]
    for asset in (asset for asset in gone if asset.stamp != MISSING):
        place = (asset.stream_id, asset.segment_id, asset.kind)
        with shelf.database.write() as connection:
            if get_asset_file(connection, asset.asset_id) != asset:
                continue  # somebody put a file there since it was looked for
            record_file(connection, asset.asset_id, asset.path, MISSING)
            record_event(connection, "file_missing", DISK, now, place=place, details={"file": asset.path})
    return [(asset.segment_id, asset.kind) for asset in gone]


def _is_pending(recorded: AssetFile | None) -> bool:
    return recorded is not None and recorded.pending_version_id is not None


def _oddity(seen: SeenFile, why: str) -> Oddity:
    return Oddity(seen.name, "", f"This file cannot be used: {why}. The version before it stays current.")
