"""Adding to the tables of the counts, for a stream and for the whole studio at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from director_lib.domain.counting import SegmentRow, Tally
from director_lib.domain.measures import DECISION_MEASURES
from director_lib.store.count_rows import Place
from director_lib.store.count_tables import (
    ALL_WEEKS,
    STUDIO,
    count_decisions,
    count_failures,
    count_segments,
    count_works,
)
from director_lib.store.duration_changes import DurationChanges, add_durations
from director_lib.store.prepared import Adding, Prepared

_Changes = defaultdict[tuple[Any, ...], dict[str, int]]
_ADD_DECISIONS, _ADD_WORKS = Adding(count_decisions), Adding(count_works)
_ADD_FAILURES = Adding(count_failures)
_OF_PLACE = (
    count_segments.c.stream_id == sa.bindparam("of_stream"),
    count_segments.c.segment_id == sa.bindparam("of_segment"),
)
_DROP_SEGMENT = Prepared(count_segments.delete().where(*_OF_PLACE))
_ADD_SEGMENT = Prepared(
    count_segments.insert().values({column.name: sa.bindparam(column.name) for column in count_segments.c})
)


def add_tallies(connection: sa.Connection, tallies: Mapping[str, Tally]) -> None:
    """Add what is counted of streams, by their ids, to theirs and to the whole studio's."""
    decided, worked, failed = (_Changes(dict) for _ in range(3))
    lasted = DurationChanges(dict)
    for stream_id, tally in tallies.items():
        for (week, kind, engine, model, actor, measure), number in tally.cells.items():
            if not number:
                continue
            made_of = (kind, engine, model)
            if measure in DECISION_MEASURES:
                keys: list[tuple[Any, ...]] = [(stream_id, week, actor, *made_of)]
                keys += [(STUDIO, week, actor, *made_of), (STUDIO, ALL_WEEKS, actor, *made_of)]
                _add(decided, [*keys, (STUDIO, week, "", *made_of)], measure, number)
            else:
                _add(worked, [(scope, week, *made_of) for scope in (stream_id, STUDIO)], measure, number)
        for (metric, week, kind, engine, place), number in tally.durations.items():
            for span in ((stream_id, week), (STUDIO, week), (STUDIO, ALL_WEEKS)):
                bins = lasted[(*span, metric, kind, engine)]
                bins[place] = bins.get(place, 0) + number
        for key, number in tally.failures.items():
            if number:
                _add(failed, [(scope, *key) for scope in (stream_id, STUDIO)], "n", number)
    _ADD_DECISIONS.run(connection, decided)
    _ADD_WORKS.run(connection, worked)
    _ADD_FAILURES.run(connection, failed)
    add_durations(connection, lasted)


def put_segments(connection: sa.Connection, old: Iterable[Place], new: Mapping[Place, SegmentRow]) -> None:
    """Put the rows of segments in place of old ones."""
    gone = [{"of_stream": stream_id, "of_segment": segment_id} for stream_id, segment_id in sorted(old)]
    _DROP_SEGMENT.run(connection, gone)
    rows = [_segment_row(place, row) for place, row in sorted(new.items())]
    _ADD_SEGMENT.run(connection, rows)


def _add(changes: _Changes, keys: Iterable[tuple[Any, ...]], measure: str, number: int) -> None:
    for key in keys:
        numbers = changes[key]
        numbers[measure] = numbers.get(measure, 0) + number


def _segment_row(place: Place, row: SegmentRow) -> dict[str, Any]:
    return {
        "stream_id": place[0],
        "segment_id": place[1],
        "week": row.week,
        "entered_at": row.entered_us,
        "n_versions": row.n_versions,
        "regenerations": row.regenerations,
        "rejections": row.rejections,
        "cost_micro_usd": row.cost_micro_usd,
        "n_open": row.n_open,
        "open_since": row.open_since_us,
        "is_approved": row.is_approved,
    }
