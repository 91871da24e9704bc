"""Statements that run with every write: compiled once, and handed to the driver as they are.

Building a statement anew, and making objects of its rows, takes several times as long as the database needs
for a few rows. Values are given and returned as the database stores them: instants are microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect

_Key = tuple[str, str]


class Prepared:
    """One statement, with named parameters, for any of the databases."""

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._made: dict[_Key, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def rows(self, connection: sa.Connection, **values: Any) -> Sequence[Any]:
        """Run a query and return every row, as the driver gives it."""
        text, places, fixed = self._compiled(connection.dialect)
        given = {**fixed, **values}
        parameters: Any = given if places is None else [given[name] for name in places]
        with _cursor(connection, text, parameters) as cursor:
            cursor.execute(text, parameters)
            found: Sequence[Any] = cursor.fetchall()
        return found

    def run(self, connection: sa.Connection, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a change once for each set of values; nothing happens without any."""
        if not values:
            return
        text, places, fixed = self._compiled(connection.dialect)
        given = [{**fixed, **each} for each in values] if fixed else values
        parameters: Any = given if places is None else [[each[name] for name in places] for each in given]
        with _cursor(connection, text, parameters) as cursor:
            cursor.executemany(text, parameters)

    def run_many(
        self, connection: sa.Connection, names: Sequence[str], columns: Sequence[Sequence[Any]]
    ) -> None:
        """Run a change once for each place in columns of values, as long as each other."""
        text, places, _fixed = self._compiled(connection.dialect)
        if places is None:
            self.run(connection, [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)])
            return
        by_name = dict(zip(names, columns, strict=True))
        rows = list(zip(*(by_name[name] for name in places), strict=True))
        with _cursor(connection, text, rows) as cursor:
            cursor.executemany(text, rows)

    def _compiled(self, dialect: Dialect) -> tuple[str, list[str] | None, dict[str, Any]]:
        key = (dialect.name, dialect.paramstyle)
        found = self._made.get(key)
        if found is None:
            made: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            names = made.positiontup if made.positional else None
            fixed = {name: value for name, value in made.params.items() if value is not None}
            found = self._made[key] = (str(made), names, fixed)
        return found


@contextmanager
def _cursor(connection: sa.Connection, text: str, parameters: Any) -> Iterator[Any]:
    """Give a cursor of the driver, in the connection's transaction; its errors are those of the library."""
    cursor = connection.connection.cursor()
    failures = connection.dialect.loaded_dbapi.Error
    try:
        yield cursor
    except failures as error:
        raise sa.exc.DBAPIError.instance(
            text, parameters, error, failures, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()


class Adding:
    """Adds numbers to rows of a table of counts, making the rows that are not there."""

    def __init__(self, table: sa.Table) -> None:
        self._keys = [column.name for column in table.primary_key]
        self._measures = [column.name for column in table.columns if not column.primary_key]
        self._by_dialect = {name: Prepared(_adding(table, name)) for name in ("sqlite", "postgresql")}

    def run(self, connection: sa.Connection, changes: Mapping[tuple[Any, ...], Mapping[str, int]]) -> None:
        """Add the numbers to the rows with these keys, always in the same order of keys.

        Several who change the same rows at once would otherwise wait for each other for ever on PostgreSQL.
        """
        nothing = dict.fromkeys(self._measures, 0)
        rows = [
            {**dict(zip(self._keys, key, strict=True)), **nothing, **numbers}
            for key, numbers in sorted(changes.items())
        ]
        self._by_dialect[connection.dialect.name].run(connection, rows)


def _adding(table: sa.Table, dialect_name: str) -> sa.Executable:
    insert = postgresql.insert(table) if dialect_name == "postgresql" else sqlite.insert(table)
    measures = [column.name for column in table.columns if not column.primary_key]
    added = {name: table.c[name] + insert.excluded[name] for name in measures}
    named = insert.values({column.name: sa.bindparam(column.name) for column in table.columns})
    return named.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
