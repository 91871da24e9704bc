"""Comparing the kept counts with what counting everything from scratch gives, some streams at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_reads import read_kept_counts
from director_lib.store.count_tables import STUDIO
from director_lib.store.counted_frames import list_forgotten_streams
from director_lib.tasks.count_groups import CountedGroup
from director_lib.tasks.count_layout import KEYS, StudioRows, stream_rows


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of one table of counts that are not what they should be.

    Attributes:
        example: One of them in words.
    """

    table: str
    n_rows: int
    example: str


def find_differences(connection: sa.Connection, counted: Iterator[CountedGroup]) -> tuple[Difference, ...]:
    """Compare the kept counts with those from scratch.

    Args:
        connection: The one that they are counted with: another may see what came later.
        counted: Every group of the studio’s streams.

    Returns:
        One entry for each table that differs; empty when all is right.
    """
    studio, known = StudioRows(), set[str]()
    found: dict[str, Difference] = {}
    for group in counted:
        rows = stream_rows(group.tables)
        studio.add(rows)
        known.update(group.stream_ids)
        _compare_all(found, rows, read_kept_counts(connection, group.stream_ids))
    _compare_all(found, studio.laid_out(), read_kept_counts(connection, [STUDIO]))
    forgotten = list_forgotten_streams(connection, known)
    _compare_all(found, {}, read_kept_counts(connection, forgotten))
    return tuple(found.values())


def _compare_all(
    found: dict[str, Difference], expected: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame]
) -> None:
    for name, rows in kept.items():
        difference = _compare(name, expected.get(name, rows.iloc[:0]), rows)
        if difference is None:
            continue
        before = found.get(name, Difference(name, 0, difference.example))
        found[name] = Difference(name, before.n_rows + difference.n_rows, before.example)


def _compare(name: str, expected: pd.DataFrame, kept: pd.DataFrame) -> Difference | None:
    keys = [*KEYS[name]]
    columns = list(expected.columns)
    if expected.equals(kept[columns]):
        return None
    both = pd.concat(
        [expected.assign(_from="counted"), kept[columns].assign(_from="kept")], ignore_index=True
    )
    wrong = both[~both.duplicated(subset=columns, keep=False)]
    if wrong.empty:
        return None
    first = wrong.sort_values([*keys, "_from"]).iloc[0]
    place = ", ".join(f"{key} {first[key]}" for key in keys)
    return Difference(name, len(wrong[keys].drop_duplicates()), f"{place}: {first['_from']} differently")
