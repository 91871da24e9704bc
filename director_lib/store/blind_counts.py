"""What the counts tell of versions that are to be chosen from blind: they count, but for no engine or model.

The counts are kept by engine and model. Whoever reads them is given the difference that moves the versions
and tasks of hidden sets (``store/variant_sets.py``) to the engine and model ``WITHHELD``: what is added up
stays the same, and no group can give one of them away.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.counting import CountedTask, CountedVersion, Tally, Weeks, count_task, weeks_in
from director_lib.domain.segment_counting import count_segment
from director_lib.domain.variant_arm import WITHHELD
from director_lib.store.count_parts import Part
from director_lib.store.count_reads import CELL_KEYS
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

_DAY_US = 86_400_000_000


class _Number(NamedTuple):
    """A number to be added: to a measure, in the row that these facts name."""

    facts: Mapping[str, Any]
    measure: str
    n: int


@dataclass(frozen=True)
class BlindCounts:
    """What has to be added to counts as they are kept, by stream; nothing while no set is hidden."""

    tallies: Mapping[str, Tally] = field(default_factory=dict)

    def cells(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_cells`` of a part, by any of its keys, as anybody may see it."""
        return _added(frame, [key for key in CELL_KEYS if key in frame.columns], self._cells(part))

    def people(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_people`` of a part as anybody may see it."""
        of_people = (number for number in self._cells(part) if number.facts["actor"])
        return _added(frame, ["actor", "kind"], of_people)

    def durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_durations`` of a part as anybody may see it."""
        return _added(frame, ["metric", "kind", "engine", "bin"], self._durations(part))

    def weekly_durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_weekly_durations`` of a part as anybody may see it."""
        if not self.tallies:
            return frame
        texts = frame.astype({"metric": "str", "kind": "str"})
        return _added(texts, ["week", "metric", "kind", "bin"], self._durations(part))

    def failures(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_failures`` of a part as anybody may see it."""
        names = ("week", "kind", "engine", "error_code")
        told = self._chosen(part, names, lambda tally: tally.failures.items(), "n")
        return _added(frame, ["kind", "engine", "error_code"], told)

    def by_stream(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return measures that are added up by stream as anybody may see them."""
        return _added(frame, ["stream_id"], self._cells(part))

    def stream_durations(self, frame: pd.DataFrame, part: Part) -> pd.DataFrame:
        """Return ``read_unit_durations`` of a part as anybody may see it."""
        of_units = (number for number in self._durations(part) if number.facts["metric"].startswith("unit_"))
        return _added(frame, ["stream_id", "metric", "kind", "bin"], of_units)

    def _cells(self, part: Part) -> Iterator[_Number]:
        names = ("week", "kind", "engine", "model", "actor")
        for number in self._chosen(part, (*names, "measure"), lambda tally: tally.cells.items(), ""):
            yield number._replace(measure=number.facts["measure"])

    def _durations(self, part: Part) -> Iterator[_Number]:
        names = ("metric", "week", "kind", "engine", "bin")
        return self._chosen(part, names, lambda tally: tally.durations.items(), "n")

    def _chosen(self, part: Part, names: Sequence[str], items: Any, measure: str) -> Iterator[_Number]:
        for stream_id, tally in self.tallies.items():
            if part.stream_id not in (None, stream_id):
                continue
            for key, n in items(tally):
                facts = dict(zip(names, key, strict=True), stream_id=stream_id)
                if n and _is_in(part, facts):
                    yield _Number(facts, measure, n)


def read_blind_counts(connection: sa.Connection, time_zone: str) -> BlindCounts:
    """Count what is hidden as it is kept, and as it may be told.

    Args:
        connection: The one that the counts are read with: a later one may see what is not counted yet.
        time_zone: IANA name of the zone that the weeks are in.
    """
    hidden = find_hidden(connection)
    if not hidden.price_usd:
        return BlindCounts()
    weeks = weeks_in(ZoneInfo(time_zone))
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for facts in _segments(connection, hidden):
        tally = tallies[facts.place[0]]
        tally.add(_counted(facts, facts.versions, weeks), -1)
        tally.add(_counted(facts, [_told(version, hidden) for version in facts.versions], weeks))
    for stream_id, task in _tasks(connection, hidden):
        tallies[stream_id].add(count_task(task, weeks), -1)
        tallies[stream_id].add(count_task(task._replace(engine=WITHHELD, error_code=""), weeks))
    return BlindCounts(dict(tallies))


def _told(version: CountedVersion, hidden: Hidden) -> CountedVersion:
    is_hidden = version.version_id in hidden.cost_usd
    return version._replace(engine=WITHHELD, model=WITHHELD) if is_hidden else version


def _counted(facts: SegmentFacts, made: list[CountedVersion], weeks: Weeks) -> Tally:
    return count_segment(made, facts.decisions, facts.needed, weeks)[0]


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


def _is_in(part: Part, facts: Mapping[str, Any]) -> bool:
    if part.since is not None and facts["week"] < part.since:
        return False
    if part.until is not None and facts["week"] >= part.until:
        return False
    return all(facts[column] in values for column, values in part.values.items() if column in facts)


def _added(frame: pd.DataFrame, keys: list[str], numbers: Iterable[_Number]) -> pd.DataFrame:
    """Add numbers to the rows with their keys; those of measures that the frame has not are left out."""
    measures = [name for name in frame.columns if name not in keys]
    rows: defaultdict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for number in numbers:
        if number.measure in measures:
            row = rows[tuple(number.facts[key] for key in keys)]
            row[number.measure] = row.get(number.measure, 0) + number.n
    # without engine and model, what is taken away is added again
    moved = [dict(zip(keys, key, strict=True)) | row for key, row in rows.items() if any(row.values())]
    if not moved:
        return frame
    further = pd.DataFrame(moved)
    further = further.reindex(columns=frame.columns)
    if "week" in keys:
        further["week"] = (further["week"].to_numpy(dtype="int64") * _DAY_US).view("datetime64[us]")
    further[measures] = further[measures].fillna(0)
    both = pd.concat([frame, further.astype(frame.dtypes)], ignore_index=True)
    summed = both.groupby(keys, as_index=False)[measures].sum()
    return summed[(summed[measures] != 0).any(axis=1)].reset_index(drop=True)[[*frame.columns]]
