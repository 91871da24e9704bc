"""Streams that were put away: their folders in the trash or the archive, and the ids they have there."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from director_lib.errors import InvalidIdError, NotFoundError, StorageError
from director_lib.store.events import Event
from director_lib.store.stream_rows import find_last_event

TRASHED, ARCHIVED, PURGED = "trashed_stream", "archived_stream", "purged_stream"
_STAMP = "%Y%m%dT%H%M%SZ"
_ENTRY_ID = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,99})~(\d{8}T\d{6}Z)-[0-9a-f]{4}")


class Place(StrEnum):
    """Where a stream was put away; a folder in the streams root that no stream's id can name."""

    TRASH = ".trash"
    ARCHIVE = ".archive"


@dataclass(frozen=True, slots=True)
class TrashEntry:
    """A stream that was put away.

    Attributes:
        id: What its rows and its folder are called now (``film~20261121T101500Z-ab12``). No live stream can
            have such an id.
        stream_id: Its id before.
        stowed_at: When it was put away; aware UTC instant.
        actor: Who did it; "" when the database does not know.
        reason: What they said why, or "".
    """

    id: str
    stream_id: str
    place: Place
    stowed_at: datetime
    actor: str = ""
    reason: str = ""


def make_entry_id(root: Path, stream_id: str, at: datetime) -> str:
    """Make an id for a stream that is put away at an instant; no folder has it yet."""
    while True:
        entry_id = f"{stream_id}~{at.astimezone(UTC).strftime(_STAMP)}-{secrets.token_hex(2)}"
        if _find_place(root, entry_id) is None:
            return entry_id


def is_entry_id(name: str) -> bool:
    """Tell whether a name is one that a stream that was put away can have."""
    return _ENTRY_ID.fullmatch(name) is not None


def check_entry_id(entry_id: str) -> str:
    """Return the id unchanged when it is one of a stream that was put away.

    Raises:
        InvalidIdError: It is not; nothing that could leave the folder is.
    """
    if not is_entry_id(entry_id):
        raise InvalidIdError("trash or archive entry", entry_id)
    return entry_id


def get_entry(root: Path, connection: sa.Connection, entry_id: str) -> TrashEntry:
    """Return one stream that was put away.

    Raises:
        InvalidIdError: The id is not valid.
        NotFoundError: Neither the trash nor the archive holds it.
        StorageError: The trash or the archive is a link to somewhere else.
    """
    place = _find_place(root, check_entry_id(entry_id))
    entry = None if place is None else _find_entry(connection, place, entry_id)
    if entry is None:
        raise NotFoundError("trash or archive entry", entry_id)
    return entry


def list_entries(root: Path, connection: sa.Connection, place: Place) -> list[TrashEntry]:
    """List what was put away there, the latest first; empty when there is nothing.

    Raises:
        StorageError: The folder may not be listed, or is a link to somewhere else.
    """
    folder = stow_folder(root, place)
    try:
        names = [path.name for path in folder.iterdir() if is_entry_id(path.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be listed ({error.strerror}). Nothing was changed; check who may read it."
        ) from error
    found = [entry for name in names if (entry := _find_entry(connection, place, name)) is not None]
    return sorted(found, key=lambda entry: (entry.stowed_at, entry.id), reverse=True)


def stow_folder(root: Path, place: Place) -> Path:
    """Return the folder of the trash or the archive, whether it is there or not.

    Raises:
        StorageError: It is a link: what is put away would leave the streams folder.
    """
    folder = root / place.value
    if folder.is_symlink():
        raise StorageError(
            f"{folder} is a link to somewhere else, so nothing is moved there. Replace it by a folder."
        )
    return folder


def _find_place(root: Path, entry_id: str) -> Place | None:
    return next((place for place in Place if os.path.lexists(stow_folder(root, place) / entry_id)), None)


def _find_entry(connection: sa.Connection, place: Place, entry_id: str) -> TrashEntry | None:
    """Find an entry by its id; None when it is being removed for good."""
    event = find_last_event(connection, entry_id, (TRASHED, ARCHIVED, PURGED))
    if event is not None and event.verb == PURGED:
        return None
    stream_id, stamp = entry_id.rsplit("~", 1)
    if event is None:
        at = datetime.strptime(stamp.rpartition("-")[0], _STAMP).replace(tzinfo=UTC)
        return TrashEntry(entry_id, stream_id, place, at)
    return _of_event(entry_id, stream_id, place, event)


def _of_event(entry_id: str, stream_id: str, place: Place, event: Event) -> TrashEntry:
    reason = str(event.details.get("reason", ""))
    return TrashEntry(entry_id, stream_id, place, event.happened_at, event.actor, reason)
