"""Opening the review database: one engine per process, SQLite in WAL mode, writers lock at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from director_lib.errors import StorageError

_BUSY_TIMEOUT_MS = 15_000


class Database:
    """The review database.

    ``write`` takes SQLite's write lock at once (BEGIN IMMEDIATE), so that what a transaction read cannot
    change under it; ``read`` never blocks writers (WAL).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = sa.create_engine(f"sqlite:///{path}", pool_size=5, max_overflow=20)
        sa.event.listen(self.engine, "connect", _prepare_connection)
        sa.event.listen(self.engine, "begin", _begin)
        self._writer = self.engine.execution_options(director_write=True)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Run one transaction: committed when the block ends, rolled back when it raises."""
        with _clear_errors(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection with one consistent view for reading."""
        with _clear_errors(self.path), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_database(path: Path) -> Database:
    """Open the database file, creating its folder, and bring its schema up to date.

    Raises:
        StorageError: The folder cannot be written or the file is not a database.
    """
    from director_lib.store.migrate import upgrade

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {path.parent} cannot be created ({error.strerror}). Nothing was changed. "
            "Set DIRECTOR_DB_PATH to a file in a folder that you may write."
        ) from error
    database = Database(path)
    upgrade(database)
    return database


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


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError):
            raise
        raise StorageError(
            f"The review database {path} refused: {error.orig}. What was saved before is safe; this was not "
            "saved. Check that the disk has room and that the file may be written, then try again."
        ) from error
