"""The frames of the metrics, read from the database's columns at once: 100,000 decisions take under a second.

Rows come straight from the database driver. Making a Python object of each row, as the other readers do,
would take most of the time, and instants stay numbers until pandas converts a whole column.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

_INSTANT = "datetime64[us, UTC]"
_NOT_A_TIME = -(2**63)
_ASSET = {"stream_id": "str", "segment_id": "int64", "kind": "str"}
_DECISIONS = {
    "seq": "int64",
    **_ASSET,
    "version_id": "int64",
    "attempt": "int64",
    "decision": "str",
    "note": "str",
    "actor": "str",
    "decided_at": _INSTANT,
    "undone_at": _INSTANT,
}
_VERSIONS = {
    "version_id": "int64",
    **_ASSET,
    "attempt": "int64",
    "origin": "str",
    "engine": "str",
    "model": "str",
    "image_prompt": "str",
    "motion_prompt": "str",
    "seed": "Int64",
    "source_version_id": "Int64",
    "cost_usd": "float64",
    "task_id": "str",
    "created_at": _INSTANT,
    "is_current": "bool",
}
_TASKS = {
    "task_id": "str",
    **_ASSET,
    "engine": "str",
    "state": "str",
    "queued_at": _INSTANT,
    "started_at": _INSTANT,
    "ended_at": _INSTANT,
    "error_code": "str",
}
_CHECKPOINT_RECORDS = {
    "stream_id": "str",
    "checkpoint": "str",
    "decision": "str",
    "actor": "str",
    "happened_at": _INSTANT,
    "first_seen_at": _INSTANT,
}
_CHECKPOINTS = ["stream_id", "checkpoint", "entered_at", "decided_at", "decision", "actor"]

_DECISIONS_SQL = """
SELECT d.seq, a.stream_id, a.segment_id, a.kind, d.version_id, v.number, d.decision, d.note, d.actor,
       d.decided_at, u.decided_at
FROM decisions d JOIN assets a ON a.id = d.asset_id JOIN versions v ON v.id = d.version_id
LEFT JOIN decisions u ON u.undoes = d.seq
WHERE d.undoes IS NULL AND (? IS NULL OR a.stream_id = ?) ORDER BY d.seq"""
_VERSIONS_SQL = """
SELECT v.id, a.stream_id, a.segment_id, a.kind, v.number, v.origin, v.engine, v.model, v.image_prompt,
       v.motion_prompt, v.seed, v.source_version_id, v.cost_usd, v.task_id, v.created_at,
       a.current_version_id IS v.id
FROM versions v JOIN assets a ON a.id = v.asset_id
WHERE (? IS NULL OR a.stream_id = ?) ORDER BY v.id"""
_TASKS_SQL = """
SELECT t.id, a.stream_id, a.segment_id, a.kind, t.engine, t.state,
       t.queued_at, t.started_at, t.ended_at, t.error_code
FROM tasks t JOIN assets a ON a.id = t.asset_id
WHERE (? IS NULL OR a.stream_id = ?) ORDER BY t.seq"""
_CHECKPOINTS_SQL = """
SELECT c.stream_id, c.checkpoint, c.decision, c.actor, c.happened_at, s.first_seen_at
FROM checkpoints c JOIN streams s ON s.id = c.stream_id
WHERE (? IS NULL OR c.stream_id = ?) ORDER BY c.seq"""
_LOST_MONEY_SQL = """
SELECT coalesce(sum(p.billed_usd), 0)
FROM attempts p JOIN tasks t ON t.id = p.task_id JOIN assets a ON a.id = t.asset_id
WHERE t.version_id IS NULL AND (? IS NULL OR a.stream_id = ?)"""


def decisions_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read decisions with where they belong and when they were taken back.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all. An unknown id gives no rows.

    Returns:
        One row per verdict by ``seq``: ``decision_id``, ``seq``, ``stream_id``, ``segment_id``, ``kind``,
        ``version_id``, ``attempt`` (the version's 1-based place in its asset), ``decision``, ``note``,
        ``actor``, ``decided_at``, ``undone_at`` (NaT unless taken back). Records of undoing are no rows.
        Ids and numbers are int64, text str, instants datetime64[us, UTC].
    """
    frame = _read(connection, _DECISIONS_SQL, _DECISIONS, stream_id)
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
        (datetime64[us, UTC]), ``is_current`` (bool).
    """
    return _read(connection, _VERSIONS_SQL, _VERSIONS, stream_id)


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
    return _read(connection, _TASKS_SQL, _TASKS, stream_id)


def checkpoints_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read how long streams stayed at their story, spec and final checkpoints.

    A record without a verdict says that the stream entered the checkpoint; each verdict ends a stay. After
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
    records = _read(connection, _CHECKPOINTS_SQL, _CHECKPOINT_RECORDS, stream_id)
    decides = records["decision"].notna()
    gate = ["stream_id", "checkpoint"]
    stay = decides.astype("int64").groupby([records[column] for column in gate]).cumsum() - decides
    marked = records.assign(
        stay=stay,
        entered_at=records["happened_at"].mask(decides),
        decided_at=records["happened_at"].where(decides),
        actor=records["actor"].where(decides),
    )
    facts = ["entered_at", "decided_at", "decision", "actor", "first_seen_at"]
    stays = marked.groupby([*gate, "stay"], as_index=False)[facts].first()
    begins = stays.groupby(gate)["decided_at"].shift()
    seen = stays["first_seen_at"].where((stays["stay"] == 0) & (stays["checkpoint"] != "final"))
    return stays.assign(entered_at=stays["entered_at"].fillna(begins).fillna(seen))[_CHECKPOINTS]


def billed_without_file_usd(connection: sa.Connection, stream_id: str | None = None) -> float:
    """Sum what was billed for tasks that made no version, in US dollars; of one stream, or of all."""
    row = connection.exec_driver_sql(_LOST_MONEY_SQL, (stream_id, stream_id)).one()
    return float(row[0])


def _read(
    connection: sa.Connection, query: str, columns: Mapping[str, str], stream_id: str | None
) -> pd.DataFrame:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query, (stream_id, stream_id))
        rows = cursor.fetchall()
    finally:
        cursor.close()
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pd.DataFrame(
        {name: _column(cells, dtype) for (name, dtype), cells in zip(columns.items(), values, strict=True)}
    )


def _column(cells: tuple[Any, ...], dtype: str) -> pd.Series[Any]:
    if dtype != _INSTANT:
        return pd.Series(cells, dtype=dtype)
    microseconds = np.fromiter((_NOT_A_TIME if cell is None else cell for cell in cells), "int64", len(cells))
    return pd.Series(microseconds.view("datetime64[us]")).dt.tz_localize("UTC")
