"""Variant sets: versions of one still or clip that were made together to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from director_lib.domain.task import Task
from director_lib.domain.variant_arm import VariantPlace
from director_lib.domain.version import Kind, Version
from director_lib.errors import NotFoundError
from director_lib.store.assets import Place, ensure_assets
from director_lib.store.queue_tables import MAY_BE_SHOWN
from director_lib.store.tables import assets, tasks, variant_picks, variant_places, variant_sets, versions
from director_lib.store.tasks import read_task
from director_lib.store.versions import get_version

_NEWER = variant_sets.alias()
_IS_NEWEST = ~sa.exists().where(
    _NEWER.c.asset_id == variant_sets.c.asset_id, _NEWER.c.made_at > variant_sets.c.made_at
)
IS_HIDDEN = sa.and_(
    variant_sets.c.is_blind, ~sa.exists().where(variant_picks.c.set_id == variant_sets.c.id), _IS_NEWEST
)
"""Sets of which nobody may be told which version is which: once somebody chose, everybody has seen it."""


@dataclass(frozen=True, slots=True)
class NewVariantSet:
    """A set about to be recorded, before its tasks are queued."""

    set_id: str
    place: Place
    author: str
    made_at: datetime
    is_blind: bool = False
    places: tuple[VariantPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class VariantSet:
    """Versions that were made together to choose from.

    Attributes:
        tasks: What was asked for, in its order.
        versions: What came of it so far, in the tasks' order.
        winner_version_id: The version that was picked; None while nobody picked one, or when none is better.
        places: Where each version is shown; empty for sets from before that was recorded.
        is_blind: Whether it was asked for to be chosen from without knowing which version is which.
        is_hidden: Whether nobody may be told that yet: it is the newest set, and nobody chose so far.
    """

    id: str
    stream_id: str
    segment_id: int
    kind: Kind
    author: str
    made_at: datetime
    tasks: tuple[Task, ...] = ()
    versions: tuple[Version, ...] = ()
    winner_version_id: int | None = None
    picked_by: str | None = None
    picked_at: datetime | None = None
    places: tuple[VariantPlace, ...] = ()
    is_blind: bool = False
    is_hidden: bool = False

    @property
    def is_open(self) -> bool:
        """Whether some of it is still to be made."""
        return any(task.is_open for task in self.tasks)

    @property
    def is_tie(self) -> bool:
        """Whether somebody decided that none is better than the others."""
        return self.picked_at is not None and self.winner_version_id is None

    @property
    def seats(self) -> list[Task]:
        """The tasks by the place at which they are shown; a retried one takes the place of what failed."""
        latest = {task.request.seed: task for task in self.tasks}
        if not self.places:
            return list(latest.values())
        return [latest[place.seed] for place in self.places if place.seed in latest]

    def position_of(self, version_id: int) -> int | None:
        """Return the place at which a version is shown, 1 for the first; None when it is not of this set."""
        shown = [task.version_id for task in self.seats]
        return shown.index(version_id) + 1 if version_id in shown else None


def add_missing_sets(connection: sa.Connection, new: Sequence[NewVariantSet]) -> None:
    """Record the sets that are not there yet, in the caller's transaction."""
    known = set(
        connection.scalars(
            sa.select(variant_sets.c.id).where(variant_sets.c.id.in_([each.set_id for each in new]))
        )
    )
    missing = [each for each in new if each.set_id not in known]
    if not missing:
        return
    asset_ids = ensure_assets(connection, [each.place for each in missing], now=missing[0].made_at)
    rows = [
        {
            "id": each.set_id,
            "asset_id": asset_ids[each.place],
            "author": each.author,
            "made_at": each.made_at,
            "is_blind": each.is_blind,
        }
        for each in missing
    ]
    connection.execute(variant_sets.insert(), rows)
    shown = [{"set_id": each.set_id, **asdict(place)} for each in missing for place in each.places]
    if shown:
        connection.execute(variant_places.insert(), shown)


def get_set(connection: sa.Connection, set_id: str) -> VariantSet:
    """Return one set.

    Raises:
        NotFoundError: There is no such set.
    """
    found = _read(connection, variant_sets.c.id == set_id)
    if not found:
        raise NotFoundError("variant set", set_id)
    return found[0]


def list_sets(connection: sa.Connection, stream_id: str, segment_id: int, kind: Kind) -> list[VariantSet]:
    """Read the sets of one still or clip, newest first."""
    of_asset = sa.and_(
        assets.c.stream_id == stream_id, assets.c.segment_id == segment_id, assets.c.kind == kind.value
    )
    return _read(connection, of_asset)


def open_tasks_by_set(connection: sa.Connection, stream_id: str, kind: Kind) -> dict[int, list[list[Task]]]:
    """Read by segment, and there set by set, the tasks that wait or run and that nobody stops."""
    query = (
        sa.select(tasks)
        .join(assets, assets.c.id == tasks.c.asset_id)
        .where(assets.c.stream_id == stream_id, assets.c.kind == kind.value, MAY_BE_SHOWN)
        .where(tasks.c.variant_set_id.is_not(None), tasks.c.cancel_requested_at.is_(None))
    )
    found: dict[int, dict[str | None, list[Task]]] = defaultdict(lambda: defaultdict(list))
    # asked to sort, or which of them are open, the database would go through all that wait, of every stream
    rows = sorted(connection.execute(query), key=lambda row: row.seq)
    for task in filter(lambda task: task.is_open, map(read_task, rows)):
        found[task.request.segment_id][task.variant_set_id].append(task)
    return {segment_id: list(sets.values()) for segment_id, sets in found.items()}


def count_unpicked(connection: sa.Connection, stream_id: str, kind: Kind) -> dict[int, int]:
    """Count by segment the versions of its newest set while nobody picked one; others are absent."""
    query = (
        sa.select(assets.c.segment_id, sa.func.count())
        .join(variant_sets, variant_sets.c.asset_id == assets.c.id)
        .join(tasks, sa.and_(tasks.c.variant_set_id == variant_sets.c.id, tasks.c.asset_id == assets.c.id))
        .where(assets.c.stream_id == stream_id, assets.c.kind == kind.value)
        .where(variant_sets.c.picked_at.is_(None), tasks.c.version_id.is_not(None), _IS_NEWEST)
        .group_by(assets.c.segment_id)
    )
    return {segment_id: count for segment_id, count in connection.execute(query)}


def hidden_versions(connection: sa.Connection, asset_id: int) -> set[int]:
    """Find the versions of one still or clip of which nobody may be told how they were made."""
    query = sa.select(tasks.c.version_id).join(variant_sets, tasks.c.variant_set_id == variant_sets.c.id)
    found = query.where(variant_sets.c.asset_id == asset_id, tasks.c.version_id.is_not(None), IS_HIDDEN)
    return set(connection.scalars(found))


@dataclass(frozen=True, slots=True)
class Hidden:
    """Tasks and versions of which nobody may be told how they were made.

    Attributes:
        price_usd: By task, the average price of its set: sums stay right, and tell nothing.
        cost_usd: By version, the average cost of its set's versions.
    """

    price_usd: Mapping[str, float] = field(default_factory=dict)
    cost_usd: Mapping[int, float] = field(default_factory=dict)


def find_hidden(connection: sa.Connection) -> Hidden:
    """Find the tasks and versions of all sets that are to be chosen from blind."""
    # the sets first: mostly there are none, and then no task has to be looked at
    hidden = connection.execute(sa.select(variant_sets.c.id, variant_sets.c.asset_id).where(IS_HIDDEN)).all()
    if not hidden:
        return Hidden()
    facts = (tasks.c.id, tasks.c.variant_set_id, tasks.c.price_usd, tasks.c.version_id, versions.c.cost_usd)
    query = (
        sa.select(*facts)
        .outerjoin(versions, versions.c.id == tasks.c.version_id)
        .where(tasks.c.asset_id.in_(sorted({row.asset_id for row in hidden})))
        .where(tasks.c.variant_set_id.in_(sorted({row.id for row in hidden})))
    )
    by_set: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        by_set[row.variant_set_id].append(row)
    prices: dict[str, float] = {}
    costs: dict[int, float] = {}
    for rows in by_set.values():
        made = [row for row in rows if row.version_id is not None]
        prices |= dict.fromkeys((row.id for row in rows), fmean(row.price_usd for row in rows))
        if made:
            costs |= dict.fromkeys((row.version_id for row in made), fmean(row.cost_usd for row in made))
    return Hidden(prices, costs)


def lift_blindness(connection: sa.Connection, set_id: str) -> None:
    """Let a set be seen for what it is, in the caller's transaction; what is chosen later is not blind."""
    connection.execute(variant_sets.update().where(variant_sets.c.id == set_id).values(is_blind=False))


def is_hidden_set(connection: sa.Connection, set_id: str) -> bool:
    """Tell whether nobody may be told yet which version of a set is which."""
    query = sa.select(variant_sets.c.id).where(variant_sets.c.id == set_id, IS_HIDDEN)
    return connection.scalar(query) is not None


def is_hidden_file(connection: sa.Connection, sha256: str) -> bool:
    """Tell whether a file is that of a version of which nobody may be told yet how it was made."""
    made = versions.join(tasks, tasks.c.id == versions.c.task_id)
    made = made.join(variant_sets, variant_sets.c.id == tasks.c.variant_set_id)
    query = sa.select(versions.c.id).select_from(made).where(versions.c.sha256 == sha256, IS_HIDDEN)
    return connection.scalar(query.limit(1)) is not None


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[VariantSet]:
    query = (
        sa.select(
            variant_sets, assets.c.stream_id, assets.c.segment_id, assets.c.kind, IS_HIDDEN.label("is_hidden")
        )
        .join(assets, assets.c.id == variant_sets.c.asset_id)
        .where(condition)
        .order_by(variant_sets.c.made_at.desc(), variant_sets.c.id)
    )
    return [_with_tasks(connection, row) for row in connection.execute(query).all()]


def _with_tasks(connection: sa.Connection, row: sa.Row[Any]) -> VariantSet:
    query = sa.select(tasks).where(tasks.c.variant_set_id == row.id, tasks.c.asset_id == row.asset_id)
    made = tuple(read_task(each) for each in connection.execute(query.order_by(tasks.c.seq)))
    version_ids = [task.version_id for task in made if task.version_id is not None]
    return VariantSet(
        id=row.id,
        stream_id=row.stream_id,
        segment_id=row.segment_id,
        kind=Kind(row.kind),
        author=row.author,
        made_at=row.made_at,
        tasks=made,
        versions=tuple(get_version(connection, version_id) for version_id in version_ids),
        winner_version_id=row.winner_version_id,
        picked_by=row.picked_by,
        picked_at=row.picked_at,
        places=_read_places(connection, row.id),
        is_blind=row.is_blind,
        is_hidden=bool(row.is_hidden),
    )


def _read_places(connection: sa.Connection, set_id: str) -> tuple[VariantPlace, ...]:
    found = sa.select(variant_places).where(variant_places.c.set_id == set_id)
    rows = connection.execute(found.order_by(variant_places.c.position))
    return tuple(VariantPlace(row.position, row.seed, row.prompt, row.preset) for row in rows)
