"""Opening the review database: a SQLite file, or PostgreSQL by its address; one object for each process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa
from pydantic import SecretStr

from director_lib.errors import ConfigError, DirectorError, StorageError
from director_lib.store.changes import ChangeWatch

if TYPE_CHECKING:
    from director_lib.store.holding import HeldName

Place = Path | SecretStr
"""Where a database is: a SQLite file, or the address of one on a PostgreSQL server."""


class Backend(Protocol):
    """What differs between the kinds of database.

    Attributes:
        name: What to call it in messages; without a password.
        setting: The variable that names it.
        reader: Engine for transactions that only read.
        writer: Engine for transactions that write.
    """

    name: str
    setting: str
    reader: sa.Engine
    writer: sa.Engine

    def begin_writing(self, connection: sa.Connection) -> None:
        """Wait until no other transaction writes."""
        ...

    def end_writing(self, connection: sa.Connection) -> None:
        """Do what has to be done before the commit."""
        ...

    def watch(self) -> ChangeWatch:
        """Notice commits by anybody."""
        ...

    def migration_lock(self) -> AbstractContextManager[None]:
        """Let one process at a time change the schema."""
        ...

    def counting_lock(self) -> AbstractContextManager[None]:
        """Let one process at a time count everything."""
        ...

    def size_bytes(self, connection: sa.Connection) -> int:
        """Tell how much room it takes."""
        ...

    def explain(self, error: sa.exc.DBAPIError) -> str:
        """Say what happened, what is safe and what to do."""
        ...


class Database:
    """The review database.

    ``write`` lets one transaction at a time in, so that what it read cannot change under it; ``read`` keeps
    one view and never blocks writers.

    Attributes:
        place: Where it is.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._backend = _backend_for(place)

    @property
    def name(self) -> str:
        """What to call it in messages: its file, or its address without the password."""
        return self._backend.name

    @property
    def setting(self) -> str:
        """The variable that names it."""
        return self._backend.setting

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Run one transaction: committed when the block ends, rolled back when it raises."""
        with self._clear_errors(), self._backend.writer.begin() as connection:
            self._backend.begin_writing(connection)
            yield connection
            self._backend.end_writing(connection)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection with one consistent view for reading."""
        with self._clear_errors(), self._backend.reader.begin() as connection:
            yield connection

    def size_bytes(self) -> int:
        """Tell how much room the database takes where it is kept."""
        with self.read() as connection:
            return self._backend.size_bytes(connection)

    def watch(self) -> ChangeWatch:
        """Begin to notice what others commit, in this process or another.

        Raises:
            StorageError: The database cannot be reached.
        """
        return self._backend.watch()

    def hold_name(self, name: str) -> HeldName | None:
        """Hold a name for as long as this process lives; None when another one holds it.

        Raises:
            ConfigError: The database is a file, where nobody else would see it.
            StorageError: The server cannot be reached.
        """
        from director_lib.store.holding import hold_name
        from director_lib.store.postgresql import PostgresqlServer

        if not isinstance(self._backend, PostgresqlServer):
            raise ConfigError(f"Names can be held on PostgreSQL only, and {self.name} is a file.")
        return hold_name(name, self._backend.connect)

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Let one process at a time change the schema."""
        with self._clear_errors(), self._backend.migration_lock():
            yield

    @contextmanager
    def counting_lock(self) -> Iterator[None]:
        """Let one process at a time count everything from nothing; the others may write meanwhile.

        Raises:
            StorageError: Another process has been at it for minutes.
        """
        with self._clear_errors(), self._backend.counting_lock():
            yield

    def close(self) -> None:
        """Close every pooled connection."""
        self._backend.reader.dispose()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.IntegrityError:
            raise
        except sa.exc.ProgrammingError:
            raise
        except sa.exc.DBAPIError as error:
            raise StorageError(self._backend.explain(error)) from error
        except sa.exc.StatementError as error:
            # a value was refused on its way to the database
            if isinstance(error.orig, DirectorError):
                raise error.orig from error
            raise


def open_database(place: Place) -> Database:
    """Open the database, creating its file's folder, and bring its schema up to date.

    Args:
        place: A SQLite file, or the address of a PostgreSQL database, which must exist.

    Raises:
        StorageError: The folder cannot be written, the file is not a database, or the server cannot be
            reached.
    """
    from director_lib.store.migrate import upgrade

    if isinstance(place, Path):
        _make_folder(place.parent)
    database = Database(place)
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def _backend_for(place: Place) -> Backend:
    if isinstance(place, Path):
        from director_lib.store.sqlite import SqliteFile

        return SqliteFile(place)
    # its driver is loaded only where it is needed: every page's kernel and every command would pay
    from director_lib.store.postgresql import PostgresqlServer

    return PostgresqlServer(place)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be created ({error.strerror}). Nothing was changed. "
            "Set DIRECTOR_DB_PATH to a file in a folder that you may write."
        ) from error
