"""Which part of the counts to read, as a database is asked for it, and its rows as the driver gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from director_lib.store.count_tables import ALL_WEEKS, STUDIO, count_decisions, count_durations
from director_lib.store.prepared import Prepared

_WEEK_DAYS = 7
_A_MONDAY = 4
"""Of 1970, in days since its first."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the counts to read; what is None is not restricted.

    Attributes:
        since: First week, as the days since 1970 of its Monday.
        until: First week that is not in it any more.
        values: Allowed values by column: "actor", "engine", "model", "kind".
    """

    stream_id: str | None = None
    since: int | None = None
    until: int | None = None
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_everything(self) -> bool:
        """Whether it is the whole studio at all times, which is kept added up."""
        return self.stream_id is None and self.since is None and self.until is None

    @property
    def scope(self) -> str:
        """What the rows of the counts call it."""
        return STUDIO if self.stream_id is None else self.stream_id


def conditions_of(
    table: sa.Table,
    part: Part,
    *,
    weeks: sa.ColumnElement[bool] | None = None,
    may_add_up: bool = False,
) -> list[sa.ColumnElement[bool]]:
    """Return what rows of a table of the counts have to be, to be in a part.

    Args:
        table: One with ``scope`` and ``week``.
        part: What to read.
        weeks: From ``one_by_one``.
        may_add_up: Take the row that adds up all weeks where the part is everything.
    """
    found: list[sa.ColumnElement[bool]] = [table.c.scope == part.scope]
    if part.is_everything and may_add_up:
        found.append(table.c.week == ALL_WEEKS)
    elif weeks is not None:
        # alone: with "since" beside it, SQLite takes that for the better way to the rows
        found.append(weeks)
    else:
        found.append(table.c.week >= (ALL_WEEKS + 1 if part.since is None else part.since))
        if part.until is not None:
            found.append(table.c.week < part.until)
    return found + [table.c[name].in_(values) for name, values in part.values.items() if name in table.c]


def one_by_one(connection: sa.Connection, table: sa.Table, part: Part) -> sa.ColumnElement[bool]:
    """Return the condition that names each week of a part.

    Keys of the counts go on after the week: with its weeks named, one person's or one metric's rows are found
    by the key, where of "since that week" a database reads everybody's.
    """
    first, last = _BOUNDS[table.name].rows(connection, scope=part.scope)[0]
    if first is None:
        return sa.false()
    since = first if part.since is None else max(first, part.since)
    until = last + 1 if part.until is None else min(last + 1, part.until)
    monday = since + (_A_MONDAY - since) % _WEEK_DAYS
    return table.c.week.in_(range(monday, until, _WEEK_DAYS))


def driver_rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Any]:
    """Run a query and return its rows as the driver gives them; objects of each row would take longer."""
    cursor = connection.execute(query).cursor
    assert cursor is not None
    try:
        return list(cursor.fetchall())
    finally:
        cursor.close()


def sum_of(column: sa.Column[int]) -> sa.ColumnElement[int]:
    """Return the sum of a column as a whole number, which PostgreSQL would make a decimal."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def _bounds(table: sa.Table) -> Prepared:
    weeks = sa.and_(table.c.scope == sa.bindparam("scope"), table.c.week > sa.literal_column(str(ALL_WEEKS)))
    # each by itself: of both at once SQLite reads every row
    each = [sa.select(ends(table.c.week)).where(weeks) for ends in (sa.func.min, sa.func.max)]
    return Prepared(sa.select(*(one.scalar_subquery() for one in each)))


_BOUNDS = {table.name: _bounds(table) for table in (count_decisions, count_durations)}
