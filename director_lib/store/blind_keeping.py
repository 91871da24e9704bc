"""Keeping, in each process, what hidden sets move in the counts, and reading again only where that changed.

What is counted of a still or clip changes when it is settled, and that is noted (``count_settled``). So what
was read of it holds until the next note about its segment or one of its tasks, until another set of it is
hidden, or none. What is touched and not settled yet is kept for one reading only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.domain.counting import CountedTask, Tally, Weeks, count_task, weeks_in
from director_lib.domain.segment_counting import count_segment
from director_lib.domain.variant_arm import WITHHELD
from director_lib.store.blind_counts import BlindCounts
from director_lib.store.blind_rows import (
    Touched,
    find_hidden_sets,
    read_counted_assets,
    read_set_tasks,
    read_touched,
)
from director_lib.store.count_rows import SegmentFacts
from director_lib.store.count_tables import count_settled
from director_lib.store.prepared import Prepared
from director_lib.store.tables import assets, tasks

_Tallies = dict[str, Tally]
_MOST_NOTES = 5_000
_SINCE = count_settled.c.seq > sa.bindparam("since", type_=sa.BigInteger)
_OWN = assets.alias("own")
_NEWEST = Prepared(
    sa.select(count_settled.c.seq, count_settled.c.settled_at).order_by(count_settled.c.seq.desc()).limit(1)
)
_NOTE = Prepared(
    sa.select(count_settled.c.settled_at).where(
        count_settled.c.seq == sa.bindparam("seq", type_=sa.BigInteger)
    )
)
_IS_COUNTED_ANEW = Prepared(
    sa.select(
        sa.exists().where(_SINCE, count_settled.c.asset_id.is_(None), count_settled.c.task_id.is_(None))
    )
)
_NOTED = Prepared(
    sa.union(
        sa.select(assets.c.id)
        .select_from(count_settled.join(_OWN, _OWN.c.id == count_settled.c.asset_id))
        .join(
            assets,
            sa.and_(assets.c.stream_id == _OWN.c.stream_id, assets.c.segment_id == _OWN.c.segment_id),
        )
        .where(_SINCE),
        sa.select(tasks.c.asset_id).join(count_settled, count_settled.c.task_id == tasks.c.id).where(_SINCE),
    )
)


@dataclass(frozen=True, slots=True)
class _Moved:
    """What one hidden set moves, by stream: mostly in one, in two while a stream gets another id."""

    set_id: str
    tallies: _Tallies


@dataclass(slots=True)
class _Kept:
    """What one process knows of one database, in one time zone.

    Attributes:
        mark: The newest note that is known (its number, and when it was made), None for none.
        by_asset: What holds, by the asset of the set.
        passing: Assets of which it holds for one reading only.
        change: By how much the sums of ``by_asset`` are more than ``told`` says, by stream.
    """

    weeks: Weeks
    mark: tuple[int, int] | None = None
    by_asset: dict[int, _Moved] = field(default_factory=dict)
    passing: set[int] = field(default_factory=set)
    change: _Tallies = field(default_factory=dict)
    told: BlindCounts = field(default_factory=BlindCounts)
    lock: Lock = field(default_factory=Lock)

    def add(self, asset_id: int, moved: _Moved) -> None:
        """Let something hold of an asset."""
        self.by_asset[asset_id] = moved
        self._add_up(moved, 1)

    def drop(self, asset_id: int) -> None:
        """Let nothing hold of an asset any more."""
        moved = self.by_asset.pop(asset_id, None)
        if moved is not None:
            self._add_up(moved, -1)

    def drop_all(self) -> None:
        """Begin anew."""
        self.mark, self.by_asset, self.change, self.told = None, {}, {}, BlindCounts()

    def tell(self) -> BlindCounts:
        """Return the sums as they are now, in an object that stays as it is."""
        if self.change:
            self.told = self.told.changed(self.change)
            self.change = {}
        return self.told

    def _add_up(self, moved: _Moved, sign: int) -> None:
        for stream_id, tally in moved.tallies.items():
            self.change.setdefault(stream_id, Tally()).add(tally, sign)


_KEPT: WeakKeyDictionary[sa.Engine, dict[str, _Kept]] = WeakKeyDictionary()


def read_blind_counts(connection: sa.Connection, time_zone: str) -> BlindCounts:
    """Tell what has to be added to counts as they are kept, so that they are as they may be told.

    Args:
        connection: The one that the counts are read with: a later one may see what is not counted yet.
        time_zone: IANA name of the zone that the weeks are in.
    """
    by_zone = _KEPT.setdefault(connection.engine, {})
    kept = by_zone.setdefault(time_zone, _Kept(weeks_in(ZoneInfo(time_zone))))
    with kept.lock:
        hidden = find_hidden_sets(connection)
        if not hidden:
            kept.drop_all()
            return BlindCounts()
        touched = read_touched(connection)
        _drop_changed(connection, kept)
        for asset_id in touched.asset_ids | kept.passing:
            kept.drop(asset_id)
        for asset_id in [each for each, moved in kept.by_asset.items() if hidden.get(each) != moved.set_id]:
            kept.drop(asset_id)
        if len(kept.by_asset) < len(hidden):
            _read_missing(connection, kept, hidden, touched)
        return kept.tell()


def _drop_changed(connection: sa.Connection, kept: _Kept) -> None:
    """Drop what is not counted any more as it was, as this connection sees it."""
    newest = next(iter(_NEWEST.rows(connection)), None)
    mark = kept.mark
    if mark is None or not _goes_on(connection, mark, newest):
        kept.drop_all()
    elif newest != mark:
        for (asset_id,) in _NOTED.rows(connection, since=mark[0]):
            kept.drop(asset_id)
    kept.mark = newest


def _goes_on(connection: sa.Connection, mark: tuple[int, int], newest: tuple[int, int] | None) -> bool:
    """Tell whether the notes that this connection sees go on from the one that is known."""
    seq, settled_us = mark
    if newest is None or newest[0] > seq + _MOST_NOTES:
        return False
    known = _NOTE.rows(connection, seq=seq)
    return (
        bool(known) and known[0][0] == settled_us and not _IS_COUNTED_ANEW.rows(connection, since=seq)[0][0]
    )


def _read_missing(connection: sa.Connection, kept: _Kept, hidden: dict[int, str], touched: Touched) -> None:
    missing = hidden.keys() - kept.by_asset.keys()
    version_ids: dict[int, set[int]] = {asset_id: set() for asset_id in missing}
    tallies: dict[int, _Tallies] = {asset_id: {} for asset_id in missing}
    for task in read_set_tasks(connection, missing, touched):
        if hidden[task.asset_id] != task.set_id:
            continue
        if task.version_id is not None:
            version_ids[task.asset_id].add(task.version_id)
        if task.counted is not None:
            of_stream = tallies[task.asset_id].setdefault(task.stream_id, Tally())
            _move_task(of_stream, task.counted, kept.weeks)
    for asset_id, facts in read_counted_assets(connection, missing, touched).items():
        of_stream = tallies[asset_id].setdefault(facts.place[0], Tally())
        _move_versions(of_stream, facts, version_ids[asset_id], kept.weeks)
    for asset_id in missing:
        kept.add(asset_id, _Moved(hidden[asset_id], tallies[asset_id]))
    kept.passing = touched.asset_ids & missing


def _move_versions(tally: Tally, facts: SegmentFacts, hidden: Collection[int], weeks: Weeks) -> None:
    """Add to a tally what counts of hidden versions for their engines, as less, and for none, as more."""
    made_by, named = {}, []
    for version in facts.versions:
        if version.version_id in hidden:
            # a name that no engine has tells afterwards what was counted of this version
            name = f"\0{version.version_id}"
            made_by[name] = (version.engine, version.model)
            version = version._replace(engine=name, model=name)
        named.append(version)
    if made_by:
        counted, _ = count_segment(named, facts.decisions, facts.needed, weeks)
        _move(tally, counted, made_by, (WITHHELD, WITHHELD))


def _move_task(tally: Tally, task: CountedTask, weeks: Weeks) -> None:
    counted = count_task(task._replace(engine="\0"), weeks)
    _move(tally, counted, {"\0": (task.engine, "")}, (WITHHELD, ""))


def _move(tally: Tally, counted: Tally, made_by: dict[str, tuple[str, str]], told: tuple[str, str]) -> None:
    """Take what is counted for names away from whom they stand for, and add it to what is told."""
    for (week, kind, name, _model, *rest), n in counted.cells.items():
        if name in made_by:
            tally.cells[(week, kind, *made_by[name], *rest)] -= n  # type: ignore[index]
            tally.cells[(week, kind, *told, *rest)] += n  # type: ignore[index]
    for (metric, week, kind, name, place), n in counted.durations.items():
        if name in made_by:
            tally.durations[metric, week, kind, made_by[name][0], place] -= n
            tally.durations[metric, week, kind, told[0], place] += n
    for (week, kind, name, error_code), n in counted.failures.items():
        if name in made_by:
            tally.failures[week, kind, made_by[name][0], error_code] -= n
            tally.failures[week, kind, told[0], ""] += n
