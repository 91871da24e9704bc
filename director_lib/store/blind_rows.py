"""Reading what hidden versions and tasks are counted from, of many stills and clips in a few questions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from director_lib.domain.counting import CountedTask
from director_lib.store.count_parts import driver_rows
from director_lib.store.count_rows import (
    ALL,
    TASKS,
    SegmentFacts,
    SegmentMark,
    add_verdict_row,
    add_version_row,
    decisions_of,
    read_segment_as_it_was,
    versions_of,
)
from director_lib.store.count_tables import count_touched_segments, count_touched_tasks
from director_lib.store.prepared import Prepared
from director_lib.store.tables import assets, tasks, variant_sets
from director_lib.store.variant_sets import IS_HIDDEN

_AT_ONCE = 5_000
_EVERYTHING = {"up_to_version": ALL, "up_to_decision": ALL}
_HIDDEN = Prepared(sa.select(variant_sets.c.asset_id, variant_sets.c.id).where(IS_HIDDEN))
_VERSIONS = versions_of(assets).add_columns(assets.c.id).params(_EVERYTHING)
_DECISIONS = decisions_of(assets).add_columns(assets.c.id).params(_EVERYTHING)
_SET_TASKS = TASKS.add_columns(assets.c.id, tasks.c.variant_set_id, tasks.c.id, tasks.c.version_id).where(
    tasks.c.variant_set_id.is_not(None)
)
_OWN = assets.alias("own")
_SAME_SEGMENT = sa.and_(assets.c.stream_id == _OWN.c.stream_id, assets.c.segment_id == _OWN.c.segment_id)
_TOUCHED_ASSETS = Prepared(
    sa.select(assets.c.id, assets.c.kind, count_touched_segments.c.before)
    .select_from(count_touched_segments.join(_OWN, _OWN.c.id == count_touched_segments.c.asset_id))
    .join(assets, _SAME_SEGMENT)
)
_TOUCHED_TASKS = Prepared(
    sa.select(tasks.c.asset_id, tasks.c.id, count_touched_tasks.c.before).join(
        tasks, tasks.c.id == count_touched_tasks.c.task_id
    )
)


class Touched(NamedTuple):
    """What is not counted as it is, and what is counted of it.

    Attributes:
        segments: By asset its kind, and how to read what its segment is counted from (JSON).
        tasks: By task what is counted of it (JSON; null when nothing is).
        asset_ids: Of both.
    """

    segments: dict[int, tuple[str, str]]
    tasks: dict[str, str]
    asset_ids: set[int]


class SetTask(NamedTuple):
    """A task that was made to choose from; ``counted`` is None while it is not counted."""

    asset_id: int
    set_id: str
    version_id: int | None
    stream_id: str
    counted: CountedTask | None


def find_hidden_sets(connection: sa.Connection) -> dict[int, str]:
    """Find the sets that are to be chosen from blind, by their still or clip, which has at most one."""
    return dict(_HIDDEN.rows(connection))


def read_touched(connection: sa.Connection) -> Touched:
    """Read what was touched since it was counted."""
    segments = {asset_id: (kind, before) for asset_id, kind, before in _TOUCHED_ASSETS.rows(connection)}
    of_tasks = _TOUCHED_TASKS.rows(connection)
    asset_ids = {*segments, *(asset_id for asset_id, _, _ in of_tasks)}
    return Touched(segments, {task_id: before for _, task_id, before in of_tasks}, asset_ids)


def read_counted_assets(
    connection: sa.Connection, asset_ids: Collection[int], touched: Touched
) -> dict[int, SegmentFacts]:
    """Read by asset what stills and clips are counted from, each as if it was all of its segment."""
    as_they_are = sorted(asset_id for asset_id in asset_ids if asset_id not in touched.segments)
    found: dict[int, SegmentFacts] = {}
    for some in _portions(as_they_are):
        for *row, asset_id in driver_rows(connection, _VERSIONS.where(assets.c.id.in_(some))):
            found[asset_id] = add_version_row(found.get(asset_id), row)
        for *row, asset_id in driver_rows(connection, _DECISIONS.where(assets.c.id.in_(some))):
            add_verdict_row(found[asset_id], row)
    for asset_id in asset_ids & touched.segments.keys():
        found[asset_id] = _as_it_was(connection, asset_id, *touched.segments[asset_id])
    return found


def read_set_tasks(
    connection: sa.Connection, asset_ids: Collection[int], touched: Touched
) -> Iterator[SetTask]:
    """Read the tasks of stills and clips that were made to choose from, as they are counted."""
    for some in _portions(sorted(asset_ids)):
        for row in driver_rows(connection, _SET_TASKS.where(assets.c.id.in_(some))):
            stream_id, *counted, asset_id, set_id, task_id, version_id = row
            before = touched.tasks.get(task_id)
            if before is not None:
                stream_id, *counted = json.loads(before) or (stream_id,)
            yield SetTask(
                asset_id, set_id, version_id, stream_id, CountedTask._make(counted) if counted else None
            )


def _as_it_was(connection: sa.Connection, asset_id: int, kind: str, before: str) -> SegmentFacts:
    whole = read_segment_as_it_was(connection, asset_id, SegmentMark._make(json.loads(before)))
    own = [version for version in whole.versions if version.kind == kind]
    ids = {version.version_id for version in own}
    said = [verdict for verdict in whole.decisions if verdict.version_id in ids]
    return replace(whole, versions=own, decisions=said)


def _portions(asset_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(asset_ids), _AT_ONCE):
        yield asset_ids[first : first + _AT_ONCE]
