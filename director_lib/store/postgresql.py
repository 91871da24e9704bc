"""The review database on PostgreSQL: one writer at a time, readers never wait, commits are announced."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from pydantic import SecretStr

from director_lib.config import shown_url
from director_lib.errors import StorageError
from director_lib.store.changes import ChangeWatch
from director_lib.store.text import dump_json, load_json

CHANNEL = "director_changed"
_WRITER_KEY = 0x4449_5245_4354_0001
_MIGRATION_KEY = 0x4449_5245_4354_0002
_COUNTING_KEY = 0x4449_5245_4354_0003
_WRITER_TIMEOUT_S = 15
_IDLE_WRITER_TIMEOUT_S = 8
_MIGRATION_TIMEOUT_S = 60
_COUNTING_TIMEOUT_S = 600
_SECONDS_BETWEEN_RECONNECTS = 1.0
_REACHING: dict[str, object] = {
    "connect_timeout": 10,
    "application_name": "director",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_TAKE_TURN = sa.text("SELECT pg_advisory_xact_lock(:key)")
# a transaction without an id has changed nothing, and what changed nothing is not announced
_ANNOUNCE = sa.text(
    f"SELECT pg_notify('{CHANNEL}', '') WHERE txid_current_if_assigned() IS NOT NULL"  # noqa: S608 - a constant
)


class PostgresqlServer:
    """How a database on a PostgreSQL server is read, written and watched.

    Attributes:
        name: The address without its password, for messages.
        setting: The variable that names it.
        reader: Engine whose transactions are read-only and keep one view (REPEATABLE READ).
        writer: Engine whose transactions wait for their turn: what one read cannot change under it.
    """

    setting = "DIRECTOR_DATABASE_URL"

    def __init__(self, url: SecretStr) -> None:
        self.name = shown_url(url)
        address = sa.make_url(url.get_secret_value()).set(drivername="postgresql+psycopg")
        reaching = {key: value for key, value in _REACHING.items() if key not in address.query}
        engine = sa.create_engine(
            address,
            pool_size=5,
            max_overflow=20,
            # finds out that the server was restarted before a person's action does
            pool_pre_ping=True,
            json_serializer=dump_json,
            json_deserializer=load_json,
            connect_args=reaching,
        )
        sa.event.listen(engine, "connect", _prepare_connection)
        self.reader: sa.Engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self.writer: sa.Engine = engine.execution_options(isolation_level="READ COMMITTED")
        _, connecting = engine.dialect.create_connect_args(address)
        self._connecting: dict[str, Any] = {**connecting, **reaching}

    def begin_writing(self, connection: sa.Connection) -> None:
        """Wait until no other transaction writes; the end of this one lets the next begin.

        A process that is frozen while it writes loses its turn, before the others lose their patience.
        """
        connection.exec_driver_sql(
            f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_WRITER_TIMEOUT_S}s'"
        )
        connection.execute(_TAKE_TURN, {"key": _WRITER_KEY})

    def end_writing(self, connection: sa.Connection) -> None:
        """Let every watch know when this is committed."""
        connection.execute(_ANNOUNCE)

    def watch(self) -> ChangeWatch:
        """Notice commits by anybody."""
        return PostgresqlWatch(self.name, self.connect)

    def connect(self) -> psycopg.Connection[Any]:
        """Make a connection of one's own, whose statements are transactions by themselves."""
        return psycopg.connect(**self._connecting, autocommit=True)

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Let one process at a time change the schema."""
        with self._alone(_MIGRATION_KEY, _MIGRATION_TIMEOUT_S):
            yield

    @contextmanager
    def counting_lock(self) -> Iterator[None]:
        """Let one process at a time count everything."""
        with self._alone(_COUNTING_KEY, _COUNTING_TIMEOUT_S):
            yield

    @contextmanager
    def _alone(self, key: int, patience_s: int) -> Iterator[None]:
        with self.reader.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{patience_s}s'")
            connection.execute(_TAKE_TURN, {"key": key})
            yield

    def size_bytes(self, connection: sa.Connection) -> int:
        """Tell how much room the database takes on the server's disk."""
        return int(connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database()))) or 0)

    def explain(self, error: sa.exc.DBAPIError) -> str:
        """Say what happened, what is safe and what to do."""
        cause = error.orig
        if isinstance(cause, psycopg.errors.LockNotAvailable):
            return (
                f"Somebody else has been writing to the review database {self.name} for {_WRITER_TIMEOUT_S} "
                "seconds. What was saved before is safe; this was not saved. Try again."
            )
        if isinstance(cause, psycopg.OperationalError) and (cause.sqlstate or "08")[:2] in ("08", "57"):
            return (
                f"The review database {self.name} cannot be reached: {_reason(cause)}. What was saved before "
                "is safe. Check that the server runs and that DIRECTOR_DATABASE_URL is right; then look "
                "whether the last step was saved, and repeat it if it was not."
            )
        return (
            f"The review database {self.name} refused: {_reason(cause)}. What was saved before is safe; this "
            "was not saved. Check that the server's disk has room and that the user may write there, then "
            "try again."
        )


class PostgresqlWatch(ChangeWatch):
    """Listens for what ``end_writing`` announces; asking costs no round trip.

    A lost connection is made again, at most once a second, and then counts as a change: nobody knows what
    was committed meanwhile.
    """

    def __init__(self, name: str, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._tried_at_s = time.monotonic()
        self._was_told = False
        self._connection: psycopg.Connection[Any] | None = None
        try:
            self._connection = self._listen()
        except psycopg.Error as error:
            raise StorageError(
                f"The review database {name} cannot be watched: {_reason(error)}. Nothing was changed. Check "
                "that the server runs and that DIRECTOR_DATABASE_URL is right, then try again."
            ) from error

    def has_changed(self) -> bool:
        """Tell whether something was committed since the last call, or since the watch was made."""
        if self._connection is None:
            return self._reconnect()
        try:
            told = self._drain(self._connection)
        except psycopg.OperationalError:
            self.close()
            return self._reconnect()
        told, self._was_told = told or self._was_told, False
        return told

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _listen(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        connection.add_notify_handler(self._note)
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def _drain(self, connection: psycopg.Connection[Any]) -> bool:
        connection.pgconn.consume_input()
        told = False
        while connection.pgconn.notifies() is not None:
            told = True
        return told

    def _note(self, _notify: psycopg.Notify) -> None:
        self._was_told = True

    def _reconnect(self) -> bool:
        now_s = time.monotonic()
        if now_s - self._tried_at_s < _SECONDS_BETWEEN_RECONNECTS:
            return False
        self._tried_at_s = now_s
        try:
            self._connection = self._listen()
        except psycopg.Error:
            # the server is away; whoever reads or writes says so, and the next call tries again
            return False
        return True


def _prepare_connection(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{_WRITER_TIMEOUT_S}s'")
    connection.autocommit = False


def _reason(error: BaseException | None) -> str:
    """Return the first line of what server or driver say; further ones quote statements and values."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    lines = (primary or str(error)).strip().splitlines()
    return lines[0].rstrip(".") if lines else "no reason is given"
