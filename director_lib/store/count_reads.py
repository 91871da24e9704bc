"""Reading the counts: the part that a page asks for, or all of them, as frames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from director_lib.domain.measures import DECISION_MEASURES, MEASURES
from director_lib.store.count_parts import Part, conditions_of, driver_rows, one_by_one, sum_of
from director_lib.store.count_tables import (
    ALL_WEEKS,
    WORK_MEASURES,
    count_decisions,
    count_durations,
    count_failures,
    count_segments,
    count_works,
)
from director_lib.store.histograms import unfolded

CELL_KEYS = ("week", "kind", "engine", "model")
_DAY_US = 86_400_000_000
_NOT_A_TIME = np.iinfo("int64").min
_SEGMENT_COLUMNS = [
    count_segments.c.stream_id,
    count_segments.c.segment_id,
    count_segments.c.entered_at,
    count_segments.c.n_versions,
    count_segments.c.regenerations,
    count_segments.c.rejections,
    count_segments.c.cost_micro_usd,
    count_segments.c.n_open,
    count_segments.c.open_since,
    count_segments.c.is_approved,
]
_LATEST = 2**62
_TEXTS = {"scope", "actor", "metric", "kind", "engine", "model", "error_code", "stream_id"}


def read_cells(connection: sa.Connection, part: Part, keys: Sequence[str] = CELL_KEYS) -> pd.DataFrame:
    """Add up every measure by week, kind, engine and model, or some of them.

    Returns:
        The frame ``metrics.counts.Counts.cells``, without those columns that are no keys.
    """
    decided, worked = _decided(connection, part, keys), list[Any]()
    if "actor" not in part.values:
        worked = _sums(connection, count_works, keys, part, count_works.c.week > ALL_WEEKS)
    cells = sorted({row[: len(keys)] for row in (*decided, *worked)})
    place_of = {cell: place for place, cell in enumerate(cells)}
    numbers = np.zeros((len(cells), len(MEASURES)), dtype="int64")
    for rows, measures in (
        (decided, slice(0, len(DECISION_MEASURES))),
        (worked, slice(len(DECISION_MEASURES), None)),
    ):
        if rows:
            places = [place_of[row[: len(keys)]] for row in rows]
            numbers[places, measures] = [row[len(keys) :] for row in rows]
    frame = _laid_out(cells, numbers, keys, MEASURES)
    return frame.assign(week=_mondays(frame["week"])) if "week" in keys else frame


def read_people(
    connection: sa.Connection, part: Part, measures: Sequence[str] = tuple(DECISION_MEASURES)
) -> pd.DataFrame:
    """Add up what is counted by person, or some of it; see ``metrics.counts.Counts.people``."""
    keys, table = ("actor", "kind"), count_decisions
    by, sums = [table.c[key] for key in keys], [sum_of(table.c[name]) for name in measures]
    conditions = [table.c.actor != "", *conditions_of(table, part, may_add_up=True)]
    rows = driver_rows(connection, sa.select(*by, *sums).where(*conditions).group_by(*by))
    return _framed(rows, keys, measures)


def read_failures(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up broken tasks; see ``metrics.counts.Counts.failures``."""
    keys = ("kind", "engine", "error_code")
    return _framed(_sums(connection, count_failures, keys, part), keys, ("n",))


def read_worst_segments(connection: sa.Connection, part: Part, at_most: int) -> pd.DataFrame:
    """Read the segments that gave most trouble; see ``metrics.counts.Counts.segments``."""
    table = count_segments.c
    query = _segments_of(part).where(sa.or_(table.regenerations > 0, table.rejections > 0))
    worst_first = (table.regenerations.desc(), table.rejections.desc(), table.cost_micro_usd.desc())
    open_since = sa.func.coalesce(sa.type_coerce(table.open_since, sa.BigInteger), _LATEST)
    order = (*worst_first, open_since, table.stream_id, table.segment_id)
    return _segments(connection, query.order_by(*order).limit(at_most))


def read_segments(
    connection: sa.Connection,
    part: Part,
    *,
    at_least: int = 0,
    at_most: int | None = None,
    skip: int,
    limit: int,
) -> pd.DataFrame:
    """Read the segments that were begun, newest first; see ``metrics.counts.CountTables.segments``.

    Args:
        at_least: Made again at least so often.
        at_most: And at most so often; None is without bound.
        skip: So many of the newest are left out.
        limit: At most so many are read.
    """
    table = count_segments.c
    query = _segments_of(part).where(table.regenerations >= at_least)
    if at_most is not None:
        query = query.where(table.regenerations <= at_most)
    order = (table.entered_at.desc(), table.stream_id, table.segment_id)
    return _segments(connection, query.order_by(*order).offset(skip).limit(limit))


def _segments_of(part: Part) -> sa.Select[Any]:
    table = count_segments.c
    query = sa.select(*_SEGMENT_COLUMNS)
    if part.stream_id is not None:
        query = query.where(table.stream_id == part.stream_id)
    if part.since is not None:
        query = query.where(table.week >= part.since)
    if part.until is not None:
        query = query.where(table.week < part.until)
    return query


def read_kept_counts(connection: sa.Connection, scopes: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Read the rows of some streams, or of the whole studio (``STUDIO``), that are not zero, by table.

    Returns:
        By the name of the table: its columns, with ``week`` in days since 1970, sorted by its key; of
        histograms one row per bin, ``bin`` and ``n``.
    """
    found = {}
    for table in (count_decisions, count_works, count_failures):
        keys = [column.name for column in table.primary_key]
        measures = [column.name for column in table.columns if not column.primary_key]
        query = sa.select(*table.primary_key, *(table.c[name] for name in measures))
        rows = driver_rows(connection, query.where(table.c.scope.in_(scopes)))
        found[table.name] = _framed(rows, keys, measures)
    found[count_durations.name] = _kept_durations(connection, scopes)
    of_streams = count_segments.c.stream_id.in_(scopes)
    frame = _segments(connection, sa.select(*_SEGMENT_COLUMNS, count_segments.c.week).where(of_streams))
    found[count_segments.name] = frame.sort_values(["stream_id", "segment_id"]).reset_index(drop=True)
    return found


def _kept_durations(connection: sa.Connection, scopes: Sequence[str]) -> pd.DataFrame:
    columns = [*count_durations.columns]
    names = [column.name for column in columns]
    rows = driver_rows(connection, sa.select(*columns).where(count_durations.c.scope.in_(scopes)))
    cells = zip(*sorted(rows), strict=True) if rows else ((),) * len(names)
    folded = {
        name: pd.Series(values, dtype="int64" if name == "week" else "str")
        for name, values in zip(names, cells, strict=True)
    }
    return unfolded(pd.DataFrame(folded))


def _decided(connection: sa.Connection, part: Part, keys: Sequence[str]) -> list[Any]:
    actor, weeks = count_decisions.c.actor, partial(one_by_one, connection, count_decisions, part)
    if "actor" in part.values:
        return _sums(connection, count_decisions, keys, part, actor != "", weeks=weeks())
    if part.stream_id is None:
        return _sums(connection, count_decisions, keys, part, actor == "", weeks=weeks(), of_one=("actor",))
    return _sums(connection, count_decisions, keys, part, actor != "")


def _sums(
    connection: sa.Connection,
    table: sa.Table,
    keys: Sequence[str],
    part: Part,
    *conditions: sa.ColumnElement[bool],
    of_one: Sequence[str] = (),
    **how: Any,
) -> list[Any]:
    """Add up the measures of a part by keys, in any order.

    Args:
        connection: An open connection.
        table: What to read.
        keys: Columns to tell apart.
        part: What to read of it.
        conditions: Further ones.
        of_one: Columns that the conditions allow one value.
        how: Of ``conditions_of``.
    """
    by = [table.c[key] for key in keys]
    if {column.name for column in table.primary_key} <= {"scope", *keys, *of_one}:
        # each row is a group by itself: read as it is it takes half the time
        query = sa.select(*by, *_measures(table))
    else:
        query = sa.select(*by, *_summed(table)).group_by(*by)
    query = query.where(*conditions, *conditions_of(table, part, **how))
    return driver_rows(connection, query)


def _measures(table: sa.Table) -> list[sa.Column[int]]:
    return [table.c[name] for name in (*DECISION_MEASURES, *WORK_MEASURES, "n") if name in table.c]


@lru_cache
def _summed(table: sa.Table) -> tuple[sa.ColumnElement[int], ...]:
    # kept, because making thirty expressions takes longer than the database needs to add up
    return tuple(sum_of(each) for each in _measures(table))


def _framed(rows: Sequence[Any], keys: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame, sorted by their keys."""
    # here, because databases compare texts by rules of their own; keys differ, so measures never decide
    rows = sorted(rows)
    numbers = np.asarray([row[len(keys) :] for row in rows], dtype="int64").reshape(-1, len(measures))
    return _laid_out([row[: len(keys)] for row in rows], numbers, keys, measures)


def _laid_out(
    groups: Sequence[Any], numbers: npt.NDArray[np.int64], keys: Sequence[str], measures: Sequence[str]
) -> pd.DataFrame:
    """Return groups and their numbers as a frame, without rows of zeros; texts are "str"."""
    some = np.flatnonzero(numbers.any(axis=1))
    # numbers as one block: adding up thirty columns by group takes as long as one
    frame = pd.DataFrame(numbers[some], columns=[*measures])
    columns = (
        zip(*(groups[place] for place in some.tolist()), strict=True) if some.size else ((),) * len(keys)
    )
    for place, (name, values) in enumerate(zip(keys, columns, strict=True)):
        frame.insert(place, name, pd.Series(values, dtype="str" if name in _TEXTS else "int64"))
    return frame


def _segments(connection: sa.Connection, query: sa.Select[Any]) -> pd.DataFrame:
    names = [str(column.key) for column in query.selected_columns]
    open_since = sa.func.coalesce(sa.type_coerce(count_segments.c.open_since, sa.BigInteger), _NOT_A_TIME)
    columns = [open_since if name == "open_since" else query.selected_columns[name] for name in names]
    rows = driver_rows(connection, query.with_only_columns(*columns))
    numbers = np.asarray([row[1:] for row in rows], dtype="int64").reshape(-1, len(names) - 1)
    frame = _laid_out([row[:1] for row in rows], numbers, names[:1], names[1:])
    instants = {
        name: pd.DatetimeIndex(frame[name].to_numpy().view("datetime64[us]"), tz="UTC")
        for name in ("entered_at", "open_since")
    }
    return frame.assign(**instants, is_approved=frame["is_approved"].astype("bool"))


def _mondays(days: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series((days.to_numpy(dtype="int64") * _DAY_US).view("datetime64[us]"), index=days.index)
