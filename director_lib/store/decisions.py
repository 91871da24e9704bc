"""Decisions: append-only rows, and the ones that count now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from director_lib.domain.review import Decision, DecisionKind, Verdict, judge
from director_lib.domain.version import Kind
from director_lib.errors import NotFoundError
from director_lib.store.count_keeping import touch_asset, touch_decision
from director_lib.store.quorum import approvals_needed
from director_lib.store.tables import assets, decisions, versions


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A verdict about to be recorded; ``sha256`` is what the person looked at."""

    version_id: int
    sha256: str
    decision: DecisionKind
    actor: str
    decided_at: datetime
    note: str = ""
    viewed_at: datetime | None = None


_COLUMNS = (
    decisions.c.seq,
    decisions.c.version_id,
    decisions.c.sha256,
    decisions.c.decision,
    decisions.c.note,
    decisions.c.actor,
    decisions.c.decided_at,
    decisions.c.undoes,
    assets.c.stream_id,
    assets.c.segment_id,
    assets.c.kind,
)
_KINDS = {kind.value: kind for kind in Kind}
_VERDICTS = {verdict.value: verdict for verdict in DecisionKind}


def add_decision(connection: sa.Connection, new: NewDecision) -> Decision:
    """Append a decision on a version.

    Raises:
        NotFoundError: There is no such version.
    """
    asset_id = connection.scalar(sa.select(versions.c.asset_id).where(versions.c.id == new.version_id))
    if asset_id is None:
        raise NotFoundError("version", new.version_id)
    touch_decision(connection, asset_id, new.actor, new.decided_at)
    result = connection.execute(
        decisions.insert().values(
            asset_id=asset_id,
            version_id=new.version_id,
            sha256=new.sha256,
            decision=new.decision.value,
            note=new.note,
            actor=new.actor,
            decided_at=new.decided_at,
            viewed_at=new.viewed_at,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return get_decision(connection, int(key[0]))


def take_back_decision(connection: sa.Connection, seq: int, actor: str, undone_at: datetime) -> Decision:
    """Append the record that takes a decision back; the decision itself stays.

    Raises:
        NotFoundError: There is no such decision.
    """
    undone = get_decision(connection, seq)
    asset_id = int(connection.scalar(sa.select(decisions.c.asset_id).where(decisions.c.seq == seq)) or 0)
    touch_asset(connection, asset_id)
    result = connection.execute(
        decisions.insert().values(
            asset_id=asset_id,
            version_id=undone.version_id,
            sha256=undone.sha256,
            decision=undone.decision.value,
            note="",
            actor=actor,
            decided_at=undone_at,
            undoes=seq,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return get_decision(connection, int(key[0]))


def get_decision(connection: sa.Connection, seq: int) -> Decision:
    """Return one record.

    Raises:
        NotFoundError: There is no such record.
    """
    row = connection.execute(_select().where(decisions.c.seq == seq)).one_or_none()
    if row is None:
        raise NotFoundError("decision", seq)
    return _decision(row)


def list_decisions(connection: sa.Connection, asset_id: int) -> list[Decision]:
    """Read every record of one asset, undo records included, oldest first."""
    rows = connection.execute(_select().where(decisions.c.asset_id == asset_id).order_by(decisions.c.seq))
    return [_decision(row) for row in rows]


def list_stream_decisions(
    connection: sa.Connection, stream_id: str, segment_ids: Collection[int]
) -> list[Decision]:
    """Read every record of a stream's named segments, stills and clips, oldest first."""
    of_segments = sa.and_(assets.c.stream_id == stream_id, assets.c.segment_id.in_(segment_ids))
    query = _select().where(of_segments).order_by(decisions.c.seq)
    return [_decision(row) for row in connection.execute(query)]


def read_verdicts(connection: sa.Connection, stream_id: str) -> dict[tuple[int, Kind], Verdict[Decision]]:
    """Read what the decisions on each asset's current version come to; assets without any are absent.

    Where every decision was taken back, the verdict is there and undecided.
    """
    needed = approvals_needed(connection, stream_id)
    query = (
        _select()
        .join(versions, versions.c.id == assets.c.current_version_id)
        .where(assets.c.stream_id == stream_id, decisions.c.sha256 == versions.c.sha256)
    )
    records: dict[tuple[int, Kind], list[Decision]] = defaultdict(list)
    for row in connection.execute(query):
        decision = _decision(row)
        records[decision.segment_id, decision.kind].append(decision)
    return {asset: judge(rows, rows[0].sha256, needed) for asset, rows in records.items()}


def list_approved_ids(connection: sa.Connection, chosen: sa.Select[tuple[int]] | None = None) -> set[int]:
    """Read which versions somebody's approval stands for, current or not, whatever number is needed.

    Args:
        chosen: Selects the ids of the versions to look at; all of them when None.
    """
    query = _select() if chosen is None else _select().where(decisions.c.version_id.in_(chosen))
    records: dict[int, list[Decision]] = defaultdict(list)
    for row in connection.execute(query):
        decision = _decision(row)
        records[decision.version_id].append(decision)
    return {key for key, rows in records.items() if judge(rows, rows[0].sha256, 1).is_approved}


def read_verdict(connection: sa.Connection, version_id: int) -> Verdict[Decision]:
    """Read what the decisions on exactly one version's bytes come to, current or not.

    Raises:
        NotFoundError: There is no such version.
    """
    query = sa.select(versions.c.asset_id, versions.c.sha256, assets.c.stream_id)
    query = query.join_from(versions, assets, assets.c.id == versions.c.asset_id)
    row = connection.execute(query.where(versions.c.id == version_id)).one_or_none()
    if row is None:
        raise NotFoundError("version", version_id)
    needed = approvals_needed(connection, row.stream_id)
    return judge(list_decisions(connection, row.asset_id), row.sha256, needed)


def _select() -> sa.Select[tuple[object, ...]]:
    return sa.select(*_COLUMNS).select_from(decisions.join(assets, assets.c.id == decisions.c.asset_id))


def _decision(row: Sequence[Any]) -> Decision:
    # by position: a stream of 1,000 segments is read for every page
    seq, version_id, sha256, verdict, note, actor, decided_at, undoes, stream_id, segment_id, kind = row
    return Decision(
        seq,
        stream_id,
        segment_id,
        _KINDS[kind],
        version_id,
        sha256,
        _VERDICTS[verdict],
        note,
        actor,
        decided_at,
        undoes,
    )
