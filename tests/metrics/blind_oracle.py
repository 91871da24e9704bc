"""What hidden versions and tasks move in the counts, worked out the plain way: all, segment by segment."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.domain.counting import CountedTask, CountedVersion, Tally, count_task, weeks_in
from director_lib.domain.segment_counting import count_segment
from director_lib.domain.variant_arm import WITHHELD
from director_lib.store.count_rows import (
    Place,
    SegmentFacts,
    SegmentMark,
    read_counted_task,
    read_segment,
    read_segment_as_it_was,
)
from director_lib.store.count_tables import count_touched_segments, count_touched_tasks
from director_lib.store.tables import assets, versions
from director_lib.store.variant_sets import Hidden, find_hidden

Numbers = dict[str, dict[str, dict[object, int]]]


def count_blind(connection: sa.Connection, time_zone: str) -> Numbers:
    """Count what is hidden as it is kept, and as it may be told; see ``numbers_of``."""
    hidden, weeks = find_hidden(connection), weeks_in(ZoneInfo(time_zone))
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for facts in _segments(connection, hidden):
        for made, sign in ((facts.versions, -1), ([_told(one, hidden) for one in facts.versions], 1)):
            tally, _ = count_segment(made, facts.decisions, facts.needed, weeks)
            tallies[facts.place[0]].add(tally, sign)
    for stream_id, task in _tasks(connection, hidden):
        tallies[stream_id].add(count_task(task, weeks), -1)
        tallies[stream_id].add(count_task(task._replace(engine=WITHHELD, error_code=""), weeks))
    return numbers_of(tallies)


def numbers_of(tallies: dict[str, Tally]) -> Numbers:
    """Return what is not 0 in tallies, by stream, by what it is of."""
    told = {
        stream_id: {
            name: {key: n for key, n in getattr(tally, name).items() if n} for name in Tally.__slots__
        }
        for stream_id, tally in tallies.items()
    }
    return {stream_id: numbers for stream_id, numbers in told.items() if any(numbers.values())}


def _told(version: CountedVersion, hidden: Hidden) -> CountedVersion:
    is_hidden = version.version_id in hidden.cost_usd
    return version._replace(engine=WITHHELD, model=WITHHELD) if is_hidden else version


def _segments(connection: sa.Connection, hidden: Hidden) -> Iterator[SegmentFacts]:
    """Read the segments of hidden versions as they are counted: as they were before they were touched."""
    known = sa.select(assets.c.stream_id, assets.c.segment_id, sa.func.min(assets.c.id))
    query = known.join(versions, versions.c.asset_id == assets.c.id).where(
        versions.c.id.in_(sorted(hidden.cost_usd))
    )
    found = connection.execute(query.group_by(assets.c.stream_id, assets.c.segment_id)).all()
    touched = _touched_segments(connection)
    for stream_id, segment_id, asset_id in found:
        before = touched.get((stream_id, segment_id))
        facts = (
            read_segment(connection, asset_id)
            if before is None
            else read_segment_as_it_was(connection, asset_id, SegmentMark._make(json.loads(before)))
        )
        if facts is not None:
            yield facts


def _touched_segments(connection: sa.Connection) -> dict[Place, str]:
    query = sa.select(assets.c.stream_id, assets.c.segment_id, count_touched_segments.c.before)
    rows = connection.execute(query.join(assets, assets.c.id == count_touched_segments.c.asset_id))
    return {(stream_id, segment_id): before for stream_id, segment_id, before in rows}


def _tasks(connection: sa.Connection, hidden: Hidden) -> Iterator[tuple[str, CountedTask]]:
    query = sa.select(count_touched_tasks.c.task_id, count_touched_tasks.c.before)
    touched = {task_id: before for task_id, before in connection.execute(query)}
    for task_id in hidden.price_usd:
        if task_id in touched:
            before = json.loads(touched[task_id])
            if before is not None:
                yield before[0], CountedTask._make(before[1:])
            continue
        found = read_counted_task(connection, task_id)
        if found is not None:
            yield found
