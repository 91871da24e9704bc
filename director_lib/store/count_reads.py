"""Reading the counts: the part that a page asks for, or all of them, as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from director_lib.domain.measures import DECISION_MEASURES, MEASURES
from director_lib.store.count_tables import (
    ALL_WEEKS,
    STUDIO,
    WORK_MEASURES,
    count_decisions,
    count_durations,
    count_failures,
    count_segments,
    count_works,
)

_MADE_OF = ("kind", "engine", "model")
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


def read_cells(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up every measure by week, kind, engine and model; see ``metrics.counts.Counts.cells``."""
    keys = ("week", *_MADE_OF)
    actor = count_decisions.c.actor
    is_added_up = part.stream_id is None and "actor" not in part.values
    decided = _sums(connection, count_decisions, keys, part, actor == "" if is_added_up else actor != "")
    if "actor" in part.values:
        worked = decided.head(0)[[*keys]]
    else:
        worked = _sums(connection, count_works, keys, part, count_works.c.week > ALL_WEEKS)
    merged = decided.merge(worked, on=list(keys), how="outer").reindex(columns=[*keys, *MEASURES])
    merged[list(MEASURES)] = merged[list(MEASURES)].fillna(0).astype("int64")
    return _sorted(merged.assign(week=_mondays(merged["week"])), list(keys))


def read_people(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up what is counted by person; see ``metrics.counts.Counts.people``."""
    condition = count_decisions.c.actor != ""
    return _sums(connection, count_decisions, ("actor", "kind"), part, condition, may_add_up=True)


def read_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up durations in bins; see ``metrics.counts.Counts.durations``."""
    keys = ("metric", "kind", "engine", "bin")
    return _sums(connection, count_durations, keys, part, sa.true(), may_add_up=True)


def read_weekly_durations(connection: sa.Connection, part: Part) -> dict[int, pd.DataFrame]:
    """Add up durations in bins, by the week (days since 1970 of its Monday); weeks without any are absent."""
    keys = ("metric", "kind", "engine", "bin")
    found = _sums(connection, count_durations, ("week", *keys), part, sa.true())
    return {
        week: found[found["week"] == week].drop(columns="week").reset_index(drop=True)
        for week in found["week"].unique().tolist()
    }


def read_failures(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up broken tasks; see ``metrics.counts.Counts.failures``."""
    keys = ("kind", "engine", "error_code")
    return _sums(connection, count_failures, keys, part, sa.true())


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


def read_all_counts(connection: sa.Connection) -> dict[str, pd.DataFrame]:
    """Read every row of the counts that is not zero, by table.

    Returns:
        By the name of the table: its columns, with ``week`` in days since 1970, sorted by its key.
    """
    found = {}
    for table in (count_decisions, count_works, count_durations, count_failures):
        keys = [column.name for column in table.primary_key]
        frame = _frame(connection, sa.select(table), table.columns.keys())
        found[table.name] = _sorted(frame, keys)
    frame = _segments(connection, sa.select(*_SEGMENT_COLUMNS, count_segments.c.week))
    found[count_segments.name] = frame.sort_values(["stream_id", "segment_id"]).reset_index(drop=True)
    return found


def _sums(
    connection: sa.Connection,
    table: sa.Table,
    keys: Sequence[str],
    part: Part,
    condition: sa.ColumnElement[bool],
    *,
    may_add_up: bool = False,
) -> pd.DataFrame:
    measures = [name for name in (*DECISION_MEASURES, *WORK_MEASURES, "n") if name in table.c]
    summed = [sa.cast(sa.func.sum(table.c[name]), sa.BigInteger) for name in measures]
    query = sa.select(*(table.c[key] for key in keys), *summed).group_by(*(table.c[key] for key in keys))
    query = query.where(condition, table.c.scope == (STUDIO if part.stream_id is None else part.stream_id))
    if part.is_everything and may_add_up:
        query = query.where(table.c.week == ALL_WEEKS)
    else:
        query = query.where(table.c.week >= (ALL_WEEKS + 1 if part.since is None else part.since))
    if part.until is not None:
        query = query.where(table.c.week < part.until)
    for column, values in part.values.items():
        if column in table.c:
            query = query.where(table.c[column].in_(values))
    rows = _rows(connection, query)
    # here, because databases compare texts by rules of their own; keys differ, so measures never decide
    rows.sort()
    return _framed([row for row in rows if any(row[len(keys) :])], [*keys, *measures])


def _frame(connection: sa.Connection, query: sa.Select[Any], names: Sequence[str]) -> pd.DataFrame:
    return _framed(_rows(connection, query), names)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Any]:
    cursor = connection.execute(query).cursor
    assert cursor is not None
    try:
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _framed(rows: Sequence[Any], names: Sequence[str]) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    texts = {"scope", "actor", "metric", "kind", "engine", "model", "error_code", "stream_id"}
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="str") if name in texts else np.asarray(values, dtype="int64")
            for name, values in zip(names, columns, strict=True)
        }
    )


def _segments(connection: sa.Connection, query: sa.Select[Any]) -> pd.DataFrame:
    names = [str(column.key) for column in query.selected_columns]
    open_since = sa.func.coalesce(sa.type_coerce(count_segments.c.open_since, sa.BigInteger), _NOT_A_TIME)
    columns = [open_since if name == "open_since" else query.selected_columns[name] for name in names]
    frame = _frame(connection, query.with_only_columns(*columns), names)
    instants = {
        name: pd.to_datetime(frame[name].to_numpy().view("datetime64[us]"), utc=True).astype(
            "datetime64[us, UTC]"
        )
        for name in ("entered_at", "open_since")
    }
    return frame.assign(**instants, is_approved=frame["is_approved"].astype("bool"))


def _mondays(days: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series((days.to_numpy(dtype="int64") * _DAY_US).view("datetime64[us]"), index=days.index)


def _sorted(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    measures = [name for name in frame.columns if name not in keys]
    some = (frame[measures] != 0).any(axis=1)
    return frame[some].sort_values(keys).reset_index(drop=True)
