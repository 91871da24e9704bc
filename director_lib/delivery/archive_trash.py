"""The trash of version files: what was archived lies there for a while before it is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from director_lib.delivery.disk import sync_folder
from director_lib.domain.archive_policy import FileKey
from director_lib.errors import StorageError
from director_lib.media.files import VersionFiles

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILE = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Trashed:
    """A file in the trash."""

    key: FileKey
    path: Path
    since: date


class Trash:
    """The folder ``trash/`` beside ``versions/``: one folder a day."""

    def __init__(self, files: VersionFiles) -> None:
        self._store = files
        self._root = files.root / "trash"

    def throw(self, key: FileKey, now: datetime) -> None:
        """Move a version file here from the version store; nothing when it is not there.

        Raises:
            StorageError: The disk refused. The file is where it was.
        """
        source, folder = self._store.path(*key), self._root / f"{now:%Y-%m-%d}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            source.rename(folder / source.name)
            sync_folder(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refused(source, error) from error

    def put_back(self, key: FileKey) -> bool:
        """Move a file back into the version store.

        Returns:
            Whether it was in the trash.

        Raises:
            StorageError: The disk refused.
        """
        for trashed in self.files():
            if trashed.key == key:
                target = self._store.path(*key)
                try:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    trashed.path.rename(target)
                    sync_folder(target.parent)
                except OSError as error:
                    raise _refused(trashed.path, error) from error
                return True
        return False

    def files(self) -> Iterator[Trashed]:
        """List what is in it, the oldest day first."""
        for folder in sorted(self._root.glob("*-*-*")):
            if not _DAY.fullmatch(folder.name):
                continue
            for path in sorted(folder.iterdir()):
                if found := _FILE.fullmatch(path.name):
                    yield Trashed((found[1], found[2]), path, date.fromisoformat(folder.name))

    def list_due(self, now: datetime, days: int) -> list[Trashed]:
        """List what has been here for so many days."""
        until = (now - timedelta(days=days)).date()
        return [trashed for trashed in self.files() if trashed.since <= until]

    def remove(self, trashed: Trashed) -> None:
        """Remove a file for good.

        Raises:
            StorageError: The disk refused.
        """
        try:
            trashed.path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(trashed.path, error) from error


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} could not be moved or removed ({error.strerror}). Its copy in the archive is whole and "
        "nothing is lost. Mend the folder's permissions, then try again."
    )
