"""Comparing the kept counts with what counting everything from scratch gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from director_lib.domain.measures import DECISION_MEASURES
from director_lib.metrics.counts import CountTables
from director_lib.store.count_tables import ALL_WEEKS, STUDIO, WORK_MEASURES

_DAY_US = 86_400_000_000
_MADE_OF = ["kind", "engine", "model"]
_SEGMENT = ["stream_id", "segment_id"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of one table of counts that are not what they should be.

    Attributes:
        example: One of them in words.
    """

    table: str
    n_rows: int
    example: str


def find_differences(
    expected: CountTables, kept: dict[str, pd.DataFrame], limit: int = 20
) -> tuple[Difference, ...]:
    """Compare the kept rows, as ``read_all_counts`` gives them, with the counts from scratch.

    Returns:
        One entry for each table that differs, at most ``limit``; empty when all is right.
    """
    found = []
    for name, rows in layout(expected).items():
        keys = [column for column in rows.columns if column in _KEYS[name]]
        difference = _compare(name, rows, kept[name], keys)
        if difference is not None:
            found.append(difference)
    return tuple(found[:limit])


def layout(expected: CountTables) -> dict[str, pd.DataFrame]:
    """Lay counts from scratch out as the tables hold them, by table."""
    cells = expected.cells.rename(columns={"stream_id": "scope"})
    by_person = cells[cells["actor"] != ""].assign(week=_days)
    durations = expected.durations.rename(columns={"stream_id": "scope"}).assign(week=_days)
    failures = expected.failures.rename(columns={"stream_id": "scope"}).assign(week=_days)
    return {
        "count_decisions": _scopes(
            by_person, ["actor", *_MADE_OF], list(DECISION_MEASURES), with_all_weeks=True, without="actor"
        ),
        "count_works": _scopes(cells.assign(week=_days), _MADE_OF, list(WORK_MEASURES)),
        "count_durations": _scopes(
            durations, ["metric", "kind", "engine", "bin"], ["n"], with_all_weeks=True
        ),
        "count_failures": _scopes(failures, ["kind", "engine", "error_code"], ["n"]),
        "count_segments": expected.segments.assign(week=_days).sort_values(_SEGMENT).reset_index(drop=True),
    }


_KEYS = {
    "count_decisions": ["scope", "week", "actor", *_MADE_OF],
    "count_works": ["scope", "week", *_MADE_OF],
    "count_durations": ["scope", "week", "metric", "kind", "engine", "bin"],
    "count_failures": ["scope", "week", "kind", "engine", "error_code"],
    "count_segments": _SEGMENT,
}


def _days(rows: pd.DataFrame) -> pd.Series[int]:
    return rows["week"].astype("datetime64[us]").astype("int64") // _DAY_US


def _scopes(
    rows: pd.DataFrame,
    keys: Sequence[str],
    measures: list[str],
    *,
    with_all_weeks: bool = False,
    without: str | None = None,
) -> pd.DataFrame:
    """Add the rows of the whole studio: by week, over all weeks, and without one of the keys."""
    own = ["scope", "week", *keys]
    by_stream = rows.groupby(own, as_index=False)[measures].sum()
    studio = by_stream.assign(scope=STUDIO).groupby(own, as_index=False)[measures].sum()
    parts = [by_stream, studio]
    if with_all_weeks:
        parts.append(studio.assign(week=ALL_WEEKS).groupby(own, as_index=False)[measures].sum())
    if without is not None:
        parts.append(studio.assign(**{without: ""}).groupby(own, as_index=False)[measures].sum())
    made = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    made = made[(made[measures] != 0).any(axis=1)]
    return made.astype({"week": "int64"}).sort_values(own).reset_index(drop=True)


def _compare(name: str, expected: pd.DataFrame, kept: pd.DataFrame, keys: list[str]) -> Difference | None:
    kept = kept[list(expected.columns)]
    both = pd.concat([expected.assign(_from="counted"), kept.assign(_from="kept")], ignore_index=True)
    wrong = both[~both.duplicated(subset=list(expected.columns), keep=False)]
    if wrong.empty:
        return None
    first = wrong.sort_values([*keys, "_from"]).iloc[0]
    place = ", ".join(f"{key} {first[key]}" for key in keys)
    return Difference(name, len(wrong[keys].drop_duplicates()), f"{place}: {first['_from']} differently")
