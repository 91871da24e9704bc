"""Where a restored studio is put together, out of sight, and how it becomes visible: wholly or not at all.

Both staging folders lie beside what they become, so that publishing is a few renames. The database comes
last, renamed as a file or committed on PostgreSQL: while it is not there, nothing was restored, and what was
renamed before is taken back by the next try.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from director_lib.config import Settings
from director_lib.delivery.backup_manifest import VERSIONS
from director_lib.delivery.disk import sync_file, sync_folder
from director_lib.errors import StorageError
from director_lib.store.migrate import has_tables
from director_lib.streams.atomic import atomic_write

_PREFIX = ".restore-"
_PLAN = "publishing.json"
_LOCK = ".restore.lock"
_MOST_NAMED = 3


class Staging:
    """Two hidden folders, one beside the database and one in the streams root.

    Attributes:
        data: Gets ``versions/`` and the database.
        streams: Gets the streams' folders.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self.data = settings.data_dir / name
        self.streams = settings.streams_root / name

    @property
    def database_file(self) -> Path:
        """Where a SQLite database is built."""
        return self.data / self._settings.database_file.name

    def make(self) -> None:
        """Make both folders."""
        self.data.mkdir(parents=True)
        self.streams.mkdir(parents=True)

    def publish(self) -> None:
        """Move everything to its place, a database file last."""
        names = sorted(path.name for path in self.streams.iterdir())
        atomic_write(self.data / _PLAN, json.dumps(names).encode())
        media, root = self._settings.media_dir, self._settings.streams_root
        for name in names:
            (self.streams / name).rename(root / name)
        sync_folder(root)
        if (self.data / VERSIONS).is_dir():
            media.mkdir(exist_ok=True)
            (self.data / VERSIONS).rename(media / VERSIONS)
            sync_folder(media)
        if self._settings.database_url is not None:
            return
        sync_file(self.database_file)
        self.database_file.rename(self._settings.database_file)
        sync_folder(self._settings.database_file.parent)

    def take_back(self) -> None:
        """Move back what was published before the database, which is not there yet; then remove all of it.

        Raises:
            StorageError: The server cannot be asked whether the database is there. Everything stays for the
                next try.
        """
        plan = self.data / _PLAN
        if plan.is_file() and not _find_database(self._settings):
            for name in json.loads(plan.read_bytes()):
                _move_back(self._settings.streams_root / name, self.streams / name)
            _move_back(self._settings.media_dir / VERSIONS, self.data / VERSIONS)
        self.remove()

    def remove(self) -> None:
        """Remove both folders; none is no error."""
        for folder in (self.streams, self.data):
            if folder.is_dir():
                shutil.rmtree(folder)


@contextmanager
def staging_for(settings: Settings) -> Iterator[Staging]:
    """Give folders to put a studio together in an empty place; they are gone afterwards.

    Raises:
        StorageError: The place is not empty, somebody else restores there, or the disk refused.
    """
    folder = settings.data_dir
    lock = FileLock(folder / _LOCK, thread_local=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except (OSError, Timeout) as error:
        raise StorageError(
            f"{folder} cannot be restored to ({error}). Nothing was restored. Check that the folder may be "
            "written and that no other restore runs there."
        ) from error
    try:
        with _told(folder):
            for left in folder.glob(f"{_PREFIX}*"):
                Staging(settings, left.name).take_back()
            check_empty(settings)
            yield from _staged(settings)
    finally:
        lock.release()


def check_empty(settings: Settings) -> None:
    """Refuse a place where a studio is already.

    Raises:
        StorageError: There is a database, a version or a stream; the message names it.
    """
    found = _find_database(settings)
    found += [settings.queue_file] if os.path.lexists(settings.queue_file) else []
    found += _content(settings.media_dir / VERSIONS)
    found += [path for path in _content(settings.streams_root) if not _is_ours(path)]
    if found:
        named = ", ".join(str(path) for path in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise StorageError(
            f"A backup is restored into an empty place only, and there is {named}{more}. Nothing was "
            "changed. Move it away, or set DIRECTOR_HOME to an empty folder (and DIRECTOR_DATABASE_URL, if "
            "you use it, to a new database)."
        )


def _find_database(settings: Settings) -> list[Path | str]:
    if settings.database_url is not None:
        return [settings.database_name] if has_tables(settings.database) else []
    file = settings.database_file
    files = [file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm", "-journal"))]
    return [path for path in files if os.path.lexists(path)]


def _staged(settings: Settings) -> Iterator[Staging]:
    staging = Staging(settings, f"{_PREFIX}{secrets.token_hex(6)}")
    staging.make()
    try:
        yield staging
    except BaseException:
        staging.take_back()
        raise
    staging.remove()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The backup could not be restored to {folder} ({error.strerror or error}). Nothing was "
            "restored. Check room and rights there, then try again."
        ) from error


def _move_back(published: Path, staged: Path) -> None:
    if os.path.lexists(published) and not os.path.lexists(staged):
        published.rename(staged)


def _content(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_ours(path: Path) -> bool:
    """Tell whether it is a hidden folder that the workbench makes anywhere it looks, with nothing to lose."""
    if path.is_symlink() or not path.is_dir():
        return False
    is_empty = not any(path.iterdir())
    return path.name == ".locks" or path.name.startswith(_PREFIX) or (path.name.startswith(".") and is_empty)
