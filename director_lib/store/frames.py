"""The frames of the metrics, read from the database's columns at once: 100,000 decisions take under a second.

Rows come straight from the database driver. Making a Python object of each row, as the other readers do,
would take most of the time, and instants stay numbers until pandas converts a whole column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from director_lib.store.frame_queries import (
    BILLS,
    BILLS_QUERY,
    CHECKPOINT_RECORDS,
    CHECKPOINTS_QUERY,
    DECISIONS,
    DECISIONS_QUERY,
    INSTANT,
    TASKS,
    TASKS_QUERY,
    VERSIONS,
    VERSIONS_QUERY,
)
from director_lib.store.settled_gates import settles
from director_lib.store.tables import assets, checkpoints

_NOT_A_TIME = -(2**63)
_UNKNOWN = np.datetime64("NaT", "us")
_INSTANTS = ("happened_at", "first_seen_at")


def decisions_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read decisions with where they belong and when they were taken back.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all. An unknown id gives no rows.

    Returns:
        One row per verdict by ``seq``: ``decision_id``, ``seq``, ``stream_id``, ``segment_id``, ``kind``,
        ``version_id``, ``attempt`` (the version's 1-based place in its asset), ``decision``, ``note``,
        ``actor``, ``decided_at``, ``undone_at`` (NaT unless taken back), ``approvals_needed`` (of the
        stream, now), ``viewed_at`` (when the decider first saw the version; NaT when unknown), ``set_id``
        (the variant set that the version was made for; NaN when none). Records of undoing are no rows.
        Ids and numbers are int64, text str, instants datetime64[us, UTC].
    """
    frame = read_frame(connection, _of(assets, DECISIONS_QUERY, stream_id), DECISIONS)
    frame.insert(0, "decision_id", frame["seq"])
    return frame


def versions_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read versions with what made them.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all.

    Returns:
        One row per version by id: ``version_id``, ``stream_id``, ``segment_id``, ``kind``, ``attempt``,
        ``origin``, ``engine``, ``model``, ``image_prompt``, ``motion_prompt`` (str, NaN when unknown),
        ``seed``, ``source_version_id`` (Int64), ``cost_usd`` (float64), ``task_id``, ``created_at``
        (datetime64[us, UTC]), ``is_current`` (bool), ``duration_s`` (float64, NaN for stills), ``set_id``
        (the variant set that it was made for; NaN when none).
    """
    return read_frame(connection, _of(assets, VERSIONS_QUERY, stream_id), VERSIONS)


def tasks_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read tasks with their times.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all.

    Returns:
        One row per task in the order they were queued: ``task_id``, ``stream_id``, ``segment_id``, ``kind``,
        ``engine``, ``state``, ``queued_at``, ``started_at``, ``ended_at`` (datetime64[us, UTC]),
        ``error_code``.
    """
    return read_frame(connection, _of(assets, TASKS_QUERY, stream_id), TASKS)


def checkpoints_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read how long streams stayed at their story, spec and final checkpoints.

    A record without a verdict says that the stream entered the checkpoint; each verdict ends a stay, but an
    approval only when no further one is needed. After
    a verdict the next stay begins at that verdict unless a record says when. The first stay at story and
    spec begins when the stream was first seen unless a record says otherwise; for final it is unknown.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all.

    Returns:
        One row per stay, by stream, checkpoint and time: ``stream_id``, ``checkpoint``, ``entered_at`` and
        ``decided_at`` (datetime64[us, UTC]; NaT when unknown, or not decided yet), ``decision``, ``actor``
        (NaN while not decided).
    """
    records = read_frame(connection, _of(checkpoints, CHECKPOINTS_QUERY, stream_id), CHECKPOINT_RECORDS)
    records = records[settles(records)]
    gate = _gates(records)
    order = np.argsort(gate, kind="stable")
    records, gate = records.take(order), gate[order]
    decides, enters_gate = records["decision"].notna().to_numpy(), np.diff(gate, prepend=-1) != 0
    # a stay begins with the first record of its gate, or after a verdict; it ends where the next one begins
    begins = np.flatnonzero(enters_gate | np.append(False, decides)[:-1])
    ends = np.append(begins, len(records))[1:] - 1
    is_decided, is_first = decides[ends], enters_gate[begins]
    checkpoint = records["checkpoint"].array.take(begins)
    happened_at, seen_at = (records[name].dt.tz_localize(None).to_numpy() for name in _INSTANTS)
    decided_at = np.where(is_decided, happened_at[ends], _UNKNOWN)
    before = np.where(is_first, _UNKNOWN, np.append(_UNKNOWN, decided_at)[:-1])
    seen = np.where(is_first & (checkpoint != "final"), seen_at[begins], _UNKNOWN)
    entered_at = np.where(decides[begins], _UNKNOWN, happened_at[begins])
    for instead in (before, seen):
        entered_at = np.where(np.isnat(entered_at), instead, entered_at)
    return pd.DataFrame(
        {
            "stream_id": records["stream_id"].array.take(begins),
            "checkpoint": checkpoint,
            "entered_at": pd.DatetimeIndex(entered_at, tz="UTC"),
            "decided_at": pd.DatetimeIndex(decided_at, tz="UTC"),
            "decision": records["decision"].array.take(np.where(is_decided, ends, -1), allow_fill=True),
            "actor": records["actor"].array.take(np.where(is_decided, ends, -1), allow_fill=True),
        }
    )


def bills_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read what was billed for tasks that made no version.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all.

    Returns:
        One row per such task, by time: ``task_id``, ``stream_id``, ``segment_id``, ``kind``, ``engine``,
        ``billed_at`` (datetime64[us, UTC]; when its last billed attempt ended, else began), ``billed_usd``
        (float64, of all its attempts).
    """
    return read_frame(connection, _of(assets, BILLS_QUERY, stream_id), BILLS)


def frames_of_assets(
    connection: sa.Connection, asset_ids: Sequence[int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the decisions frame and the versions frame of some stills and clips, each of them whole."""
    decided = read_frame(connection, DECISIONS_QUERY.where(assets.c.id.in_(asset_ids)), DECISIONS)
    decided.insert(0, "decision_id", decided["seq"])
    return decided, read_frame(connection, VERSIONS_QUERY.where(assets.c.id.in_(asset_ids)), VERSIONS)


def leaving_out(query: sa.Select[Any], *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return a query that gives empty text for some of its columns."""
    empty = sa.literal("")
    kept = [empty if any(column is one for one in columns) else column for column in query.selected_columns]
    return query.with_only_columns(*kept, maintain_column_froms=True)


def read_frame(connection: sa.Connection, query: sa.Select[Any], columns: Mapping[str, str]) -> pd.DataFrame:
    """Run a query and make a frame of what it gives.

    Args:
        connection: An open connection.
        query: What to read.
        columns: Names and dtypes (as in ``frame_queries``) of what it gives, in order.
    """
    cursor = connection.execute(query).cursor
    assert cursor is not None
    try:
        rows = cursor.fetchall()
    finally:
        cursor.close()
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pd.DataFrame(
        {name: _column(cells, dtype) for (name, dtype), cells in zip(columns.items(), values, strict=True)}
    )


def _gates(records: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number the checkpoints of streams, by stream and checkpoint."""
    stream, _ = pd.factorize(records["stream_id"], sort=True)
    checkpoint, names = pd.factorize(records["checkpoint"], sort=True)
    return stream * len(names) + checkpoint


def _of(table: sa.Table, query: sa.Select[Any], stream_id: str | None) -> sa.Select[Any]:
    return query if stream_id is None else query.where(table.c.stream_id == stream_id)


def _column(cells: tuple[Any, ...], dtype: str) -> pd.Series[Any]:
    if dtype != INSTANT:
        return pd.Series(cells, dtype=dtype)
    microseconds = np.fromiter((_NOT_A_TIME if cell is None else cell for cell in cells), "int64", len(cells))
    return pd.Series(microseconds.view("datetime64[us]")).dt.tz_localize("UTC")
