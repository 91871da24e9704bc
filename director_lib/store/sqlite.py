"""The review database as a SQLite file: WAL mode, writers lock at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import sqlalchemy as sa

from director_lib.errors import StorageError
from director_lib.store.changes import ChangeWatch
from director_lib.store.text import dump_json, load_json

_BUSY_TIMEOUT_MS = 15_000
_MIGRATION_TIMEOUT_S = 60.0
_COUNTING_TIMEOUT_S = 600.0


class SqliteFile:
    """How a SQLite file is read, written and watched.

    Attributes:
        name: The file, for messages.
        setting: The variable that names it.
        reader: Engine whose transactions keep one view and never block writers (WAL).
        writer: Engine whose transactions take the write lock at once (BEGIN IMMEDIATE), so that what a
            transaction read cannot change under it.
    """

    setting = "DIRECTOR_DB_PATH"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)
        self.reader: sa.Engine = sa.create_engine(
            f"sqlite:///{path}",
            pool_size=5,
            max_overflow=20,
            json_serializer=dump_json,
            json_deserializer=load_json,
        )
        sa.event.listen(self.reader, "connect", _prepare_connection)
        sa.event.listen(self.reader, "begin", _begin)
        self.writer: sa.Engine = self.reader.execution_options(director_write=True)

    def begin_writing(self, connection: sa.Connection) -> None:
        """Do nothing: the transaction has the lock already."""

    def end_writing(self, connection: sa.Connection) -> None:
        """Do nothing: the file itself tells that it changed."""

    def watch(self) -> ChangeWatch:
        """Notice commits by anybody."""
        return SqliteWatch(self._path)

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Let one process at a time change the schema."""
        with filelock.FileLock(f"{self._path}.migrate.lock", timeout=_MIGRATION_TIMEOUT_S):
            yield

    @contextmanager
    def counting_lock(self) -> Iterator[None]:
        """Let one process at a time count everything."""
        lock = filelock.FileLock(f"{self._path}.counts.lock", timeout=_COUNTING_TIMEOUT_S)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise StorageError(
                f"Another process has been counting what is in {self._path} for "
                f"{_COUNTING_TIMEOUT_S / 60:.0f} minutes. Nothing was changed. Try again later."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def size_bytes(self, connection: sa.Connection) -> int:
        """Tell how large the file and what is not merged into it yet are."""
        files = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def explain(self, error: sa.exc.DBAPIError) -> str:
        """Say what happened, what is safe and what to do."""
        return (
            f"The review database {self.name} refused: {error.orig}. What was saved before is safe; this was "
            "not saved. Check that the disk has room and that the file may be written, then try again."
        )


class SqliteWatch(ChangeWatch):
    """Asks for SQLite's ``data_version``, which changes when any other connection of anybody commits."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"The review database {path} cannot be watched: {error}.") from error
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Tell whether something was committed since the last call, or since the watch was made."""
        version = self._version()
        changed = version != self._seen
        self._seen = version
        return changed

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def _prepare_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("director_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
