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

from director_lib.store.settled_gates import settles
from director_lib.store.tables import assets, attempts, checkpoints, decisions, streams, tasks, versions

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
    "approvals_needed": "int64",
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
    "content_sha256": "str",
    "approvals_needed": "int64",
    "first_seen_at": _INSTANT,
}
_CHECKPOINTS = ["stream_id", "checkpoint", "entered_at", "decided_at", "decision", "actor"]

_UNDOING = decisions.alias()
_DECISIONS_QUERY = (
    sa.select(
        decisions.c.seq,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        decisions.c.version_id,
        versions.c.number,
        decisions.c.decision,
        decisions.c.note,
        decisions.c.actor,
        decisions.c.decided_at,
        _UNDOING.c.decided_at,
        streams.c.approvals_needed,
    )
    .select_from(
        decisions.join(assets, assets.c.id == decisions.c.asset_id)
        .join(streams, streams.c.id == assets.c.stream_id)
        .join(versions, versions.c.id == decisions.c.version_id)
        .outerjoin(_UNDOING, _UNDOING.c.undoes == decisions.c.seq)
    )
    .where(decisions.c.undoes.is_(None))
    .order_by(decisions.c.seq)
)
_VERSIONS_QUERY = (
    sa.select(
        versions.c.id,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        versions.c.number,
        versions.c.origin,
        versions.c.engine,
        versions.c.model,
        versions.c.image_prompt,
        versions.c.motion_prompt,
        versions.c.seed,
        versions.c.source_version_id,
        versions.c.cost_usd,
        versions.c.task_id,
        versions.c.created_at,
        assets.c.current_version_id.is_not_distinct_from(versions.c.id),
    )
    .select_from(versions.join(assets, assets.c.id == versions.c.asset_id))
    .order_by(versions.c.id)
)
_TASKS_QUERY = (
    sa.select(
        tasks.c.id,
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        tasks.c.engine,
        tasks.c.state,
        tasks.c.queued_at,
        tasks.c.started_at,
        tasks.c.ended_at,
        tasks.c.error_code,
    )
    .select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id))
    .order_by(tasks.c.seq)
)
_TAKEN_BACK = checkpoints.alias()
_CHECKPOINTS_QUERY = (
    sa.select(
        checkpoints.c.stream_id,
        checkpoints.c.checkpoint,
        checkpoints.c.decision,
        checkpoints.c.actor,
        checkpoints.c.happened_at,
        checkpoints.c.content_sha256,
        streams.c.approvals_needed,
        streams.c.first_seen_at,
    )
    .select_from(checkpoints.join(streams, streams.c.id == checkpoints.c.stream_id))
    .where(
        checkpoints.c.undoes.is_(None),
        ~sa.exists().where(_TAKEN_BACK.c.undoes == checkpoints.c.seq),
    )
    .order_by(checkpoints.c.seq)
)
_LOST_MONEY_QUERY = (
    sa.select(sa.func.coalesce(sa.func.sum(attempts.c.billed_usd), 0))
    .select_from(
        attempts.join(tasks, tasks.c.id == attempts.c.task_id).join(assets, assets.c.id == tasks.c.asset_id)
    )
    .where(tasks.c.version_id.is_(None))
)


def decisions_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read decisions with where they belong and when they were taken back.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all. An unknown id gives no rows.

    Returns:
        One row per verdict by ``seq``: ``decision_id``, ``seq``, ``stream_id``, ``segment_id``, ``kind``,
        ``version_id``, ``attempt`` (the version's 1-based place in its asset), ``decision``, ``note``,
        ``actor``, ``decided_at``, ``undone_at`` (NaT unless taken back), ``approvals_needed`` (of the
        stream, now). Records of undoing are no rows.
        Ids and numbers are int64, text str, instants datetime64[us, UTC].
    """
    frame = _read(connection, _of(assets, _DECISIONS_QUERY, stream_id), _DECISIONS)
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
    return _read(connection, _of(assets, _VERSIONS_QUERY, stream_id), _VERSIONS)


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
    return _read(connection, _of(assets, _TASKS_QUERY, stream_id), _TASKS)


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
    records = _read(connection, _of(checkpoints, _CHECKPOINTS_QUERY, stream_id), _CHECKPOINT_RECORDS)
    records = records[settles(records)]
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
    return float(connection.scalar(_of(assets, _LOST_MONEY_QUERY, stream_id)) or 0.0)


def _of(table: sa.Table, query: sa.Select[Any], stream_id: str | None) -> sa.Select[Any]:
    return query if stream_id is None else query.where(table.c.stream_id == stream_id)


def _read(connection: sa.Connection, query: sa.Select[Any], columns: Mapping[str, str]) -> pd.DataFrame:
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


def _column(cells: tuple[Any, ...], dtype: str) -> pd.Series[Any]:
    if dtype != _INSTANT:
        return pd.Series(cells, dtype=dtype)
    microseconds = np.fromiter((_NOT_A_TIME if cell is None else cell for cell in cells), "int64", len(cells))
    return pd.Series(microseconds.view("datetime64[us]")).dt.tz_localize("UTC")
