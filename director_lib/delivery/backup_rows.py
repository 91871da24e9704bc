"""Rows as lines of JSON and back: the same for every database, with every value as it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from director_lib.errors import StorageError
from director_lib.store.column_types import Instant
from director_lib.store.migrate import known_revisions
from director_lib.store.tables import metadata, sessions

LEFT_OUT = frozenset({sessions.name})
"""A session stands for a signed-in browser; after a restore everybody signs in again."""
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


def check_revision(revision: str) -> None:
    """Refuse a backup whose schema this release does not know.

    Raises:
        StorageError: A newer release made it.
    """
    if revision not in known_revisions():
        raise StorageError(
            f"A newer release made this backup (schema {revision}). Nothing was restored. Install that "
            "release."
        )


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
            _take_json_as_text(table, connection.dialect.name)
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
        # further lines quote the row
        why = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise StorageError(f"The rows of {table.name} do not fit near row {n_rows} ({why}).") from error
    return n_rows


def _row(table: sa.Table, line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
    if row.keys() != set(table.columns.keys()):
        raise ValueError("its columns are others")
    for column in table.columns:
        if isinstance(column.type, _JsonText) and row[column.name] is not None:
            json.loads(row[column.name])
    return row


class _JsonText(sa.types.TypeDecorator[str]):
    """JSON that is written as it is spelled: nothing of what was recorded is read and spelled anew."""

    impl = sa.Text
    cache_ok = True


class _CastJsonText(_JsonText):
    """The same for a database that does not take a text for JSON."""

    cache_ok = True

    def bind_expression(self, bindparam: sa.BindParameter[str]) -> sa.ColumnElement[Any]:
        """Let the database read the text."""
        return sa.cast(sa.type_coerce(bindparam, sa.Text), sa.JSON)


def _take_json_as_text(table: sa.Table, dialect_name: str) -> None:
    for column in table.columns:
        if isinstance(column.type, sa.JSON):
            column.type = _CastJsonText() if dialect_name == "postgresql" else _JsonText()


def _as_stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, Instant):
        return sa.type_coerce(column, sa.BigInteger).label(column.name)
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).label(column.name)
    return column
