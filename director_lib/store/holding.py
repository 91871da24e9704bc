"""Names that live processes hold on PostgreSQL: held as long as their connection, freed when it ends.

A session's advisory lock tells a living worker from a dead one without any clock: the server frees it as soon
as the process, its machine or the way between them is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import psycopg
import sqlalchemy as sa

from director_lib.errors import StorageError

# Who looks whether a worker is dead keeps its name for a moment; that is no other worker.
_PATIENCE_MS = 200
_PATIENCE_AFTER_A_LOSS_MS = 5_000

_ALIVE = sa.text(
    "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks "
    "WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_TRY_FOR_NOW = sa.text("SELECT pg_try_advisory_xact_lock(:key)")


class HeldName:
    """One name, held by this process; not to be asked by two threads at a time."""

    def __init__(self, name: str, connection: psycopg.Connection[Any], connect: Connect) -> None:
        self.name = name
        self._connection: psycopg.Connection[Any] | None = connection
        self._connect = connect

    def is_held(self) -> bool:
        """Tell whether it is still ours, taking it anew when the connection was lost.

        Returns:
            False when somebody else has taken the name meanwhile.

        Raises:
            StorageError: The server cannot be reached now; nobody knows.
        """
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
        except psycopg.Error:
            self._close()
        self._connection = _take(self.name, self._connect, _PATIENCE_AFTER_A_LOSS_MS)
        return self._connection is not None

    def release(self) -> None:
        """Let go of it: when this returns, nobody sees it held any more."""
        if self._connection is not None:
            # the server notices a moment later that a connection was closed; one that is lost holds nothing
            with suppress(psycopg.Error):
                self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


Connect = Callable[[], psycopg.Connection[Any]]


def hold_name(name: str, connect: Connect) -> HeldName | None:
    """Take a name; None when another process holds it.

    Raises:
        StorageError: The server cannot be reached.
    """
    connection = _take(name, connect, _PATIENCE_MS)
    return None if connection is None else HeldName(name, connection, connect)


def held_names(connection: sa.Connection, names: Collection[str]) -> set[str]:
    """Tell which of these names live processes hold."""
    held = set(connection.scalars(_ALIVE))
    return {name for name in names if key_of(name) in held}


def is_free_until_commit(connection: sa.Connection, name: str) -> bool:
    """Tell whether nobody holds a name, and keep it free until this transaction ends."""
    return bool(connection.scalar(_TRY_FOR_NOW, {"key": key_of(name)}))


def key_of(name: str) -> int:
    """Return the number that PostgreSQL knows a name by."""
    digest = hashlib.sha256(f"director worker {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _take(name: str, connect: Connect, patience_ms: int) -> psycopg.Connection[Any] | None:
    try:
        connection = connect()
        try:
            connection.execute("SELECT set_config('lock_timeout', %s, false)", (f"{patience_ms}ms",))
            connection.execute("SELECT pg_advisory_lock(%s)", (key_of(name),))
        except psycopg.errors.LockNotAvailable:
            connection.close()
            return None
    except psycopg.Error as error:
        raise StorageError(
            f"The review database cannot be reached ({str(error).strip().splitlines()[0]}). Nothing is lost: "
            "what runs goes on. Check that the server runs and that DIRECTOR_DATABASE_URL is right."
        ) from error
    return connection
