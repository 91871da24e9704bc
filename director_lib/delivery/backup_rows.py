"""Rows as lines of JSON and back: the same for every database, with every value as it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from director_lib import store
from director_lib.errors import StorageError
from director_lib.store.database import Database
from director_lib.store.tables import Instant, metadata, sessions

LEFT_OUT = frozenset({sessions.name})
"""A session stands for a signed-in browser; after a restore everybody signs in again."""
MIGRATIONS = Path(store.__file__).parent / "migrations"
_OUR_OWN = LEFT_OUT | {"alembic_version"}
_AT_ONCE = 500


def saved_tables() -> list[sa.Table]:
    """List the tables that a backup holds; those that others refer to come first."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def dump_rows(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Read a table as lines of JSON, ordered by its primary key; nothing for an empty table.

    Instants are integer microseconds since 1970, JSON columns are texts, as both are stored.
    """
    columns = [_as_stored(column) for column in table.columns]
    query = sa.select(*columns).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)).mappings():
        yield json.dumps(dict(row), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def find_revision(connection: sa.Connection) -> str | None:
    """Find the schema revision of the database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def check_revision(revision: str) -> None:
    """Refuse a backup whose schema this release does not know.

    Raises:
        StorageError: A newer release made it.
    """
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision not in known:
        raise StorageError(
            f"A newer release made this backup (schema {revision}). Nothing was restored. Install that "
            "release."
        )


def make_schema(database: Database, revision: str) -> None:
    """Make the tables of an earlier or the present schema in an empty database."""
    config = _config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def load_rows(connection: sa.Connection, tables: dict[str, Iterable[bytes]]) -> dict[str, int]:
    """Insert lines of JSON into empty tables, in the order in which tables refer to each other.

    Args:
        tables: Lines by table, as ``dump_rows`` wrote them.

    Returns:
        Number of rows by table.

    Raises:
        StorageError: A table or column is unknown, or the rows do not fit together.
    """
    known = sa.MetaData()
    known.reflect(connection)
    if strange := tables.keys() - known.tables.keys() | tables.keys() & _OUR_OWN:
        raise StorageError(f"The backup has rows of unknown tables ({', '.join(sorted(strange))}).")
    counts = {}
    for table in known.sorted_tables:
        if table.name in tables:
            _tell_null_from_nothing(table)
            counts[table.name] = _insert(connection, table, tables[table.name])
            _continue_sequence(connection, table)
    return counts


def sequence_statement(table: sa.Table, column: sa.Column[Any]) -> sa.Select[Any]:
    """Return what lets PostgreSQL number new rows after the highest id there is."""
    sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
    highest = sa.func.max(column)
    return sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None)))


def _continue_sequence(connection: sa.Connection, table: sa.Table) -> None:
    # SQLite goes on after the highest id by itself
    column = table.autoincrement_column
    if column is not None and connection.dialect.name == "postgresql":
        connection.execute(sequence_statement(table, column))


def _insert(connection: sa.Connection, table: sa.Table, lines: Iterable[bytes]) -> int:
    n_rows, rows = 0, []
    try:
        for line in lines:
            rows.append(_row(table, line))
            n_rows += 1
            if len(rows) == _AT_ONCE:
                connection.execute(table.insert(), rows)
                rows = []
        if rows:
            connection.execute(table.insert(), rows)
    except (ValueError, TypeError, sa.exc.StatementError) as error:
        why = getattr(error, "orig", None) or error
        raise StorageError(f"The rows of {table.name} do not fit near row {n_rows} ({why}).") from error
    return n_rows


def _row(table: sa.Table, line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
    if row.keys() != set(table.columns.keys()):
        raise ValueError("its columns are others")
    for column in table.columns:
        if isinstance(column.type, sa.JSON) and row[column.name] is not None:
            value = json.loads(row[column.name])
            row[column.name] = sa.JSON.NULL if value is None else value
    return row


def _tell_null_from_nothing(table: sa.Table) -> None:
    """Let None mean that a JSON column holds nothing; JSON's own null is another thing."""
    for column in table.columns:
        if isinstance(column.type, sa.JSON):
            column.type = sa.JSON(none_as_null=True)


def _as_stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, Instant):
        return sa.type_coerce(column, sa.BigInteger).label(column.name)
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).label(column.name)
    return column


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
