"""Settling the counts: what was touched is counted again, and the difference is added to the tables.

What a touched segment or task adds to the counts is known from what was written down when it was first
touched (``store/count_keeping.py``). It is taken away, and what it is now is added. Many decisions that were
taken since change the same few rows, so each of these is written once.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.domain.counting import CountedTask, SegmentRow, Tally, Weeks, count_task, weeks_in
from director_lib.domain.segment_counting import count_segment
from director_lib.store.count_changes import add_tallies, put_segments
from director_lib.store.count_rows import (
    Place,
    SegmentMark,
    read_counted_task,
    read_segment,
    read_segment_as_it_was,
)
from director_lib.store.count_tables import (
    count_settled,
    count_state,
    count_touched_segments,
    count_touched_tasks,
)
from director_lib.store.database import Database
from director_lib.store.prepared import Prepared

_AT_ONCE = 500
_IS_BEHIND = Prepared(
    sa.select(sa.exists().select_from(count_touched_segments), sa.exists().select_from(count_touched_tasks))
)
_ZONE = Prepared(sa.select(count_state.c.time_zone).where(count_state.c.is_complete))
_SEGMENTS = Prepared(
    sa.select(count_touched_segments.c.asset_id, count_touched_segments.c.before)
    .order_by(count_touched_segments.c.asset_id)
    .limit(sa.literal_column(str(_AT_ONCE)))
)
_TASKS = Prepared(
    sa.select(count_touched_tasks.c.task_id, count_touched_tasks.c.before)
    .order_by(count_touched_tasks.c.task_id)
    .limit(sa.literal_column(str(_AT_ONCE)))
)
_SEGMENT_DONE = Prepared(
    count_touched_segments.delete().where(count_touched_segments.c.asset_id == sa.bindparam("asset_id"))
)
_TASK_DONE = Prepared(
    count_touched_tasks.delete().where(count_touched_tasks.c.task_id == sa.bindparam("task_id"))
)
_SETTLED = Prepared(
    count_settled.insert().values(
        {name: sa.bindparam(name) for name in ("asset_id", "task_id", "settled_at")}
    )
)
_REMEMBERED = 200_000
_Tallies = defaultdict[str, Tally]


def is_behind(connection: sa.Connection) -> bool:
    """Tell whether anything was touched since it was counted."""
    return any(_IS_BEHIND.rows(connection)[0])


def settle_counts(database: Database) -> None:
    """Count again what was touched, ``_AT_ONCE`` segments and tasks in each transaction.

    Nothing happens while the counts are not complete: what was touched stays written down until they are.
    """
    while True:
        with database.read() as connection:
            if not is_behind(connection):
                return
        with database.write() as connection:
            if not settle_some(connection):
                return


def settle_some(connection: sa.Connection) -> bool:
    """Count again some of what was touched; returns whether there was anything that can be settled."""
    zone = _ZONE.rows(connection)
    if not zone:
        return False
    weeks, tallies = _weeks(zone[0][0]), _Tallies(Tally)
    asset_ids = _settle_segments(connection, tallies, weeks)
    task_ids = _settle_tasks(connection, tallies, weeks)
    if not asset_ids and not task_ids:
        return False
    add_tallies(connection, tallies)
    note_settled(connection, asset_ids, task_ids)
    return True


def note_settled(connection: sa.Connection, asset_ids: Sequence[int], task_ids: Sequence[str]) -> None:
    """Note what was counted again; nothing at all notes that everything was."""
    now_us = time.time_ns() // 1_000
    rows: list[dict[str, Any]] = [{"asset_id": asset_id, "task_id": None} for asset_id in asset_ids]
    rows += [{"asset_id": None, "task_id": task_id} for task_id in task_ids]
    rows = rows or [{"asset_id": None, "task_id": None}]
    _SETTLED.run(connection, [{**row, "settled_at": now_us} for row in rows])


def forget_settled(connection: sa.Connection) -> None:
    """Drop the oldest notes when they are very many; what was kept before them is read anew."""
    newest = connection.scalar(sa.select(sa.func.max(count_settled.c.seq))) or 0
    connection.execute(count_settled.delete().where(count_settled.c.seq <= newest - _REMEMBERED))


def _settle_segments(connection: sa.Connection, tallies: _Tallies, weeks: Weeks) -> list[int]:
    old: dict[Place, SegmentRow] = {}
    new: dict[Place, SegmentRow] = {}
    touched = _SEGMENTS.rows(connection)
    for asset_id, before in touched:
        for facts, sign, rows in (
            (read_segment_as_it_was(connection, asset_id, SegmentMark._make(json.loads(before))), -1, old),
            (read_segment(connection, asset_id), 1, new),
        ):
            if facts is None:
                continue
            tally, row = count_segment(facts.versions, facts.decisions, facts.needed, weeks)
            tallies[facts.place[0]].add(tally, sign)
            if row is not None:
                rows[facts.place] = row
    same = {place for place, row in old.items() if new.get(place) == row}
    changed = {place: row for place, row in new.items() if place not in same}
    put_segments(connection, old.keys() - same, changed)
    _SEGMENT_DONE.run(connection, [{"asset_id": asset_id} for asset_id, _ in touched])
    return [asset_id for asset_id, _ in touched]


def _settle_tasks(connection: sa.Connection, tallies: _Tallies, weeks: Weeks) -> list[str]:
    touched = _TASKS.rows(connection)
    for task_id, before in touched:
        counted = json.loads(before)
        if counted is not None:
            tallies[counted[0]].add(count_task(CountedTask._make(counted[1:]), weeks), -1)
        found = read_counted_task(connection, task_id)
        if found is not None:
            tallies[found[0]].add(count_task(found[1], weeks))
    _TASK_DONE.run(connection, [{"task_id": task_id} for task_id, _ in touched])
    return [task_id for task_id, _ in touched]


@lru_cache(maxsize=8)
def _weeks(time_zone: str) -> Weeks:
    return weeks_in(ZoneInfo(time_zone))
