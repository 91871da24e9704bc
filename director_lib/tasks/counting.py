"""Counting everything from nothing, and comparing the kept counts with that: what a worker does at night.

``metrics.counts.count`` counts, some streams at a time; it is the oracle. The same tables are kept up to date
by every write (``store/count_keeping.py``), and have to be equal to it at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from director_lib.errors import StorageError
from director_lib.store.count_building import (
    begin_counting,
    finish_counting,
    forget_counts,
    has_counts,
    put_counts,
    record_check,
)
from director_lib.store.count_settling import is_behind, settle_counts
from director_lib.tasks.count_check import Difference, find_differences
from director_lib.tasks.count_groups import CountedGroup, count_in_groups
from director_lib.tasks.count_layout import StudioRows, stream_rows

if TYPE_CHECKING:
    from director_lib.store.database import Database

Tell = Callable[[int, int], None]
_LOOKS = 100


def untold(_done: int, _all: int) -> None:
    """Tell nobody how many steps of how many are done."""


@dataclass(frozen=True, slots=True)
class CountsCheck:
    """What comparing the counts with what they are counted from showed.

    Attributes:
        differences: Tables that were not right; empty when all were.
        was_rebuilt: Whether they were counted anew for that.
    """

    differences: tuple[Difference, ...]
    was_rebuilt: bool
    checked_at: datetime

    @property
    def is_right(self) -> bool:
        """Whether the counts were what they should be."""
        return not self.differences


def build_counts(database: Database, time_zone: str, tell: Tell = untold) -> None:
    """Let the tables of the counts say what is so now: settled, or counted from nothing.

    Others write while everything is counted; the tables are filled in many short turns.

    Args:
        database: Where to count.
        time_zone: IANA name of the studio's time zone; when it was another one, everything is counted anew.
        tell: Is told, whenever some streams are counted, how many steps of how many are done.

    Raises:
        StorageError: Another process has been counting for minutes.
    """
    with database.read() as connection:
        is_built = has_counts(connection, time_zone)
    if not is_built:
        with database.counting_lock():
            _build_alone(database, time_zone, tell)
    settle_counts(database)


def rebuild_counts(database: Database, time_zone: str, tell: Tell = untold) -> None:
    """Throw the counts away and count everything anew; arguments and errors are those of ``build_counts``."""
    with database.counting_lock(), database.write() as connection:
        forget_counts(connection)
    build_counts(database, time_zone, tell)


def check_counts(
    database: Database, time_zone: str, now: datetime, *, may_rebuild: bool, tell: Tell = untold
) -> CountsCheck:
    """Compare the counts with those from scratch, count anew what differs, and record that.

    Raises:
        StorageError: Others write so much that the counts are behind whenever they are looked at.
    """
    with _settled(database, time_zone, tell) as connection:
        differences = find_differences(connection, _told(count_in_groups(connection, time_zone), tell))
    if differences and may_rebuild:
        rebuild_counts(database, time_zone, tell)
    with database.write() as connection:
        record_check(connection, now, found_different=bool(differences))
    return CountsCheck(differences, bool(differences) and may_rebuild, now)


def _build_alone(database: Database, time_zone: str, tell: Tell) -> None:
    with database.read() as connection:
        if has_counts(connection, time_zone):
            # somebody else did while this one waited for its turn
            return
    studio = StudioRows()
    with begin_counting(database, time_zone) as view:
        for group in _told(count_in_groups(view, time_zone), tell):
            rows = stream_rows(group.tables)
            studio.add(rows)
            put_counts(database, rows)
    put_counts(database, studio.laid_out())
    finish_counting(database)


def _told(groups: Iterator[CountedGroup], tell: Tell) -> Iterator[CountedGroup]:
    for done, group in enumerate(groups, 1):
        yield group
        tell(done, group.n_groups)


@contextmanager
def _settled(database: Database, time_zone: str, tell: Tell) -> Iterator[sa.Connection]:
    """Give a view in which everything that is committed is counted."""
    for _ in range(_LOOKS):
        build_counts(database, time_zone, tell)
        with database.read() as connection:
            if has_counts(connection, time_zone) and not is_behind(connection):
                yield connection
                return
    raise StorageError(
        "So much is being written that the counts could not be compared. Nothing was changed; they follow "
        "what is written. Try again when less is going on."
    )
