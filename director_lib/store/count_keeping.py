"""Keeping the counts right: what a transaction is about to change is remembered as it is counted.

Every function that writes what is counted says so first: ``touch_asset`` and its like. The first touch of a
segment or a task writes down, in the same transaction, how to find what it is counted from; every further
one, by whomever, finds it written down and costs next to nothing. So it is known after every commit, and
after none that failed, which parts of the counts are behind and what they contain.
``store/count_settling.py`` counts those again before anybody reads.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from director_lib.store.column_types import microseconds
from director_lib.store.count_rows import (
    find_mark,
    find_next_of_person,
    list_counted,
    read_counted_task,
)
from director_lib.store.count_tables import count_state, count_touched_segments, count_touched_tasks
from director_lib.store.prepared import Prepared

NOTHING = "null"
_IS_COUNTING = sa.exists().select_from(count_state)
_OF_TASK = sa.exists().where(count_touched_tasks.c.task_id == sa.bindparam("task_id"))
_COUNTING = Prepared(sa.select(sa.literal_column("1")).where(_IS_COUNTING))
_TASK_STANDS = Prepared(sa.select(_IS_COUNTING, _OF_TASK))
_dump = json.JSONEncoder(separators=(",", ":")).encode


def touch_asset(connection: sa.Connection, asset_id: int) -> None:
    """Say that versions, decisions or the current version of an asset are about to change."""
    _touch_segment(connection, asset_id)


def touch_decision(connection: sa.Connection, asset_id: int, actor: str, decided_at: datetime) -> None:
    """Say that a person's decision is about to be recorded.

    One that is recorded late comes between two others of that person, and the later of them changes, too.
    """
    _touch_segment(connection, asset_id)
    later = find_next_of_person(connection, actor, microseconds(decided_at))
    if later is not None:
        _touch_segment(connection, later)


def touch_stream(connection: sa.Connection, stream_id: str) -> None:
    """Say that a stream as a whole is about to change: its id, or how many approvals it needs."""
    if not _COUNTING.rows(connection):
        return
    asset_ids, task_ids = list_counted(connection, stream_id)
    for asset_id in asset_ids:
        _touch_segment(connection, asset_id)
    for task_id in task_ids:
        touch_task(connection, task_id)


def touch_task(connection: sa.Connection, task_id: str) -> None:
    """Say that a task, or what was billed for it, is about to change."""
    is_counting, is_behind = _TASK_STANDS.rows(connection, task_id=task_id)[0]
    if not is_counting or is_behind:
        return
    found = read_counted_task(connection, task_id)
    before = NOTHING if found is None else json.dumps([found[0], *found[1]])
    _remember_tasks(connection, [{"task_id": task_id, "before": before}])


def add_tasks(connection: sa.Connection, task_ids: Collection[str]) -> None:
    """Say that tasks are about to be queued."""
    if task_ids and _COUNTING.rows(connection):
        _remember_tasks(connection, [{"task_id": task_id, "before": NOTHING} for task_id in sorted(task_ids)])


def _touch_segment(connection: sa.Connection, asset_id: int) -> None:
    """Remember the segment of an asset, unless that was done before or nothing is counted."""
    mark = find_mark(connection, asset_id)
    if mark is not None:
        _remember(connection, _SEGMENTS, [{"asset_id": asset_id, "before": _dump(mark)}])


def _remember_tasks(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    _remember(connection, _TASKS, rows)


def _remember(connection: sa.Connection, how: dict[str, Prepared], rows: list[dict[str, Any]]) -> None:
    how[connection.dialect.name].run(connection, rows)


def _remembering(table: sa.Table) -> dict[str, Prepared]:
    """Return, by kind of database, what writes down what is not written down yet."""
    values: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in table.columns}
    return {
        "sqlite": Prepared(sqlite.insert(table).values(values).on_conflict_do_nothing()),
        "postgresql": Prepared(postgresql.insert(table).values(values).on_conflict_do_nothing()),
    }


_SEGMENTS, _TASKS = _remembering(count_touched_segments), _remembering(count_touched_tasks)
