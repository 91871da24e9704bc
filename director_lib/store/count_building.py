"""What is known of the counts, and filling their tables from nothing while others go on writing.

``begin_counting`` gives one view of the database, as it was when it emptied the tables. Everything that is
written from that moment on is written down as touched (``store/count_keeping.py``), with what the view shows
of it. So however long counting takes, ``put_counts`` may put its results in place at any later time; what
changed meanwhile is settled after ``finish_counting``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_settling import note_settled
from director_lib.store.count_tables import COUNT_TABLES, count_durations, count_state
from director_lib.store.database import Database
from director_lib.store.histograms import folded
from director_lib.store.prepared import Prepared

_ONLY = 1
_ROWS_AT_ONCE = 20_000
_PUTTING = {
    table.name: Prepared(
        table.insert().values({column.name: sa.bindparam(column.name) for column in table.columns})
    )
    for table in COUNT_TABLES
}
_EVERY_COLUMN = {table.name: [column.name for column in table.columns] for table in COUNT_TABLES}


@dataclass(frozen=True, slots=True)
class CountState:
    """What is known of the counts.

    Attributes:
        time_zone: IANA name of the zone that the weeks are in.
        is_complete: Whether everything is counted; until then the tables are empty.
        checked_at: When they were last compared with what they are counted from; None if never.
        found_different: Whether they were wrong then (and were counted anew).
    """

    time_zone: str
    is_complete: bool
    checked_at: datetime | None = None
    found_different: bool = False


def find_count_state(connection: sa.Connection) -> CountState | None:
    """Find out what is known of the counts; None when nothing was ever counted."""
    query = sa.select(
        count_state.c.time_zone,
        count_state.c.is_complete,
        count_state.c.checked_at,
        count_state.c.found_different,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else CountState(*row)


def has_counts(connection: sa.Connection, time_zone: str) -> bool:
    """Tell whether everything is counted, by the weeks of this time zone."""
    state = find_count_state(connection)
    return state is not None and state.is_complete and state.time_zone == time_zone


def forget_counts(connection: sa.Connection) -> None:
    """Empty the tables of the counts; they are filled again when they are next asked for."""
    for table in COUNT_TABLES:
        connection.execute(table.delete())


@contextmanager
def begin_counting(database: Database, time_zone: str) -> Iterator[sa.Connection]:
    """Empty the tables, and give a view of everything as it is at that moment.

    Only while the ``counting_lock`` is held: the tables are somebody's alone until they are filled.
    """
    with ExitStack() as stack:
        with database.write() as connection:
            forget_counts(connection)
            connection.execute(count_state.insert().values(id=_ONLY, time_zone=time_zone, is_complete=False))
            note_settled(connection, (), ())
            view = stack.enter_context(database.read())
            # a view begins with its first question; nobody else can write before this transaction ends
            view.execute(sa.select(count_state.c.id)).all()
        yield view


def put_counts(database: Database, tables: Mapping[str, pd.DataFrame]) -> None:
    """Put further rows that were counted into the tables, by the name of the table.

    It takes many transactions, so that others get their turn to write. Nobody reads the tables before they
    are said to be complete, and whoever finds them incomplete begins anew.

    Args:
        database: Whose ``counting_lock`` is held since the tables were emptied.
        tables: With every column of the table, but of histograms one row per bin, sorted; instants are aware,
            or NaT.
    """
    for name, counted in tables.items():
        rows = folded(counted) if name == count_durations.name else counted
        columns = [_stored(rows[column]) for column in _EVERY_COLUMN[name]]
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            cut = slice(first, first + _ROWS_AT_ONCE)
            with database.write() as connection:
                _PUTTING[name].run_many(connection, _EVERY_COLUMN[name], [column[cut] for column in columns])


def finish_counting(database: Database) -> None:
    """Say that the tables are complete: every row was put."""
    with database.write() as connection:
        connection.execute(count_state.update().values(is_complete=True))


def record_check(connection: sa.Connection, checked_at: datetime, *, found_different: bool) -> None:
    """Remember that the counts were compared with what they are counted from."""
    connection.execute(count_state.update().values(checked_at=checked_at, found_different=found_different))


def _stored(values: pd.Series[Any]) -> list[Any]:
    """Return values as the database stores them: instants as microseconds since 1970."""
    if not isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.tolist()
    numbers = values.astype("datetime64[us, UTC]").astype("int64").tolist()
    return [None if unknown else number for number, unknown in zip(numbers, values.isna(), strict=True)]
