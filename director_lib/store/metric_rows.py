"""The rows behind a number of the metrics page: looked up newest first, so that a page of them is quick.

Which decision counts, and which attempt came first, is a rule over a whole still or clip. So what is looked
up here are candidates, together with everything that was ever decided about their stills and clips; the
metric functions then say which of them count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.variant_arm import WITHHELD
from director_lib.store.column_types import Instant
from director_lib.store.frames import frames_of_assets
from director_lib.store.tables import assets, attempts, decisions, tasks, versions
from director_lib.store.variant_sets import Hidden

_LOST = ("failed", "unknown")
_ENDED = (*_LOST, "succeeded")
_TASK_MOMENTS = {
    "tasks": (tasks.c.queued_at, None),
    "renders": (tasks.c.started_at, None),
    "ended": (tasks.c.queued_at, _ENDED),
    "failed": (tasks.c.queued_at, _LOST),
    "failures": (tasks.c.ended_at, _LOST),
    "bills": (tasks.c.queued_at, None),
}
"""By what the rows are called: the moment that says which week they are counted in, and their states."""
TASK_ROWS = tuple(_TASK_MOMENTS)
_BILLED_USD = sa.func.coalesce(
    sa.select(sa.func.sum(attempts.c.billed_usd)).where(attempts.c.task_id == tasks.c.id).scalar_subquery(), 0
)
_WAS_LOST = sa.and_(
    tasks.c.version_id.is_(None),
    sa.exists().where(attempts.c.task_id == tasks.c.id, attempts.c.billed_usd > 0),
)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows are wanted; what is None is not restricted.

    Attributes:
        since: First instant.
        until: First instant that is not in it any more.
        engine: "" is what was made by none; ``WITHHELD`` what is hidden, which no other has.
        model: Likewise.
        error_code: "" is none recorded.
        before: Only rows older than this one (a decision's seq, a version's id, a task's seq).
        hidden: Versions and tasks of which nobody may be told how they were made.
    """

    stream_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    engine: str | None = None
    model: str | None = None
    kind: str | None = None
    segment_id: int | None = None
    error_code: str | None = None
    before: int | None = None
    hidden: Hidden = field(default_factory=Hidden)


@dataclass(frozen=True)
class Candidates:
    """A page of candidates.

    Attributes:
        keys: Of the candidates, newest first.
        decisions: Decisions frame of their stills and clips, whole.
        versions: Versions frame of the same.
        oldest: Where to go on; None when there are no more.
    """

    keys: list[int]
    decisions: pd.DataFrame
    versions: pd.DataFrame
    oldest: int | None


def find_decided(
    connection: sa.Connection, wanted: RowFilter, limit: int, *, undone: bool = False, several: bool = False
) -> Candidates:
    """Look up verdicts, newest first.

    Args:
        undone: Only those that were taken back.
        several: Only about versions that somebody else judged as well.
    """
    query = (
        sa.select(decisions.c.seq, decisions.c.asset_id)
        .join(assets, assets.c.id == decisions.c.asset_id)
        .join(versions, versions.c.id == decisions.c.version_id)
        .where(decisions.c.undoes.is_(None), *_where(wanted, decisions.c.decided_at, decisions.c.seq))
        .where(*_made_by(wanted))
        .order_by(decisions.c.seq.desc())
        .limit(limit)
    )
    if wanted.actor is not None:
        query = query.where(decisions.c.actor == wanted.actor)
    other = decisions.alias()
    if undone:
        query = query.where(sa.exists().where(other.c.undoes == decisions.c.seq))
    if several:
        same = sa.and_(other.c.version_id == decisions.c.version_id, other.c.actor != decisions.c.actor)
        query = query.where(sa.exists().where(same, other.c.undoes.is_(None)))
    return _candidates(connection, query, limit)


def find_begun(connection: sa.Connection, wanted: RowFilter, limit: int) -> Candidates:
    """Look up stills and clips by their first version, latest first; the keys are ids of those versions."""
    query = (
        sa.select(versions.c.id, versions.c.asset_id)
        .join(assets, assets.c.id == versions.c.asset_id)
        .where(versions.c.number == 1, *_where(wanted, versions.c.created_at, versions.c.id))
        .order_by(versions.c.id.desc())
        .limit(limit)
    )
    return _candidates(connection, query, limit)


def find_made(connection: sa.Connection, wanted: RowFilter, limit: int) -> Candidates:
    """Look up versions, newest first; the keys are their ids."""
    query = (
        sa.select(versions.c.id, versions.c.asset_id)
        .join(assets, assets.c.id == versions.c.asset_id)
        .where(*_where(wanted, versions.c.created_at, versions.c.id), *_made_by(wanted))
        .order_by(versions.c.id.desc())
        .limit(limit)
    )
    return _candidates(connection, query, limit)


def read_task_rows(
    connection: sa.Connection, wanted: RowFilter, limit: int, what: str = "tasks"
) -> pd.DataFrame:
    """Read tasks, newest first.

    Args:
        what: One of ``TASK_ROWS``: all, those that started (by when), those that ended by themselves, those
            of them that failed or whose outcome is unknown, the same by when they ended, and those that were
            billed although they made no version.

    Returns:
        ``seq``, ``task_id``, ``stream_id``, ``segment_id``, ``kind``, ``engine``, ``state``, ``queued_at``,
        ``started_at``, ``ended_at``, ``error_code``, ``error_message``, ``billed_usd`` (of all attempts).
    """
    columns = [tasks.c.seq, tasks.c.id.label("task_id"), assets.c.stream_id, assets.c.segment_id]
    columns += [assets.c.kind, tasks.c.engine, tasks.c.state, tasks.c.queued_at, tasks.c.started_at]
    columns += [tasks.c.ended_at, tasks.c.error_code, tasks.c.error_message]
    columns.append(_BILLED_USD.label("billed_usd"))
    moment, states = _TASK_MOMENTS[what]
    query = (
        sa.select(*columns)
        .join(assets, assets.c.id == tasks.c.asset_id)
        .where(moment.is_not(None), *_where(wanted, moment, tasks.c.seq))
        .order_by(tasks.c.seq.desc())
        .limit(limit)
    )
    if wanted.engine is not None:
        query = query.where(_told(tasks.c.id, wanted.hidden.price_usd, tasks.c.engine) == wanted.engine)
    if what == "bills":
        query = query.where(_WAS_LOST)
    if states is not None:
        query = query.where(tasks.c.state.in_(states))
    if wanted.error_code is not None:
        cause = _told(tasks.c.id, wanted.hidden.price_usd, sa.func.coalesce(tasks.c.error_code, ""), "")
        query = query.where(cause == wanted.error_code)
    rows = [tuple(row) for row in connection.execute(query)]
    return pd.DataFrame(rows, columns=[column.key for column in columns])


def _candidates(connection: sa.Connection, query: sa.Select[Any], limit: int) -> Candidates:
    found = connection.execute(query).all()
    keys = [int(row[0]) for row in found]
    decided, made = frames_of_assets(connection, sorted({int(row[1]) for row in found}))
    return Candidates(keys, decided, made, keys[-1] if len(keys) == limit else None)


def _where(
    wanted: RowFilter, moment: sa.Column[Instant], key: sa.Column[int]
) -> Sequence[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.stream_id is not None:
        conditions.append(assets.c.stream_id == wanted.stream_id)
    if wanted.kind is not None:
        conditions.append(assets.c.kind == wanted.kind)
    if wanted.segment_id is not None:
        conditions.append(assets.c.segment_id == wanted.segment_id)
    if wanted.since is not None:
        conditions.append(moment >= wanted.since)
    if wanted.until is not None:
        conditions.append(moment < wanted.until)
    if wanted.before is not None:
        conditions.append(key < wanted.before)
    return conditions


def _made_by(wanted: RowFilter) -> Sequence[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    for column, value in ((versions.c.engine, wanted.engine), (versions.c.model, wanted.model)):
        if value is not None:
            made_by = _told(versions.c.id, wanted.hidden.cost_usd, sa.func.coalesce(column, ""))
            conditions.append(made_by == value)
    return conditions


def _told(
    key: sa.Column[Any], hidden: Collection[Any], value: sa.ColumnElement[str], instead: str = WITHHELD
) -> sa.ColumnElement[str]:
    """Return a text as anybody may see it."""
    return sa.case((key.in_(sorted(hidden)), instead), else_=value) if hidden else value
