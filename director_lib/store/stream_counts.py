"""The counts stream by stream, for comparing streams: sums only, a few rows for each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.store.count_histograms import added_up, framed
from director_lib.store.count_parts import Part, driver_rows, sum_of
from director_lib.store.count_tables import (
    ALL_WEEKS,
    STUDIO,
    count_decisions,
    count_durations,
    count_segments,
    count_works,
)

_UNITS = ("unit_approved", "unit_rejected", "unit_open")


def read_first_attempts(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up first judged attempts: ``stream_id``, ``first``, ``first_approved`` (int64)."""
    table = count_decisions
    sums = [sum_of(table.c.first), sum_of(table.c.first_approved)]
    query = _of_streams(table, part, sums).where(table.c.actor != "")
    return _frame(connection, query, {"first": "int64", "first_approved": "int64"})


def read_lost_money(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up what was billed without a file: ``stream_id``, ``lost_micro_usd`` (int64)."""
    query = _of_streams(count_works, part, [sum_of(count_works.c.lost_micro_usd)])
    return _frame(connection, query, {"lost_micro_usd": "int64"})


def read_unit_durations(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up the ways of stills and clips to their approval.

    Returns:
        ``stream_id``, ``metric``, ``kind``, ``bin``, ``n``; see ``metrics.counts.Counts.durations``.
    """
    table = count_durations
    query = _of_streams(table, part, [table.c.metric, table.c.kind, table.c.bins], is_added=False)
    rows = driver_rows(connection, query.where(table.c.metric.in_(_UNITS)))
    keys, place, bins, many = added_up([row[:3] for row in rows], [row[3] for row in rows])
    return framed(keys, place, ("stream_id", "metric", "kind")).assign(bin=bins, n=many)


def read_segment_sums(connection: sa.Connection, part: Part) -> pd.DataFrame:
    """Add up the segments that were begun, with what a ratio's interval needs.

    Returns:
        By stream: ``stream_id``, ``n``, ``again`` and ``again_2`` (regenerations and their squares),
        ``approved``, ``cost``, ``cost_2`` and ``cost_approved`` (US dollars, their squares, and those of
        approved segments), all float64.
    """
    table = count_segments.c
    cost = table.cost_micro_usd / 1e6
    approved = sa.case((table.is_approved, 1.0), else_=0.0)
    sums = {
        "n": sa.func.count(),
        "again": sa.func.sum(table.regenerations),
        "again_2": sa.func.sum(table.regenerations * table.regenerations),
        "approved": sa.func.sum(approved),
        "cost": sa.func.sum(cost),
        "cost_2": sa.func.sum(cost * cost),
        "cost_approved": sa.func.sum(cost * approved),
    }
    query = sa.select(table.stream_id, *sums.values()).group_by(table.stream_id).order_by(table.stream_id)
    if part.since is not None:
        query = query.where(table.week >= part.since)
    if part.until is not None:
        query = query.where(table.week < part.until)
    return _frame(connection, query, dict.fromkeys(sums, "float64"))


def _of_streams(
    table: sa.Table, part: Part, columns: list[sa.ColumnElement[Any]], *, is_added: bool = True
) -> sa.Select[Any]:
    query = sa.select(table.c.scope, *columns).where(table.c.scope != STUDIO)
    if is_added:
        query = query.group_by(table.c.scope).order_by(table.c.scope)
    query = query.where(table.c.week >= (ALL_WEEKS + 1 if part.since is None else part.since))
    if part.until is not None:
        query = query.where(table.c.week < part.until)
    for column, values in part.values.items():
        if column in table.c:
            query = query.where(table.c[column].in_(values))
    return query


def _frame(connection: sa.Connection, query: sa.Select[Any], dtypes: dict[str, str]) -> pd.DataFrame:
    rows = [tuple(row) for row in connection.execute(query)]
    found = pd.DataFrame(rows, columns=["stream_id", *dtypes])
    return found.astype({"stream_id": "str", **dtypes})
