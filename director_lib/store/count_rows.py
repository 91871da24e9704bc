"""Reading what one segment or one task is counted from: as it is, or as it was at an earlier moment.

Versions and decisions are only ever added. So what a segment was counted from before follows from how far
they had come then, and from the few facts about its stream and its assets that do change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from director_lib.domain.counting import CountedDecision, CountedTask, CountedVersion
from director_lib.store.count_tables import count_state, count_touched_segments
from director_lib.store.prepared import Prepared
from director_lib.store.tables import assets, attempts, decisions, streams, tasks, versions

Place = tuple[str, int]
"""A segment: its stream's id and its number."""
ALL = 2**62
"""How far versions and decisions have come when none is left out."""

_OWN = assets.alias("own")
_UNDOING = decisions.alias("undoing")
_BEFORE = decisions.alias("before")
_UP_TO_DECISION = sa.bindparam("up_to_decision", type_=sa.BigInteger)
_UP_TO_VERSION = sa.bindparam("up_to_version", type_=sa.BigInteger)
_LOST = (
    sa.select(sa.func.sum(attempts.c.billed_usd))
    .where(attempts.c.task_id == tasks.c.id, tasks.c.version_id.is_(None))
    .scalar_subquery()
)
_BEFORE_AT = (
    sa.select(_BEFORE.c.decided_at)
    .where(
        _BEFORE.c.actor == decisions.c.actor,
        _BEFORE.c.decided_at <= decisions.c.decided_at,
        sa.or_(_BEFORE.c.decided_at < decisions.c.decided_at, _BEFORE.c.seq < decisions.c.seq),
        _BEFORE.c.seq <= _UP_TO_DECISION,
        _BEFORE.c.undoes.is_(None),
    )
    .order_by(_BEFORE.c.decided_at.desc(), _BEFORE.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_VERSIONS = sa.select(
    assets.c.stream_id,
    assets.c.segment_id,
    streams.c.approvals_needed,
    versions.c.id,
    assets.c.kind,
    versions.c.number,
    versions.c.origin,
    sa.func.coalesce(versions.c.engine, ""),
    sa.func.coalesce(versions.c.model, ""),
    versions.c.cost_usd,
    versions.c.created_at,
    versions.c.duration_s,
    assets.c.current_version_id,
    tasks.c.variant_set_id,
)
_MARK = (
    sa.select(
        _OWN.c.stream_id,
        _OWN.c.segment_id,
        streams.c.approvals_needed,
        assets.c.id,
        sa.func.coalesce(assets.c.current_version_id, 0),
        sa.select(sa.func.coalesce(sa.func.max(decisions.c.seq), 0)).scalar_subquery(),
        sa.select(sa.func.coalesce(sa.func.max(versions.c.id), 0)).scalar_subquery(),
        sa.exists().where(count_touched_segments.c.asset_id == assets.c.id),
    )
    .select_from(_OWN)
    .join(assets, sa.and_(assets.c.stream_id == _OWN.c.stream_id, assets.c.segment_id == _OWN.c.segment_id))
    .join(streams, streams.c.id == _OWN.c.stream_id)
    .where(_OWN.c.id == sa.bindparam("asset_id"), sa.exists().select_from(count_state))
)
_DECISIONS = sa.select(
    decisions.c.seq,
    decisions.c.version_id,
    decisions.c.decision,
    decisions.c.actor,
    decisions.c.decided_at,
    decisions.c.viewed_at,
    _UNDOING.c.seq,
    _BEFORE_AT,
)
TASKS = sa.select(
    assets.c.stream_id,
    assets.c.kind,
    tasks.c.engine,
    tasks.c.state,
    tasks.c.queued_at,
    tasks.c.started_at,
    tasks.c.ended_at,
    sa.func.coalesce(tasks.c.error_code, ""),
    sa.func.coalesce(_LOST, 0.0),
).select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id))


def versions_of(first: sa.FromClause) -> sa.Select[Any]:
    """Ask for the versions of what is joined with ``assets``; the columns are for ``add_version_row``."""
    joined = first.join(streams, streams.c.id == assets.c.stream_id)
    made = sa.and_(versions.c.asset_id == assets.c.id, versions.c.id <= _UP_TO_VERSION)
    joined = joined.outerjoin(versions, made)
    return _VERSIONS.select_from(joined.outerjoin(tasks, tasks.c.id == versions.c.task_id))


def decisions_of(first: sa.FromClause) -> sa.Select[Any]:
    """Ask for the verdicts on what is joined with ``assets``; the columns are for ``add_verdict_row``."""
    said = sa.and_(decisions.c.asset_id == assets.c.id, decisions.c.seq <= _UP_TO_DECISION)
    undone = sa.and_(_UNDOING.c.undoes == decisions.c.seq, _UNDOING.c.seq <= _UP_TO_DECISION)
    joined = first.join(decisions, said).outerjoin(_UNDOING, undone)
    # said plainly, SQLite would begin with the index of what undoes nothing: with nearly every decision
    return _DECISIONS.select_from(joined).where(sa.func.coalesce(decisions.c.undoes, 0) == 0)


_BESIDE = _OWN.join(
    assets, sa.and_(assets.c.stream_id == _OWN.c.stream_id, assets.c.segment_id == _OWN.c.segment_id)
)
_OF_ASSET = _OWN.c.id == sa.bindparam("asset_id")
_SEGMENT_VERSIONS = Prepared(versions_of(_BESIDE).where(_OF_ASSET))
_SEGMENT_DECISIONS = Prepared(decisions_of(_BESIDE).where(_OF_ASSET))
_ONE_TASK = Prepared(TASKS.where(tasks.c.id == sa.bindparam("task_id")))
_OF_STREAM = assets.c.stream_id == sa.bindparam("stream_id")
_SEGMENT_MARK = Prepared(_MARK)
_ASSET_IDS = Prepared(sa.select(assets.c.id).where(_OF_STREAM).order_by(assets.c.id))
_TASK_IDS = Prepared(
    sa.select(tasks.c.id).select_from(tasks.join(assets, assets.c.id == tasks.c.asset_id)).where(_OF_STREAM)
)
_NEXT_OF_PERSON = Prepared(
    sa.select(decisions.c.asset_id)
    .where(
        decisions.c.actor == sa.bindparam("actor"),
        decisions.c.decided_at > sa.bindparam("after_us", type_=sa.BigInteger),
        decisions.c.undoes.is_(None),
    )
    .order_by(decisions.c.decided_at, decisions.c.seq)
    .limit(1)
)


@dataclass(slots=True)
class SegmentFacts:
    """What a segment is counted from.

    Attributes:
        needed: How many people have to approve.
    """

    place: Place
    needed: int = 1
    versions: list[CountedVersion] = field(default_factory=list)
    decisions: list[CountedDecision] = field(default_factory=list)


class SegmentMark(NamedTuple):
    """How to read what a segment was counted from at a moment.

    Attributes:
        needed: How many people had to approve.
        current: Its assets' current versions, by the asset's id; 0 for none.
        up_to_decision: The newest record of all then.
        up_to_version: The newest version of all then.
    """

    stream_id: str
    segment_id: int
    needed: int
    current: list[tuple[int, int]]
    up_to_decision: int
    up_to_version: int


def find_mark(connection: sa.Connection, asset_id: int) -> SegmentMark | None:
    """Mark the segment of an asset as it is; None when it is not counted as it is, or nothing is counted."""
    rows = _SEGMENT_MARK.rows(connection, asset_id=asset_id)
    if not rows or any(row[7] for row in rows):
        return None
    stream_id, segment_id, needed, _, _, decision, version, _ = rows[0]
    return SegmentMark(stream_id, segment_id, needed, [(row[3], row[4]) for row in rows], decision, version)


def read_segment(connection: sa.Connection, asset_id: int) -> SegmentFacts | None:
    """Read the segment that an asset belongs to; None when there is no such asset."""
    return _read(connection, asset_id, ALL, ALL)


def read_segment_as_it_was(connection: sa.Connection, asset_id: int, mark: SegmentMark) -> SegmentFacts:
    """Read the segment that an asset belongs to as it was when it was marked."""
    found = _read(connection, asset_id, mark.up_to_decision, mark.up_to_version)
    assert found is not None, "assets are never deleted"
    current = {version_id for _, version_id in mark.current}
    return SegmentFacts(
        (mark.stream_id, mark.segment_id),
        mark.needed,
        [made._replace(is_current=made.version_id in current) for made in found.versions],
        found.decisions,
    )


def _read(
    connection: sa.Connection, asset_id: int, up_to_decision: int, up_to_version: int
) -> SegmentFacts | None:
    place: SegmentFacts | None = None
    made = _SEGMENT_VERSIONS.rows(connection, asset_id=asset_id, up_to_version=up_to_version)
    for row in made:
        place = add_version_row(place, row)
    if place is not None:
        for row in _SEGMENT_DECISIONS.rows(connection, asset_id=asset_id, up_to_decision=up_to_decision):
            add_verdict_row(place, row)
    return place


def add_version_row(facts: SegmentFacts | None, row: Sequence[Any]) -> SegmentFacts:
    """Add a row of ``versions_of``, which may hold no version, to facts that begin with the first."""
    stream_id, segment_id, needed, *version = row
    facts = facts or SegmentFacts((stream_id, segment_id), needed)
    if version[0] is not None:
        version[9] = version[9] == version[0]
        facts.versions.append(CountedVersion._make(version))
    return facts


def add_verdict_row(facts: SegmentFacts, row: Sequence[Any]) -> None:
    """Add a row of ``decisions_of``."""
    facts.decisions.append(CountedDecision._make((*row[:6], row[6] is not None, row[7])))


def read_counted_task(connection: sa.Connection, task_id: str) -> tuple[str, CountedTask] | None:
    """Read a task with its stream's id; None when there is no such task."""
    rows = _ONE_TASK.rows(connection, task_id=task_id)
    return (rows[0][0], CountedTask._make(rows[0][1:])) if rows else None


def list_counted(connection: sa.Connection, stream_id: str) -> tuple[list[int], list[str]]:
    """List the ids of a stream's assets and of its tasks."""
    asset_ids = [row[0] for row in _ASSET_IDS.rows(connection, stream_id=stream_id)]
    return asset_ids, [row[0] for row in _TASK_IDS.rows(connection, stream_id=stream_id)]


def find_next_of_person(connection: sa.Connection, actor: str, after_us: int) -> int | None:
    """Find the asset that a person judged next after an instant; None when they judged none since."""
    rows = _NEXT_OF_PERSON.rows(connection, actor=actor, after_us=after_us)
    return int(rows[0][0]) if rows else None
