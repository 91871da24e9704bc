"""Laying counts from scratch out as the tables hold them: by stream, and added up over the whole studio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from director_lib.domain.measures import DECISION_MEASURES
from director_lib.metrics.counts import CountTables
from director_lib.store.count_tables import ALL_WEEKS, STUDIO, WORK_MEASURES

_DAY_US = 86_400_000_000
_MADE_OF = ("kind", "engine", "model")
_SEGMENT = ("stream_id", "segment_id")
_FOLDED_FROM = 1_000_000


class _Layout(NamedTuple):
    """How a table of counts is laid out.

    Attributes:
        keys: What its rows are told apart by.
        measures: What they add up.
        with_all_weeks: Whether the studio also has rows over all weeks.
        without: A key that the studio also has rows without.
    """

    keys: tuple[str, ...]
    measures: tuple[str, ...]
    with_all_weeks: bool = False
    without: str | None = None


_LAYOUTS = {
    "count_decisions": _Layout(
        ("scope", "week", "actor", *_MADE_OF), tuple(DECISION_MEASURES), with_all_weeks=True, without="actor"
    ),
    "count_works": _Layout(("scope", "week", *_MADE_OF), WORK_MEASURES),
    "count_durations": _Layout(
        ("scope", "week", "metric", "kind", "engine", "bin"), ("n",), with_all_weeks=True
    ),
    "count_failures": _Layout(("scope", "week", "kind", "engine", "error_code"), ("n",)),
}
KEYS = {**{name: layout.keys for name, layout in _LAYOUTS.items()}, "count_segments": _SEGMENT}


def stream_rows(counted: CountTables) -> dict[str, pd.DataFrame]:
    """Lay out the rows of the streams that were counted, by table, sorted by their keys."""
    cells = counted.cells.rename(columns={"stream_id": "scope"}).assign(week=_days)
    of_people = cells[cells["actor"] != ""]
    durations = counted.durations.rename(columns={"stream_id": "scope"}).assign(week=_days)
    failures = counted.failures.rename(columns={"stream_id": "scope"}).assign(week=_days)
    sources = {
        "count_decisions": of_people,
        "count_works": _added(cells, _LAYOUTS["count_works"]),
        "count_durations": durations,
        "count_failures": failures,
    }
    rows = {name: _finished(sources[name], layout) for name, layout in _LAYOUTS.items()}
    segments = counted.segments.assign(week=_days).sort_values([*_SEGMENT]).reset_index(drop=True)
    return {**rows, "count_segments": segments}


class StudioRows:
    """The rows of the whole studio: streams are added to them one after the other."""

    def __init__(self) -> None:
        self._parts: dict[str, list[pd.DataFrame]] = {name: [] for name in _LAYOUTS}

    def add(self, rows: Mapping[str, pd.DataFrame]) -> None:
        """Add what ``stream_rows`` gave of further streams."""
        for name, layout in _LAYOUTS.items():
            parts = self._parts[name]
            parts.append(_added(rows[name].assign(scope=STUDIO), layout))
            if len(parts) > 1 and sum(map(len, parts[1:])) >= _FOLDED_FROM:
                self._parts[name] = [_added(pd.concat(parts, ignore_index=True), layout)]

    def laid_out(self) -> dict[str, pd.DataFrame]:
        """Return the rows by table: by week, over all weeks, and without a key; none without any stream."""
        return {name: self._rows(name, layout) for name, layout in _LAYOUTS.items() if self._parts[name]}

    def _rows(self, name: str, layout: _Layout) -> pd.DataFrame:
        studio = _added(pd.concat(self._parts[name], ignore_index=True), layout)
        parts = [studio]
        if layout.with_all_weeks:
            parts.append(_added(studio.assign(week=ALL_WEEKS), layout))
        if layout.without is not None:
            parts.append(_added(studio.assign(**{layout.without: ""}), layout))
        return _finished(pd.concat(parts, ignore_index=True), layout)


def _added(rows: pd.DataFrame, layout: _Layout) -> pd.DataFrame:
    return rows.groupby([*layout.keys], as_index=False)[[*layout.measures]].sum()


def _finished(rows: pd.DataFrame, layout: _Layout) -> pd.DataFrame:
    some = rows.loc[(rows[[*layout.measures]] != 0).any(axis=1), [*layout.keys, *layout.measures]]
    return some.astype({"week": "int64"}).sort_values([*layout.keys]).reset_index(drop=True)


def _days(rows: pd.DataFrame) -> pd.Series[int]:
    return rows["week"].astype("datetime64[us]").astype("int64") // _DAY_US
