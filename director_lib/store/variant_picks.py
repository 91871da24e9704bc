"""Choices out of sets of versions: each is kept, and the newest that was not taken back counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from director_lib.store.tables import variant_picks, variant_sets


@dataclass(frozen=True, slots=True)
class NewPick:
    """A choice about to be recorded.

    Attributes:
        version_id: The version that was chosen; None when none is better than the others.
        position: Where it was shown, 1 for the first place.
        is_blind: Whether nobody knew then which version was which.
    """

    set_id: str
    version_id: int | None
    position: int | None
    is_blind: bool
    picked_by: str
    picked_at: datetime


def add_pick(connection: sa.Connection, new: NewPick) -> int:
    """Record a choice, which counts from now on in place of earlier ones; return its number."""
    values = {name: getattr(new, name) for name in NewPick.__dataclass_fields__}
    seq = connection.execute(variant_picks.insert().values(values)).inserted_primary_key
    assert seq is not None
    _let_newest_count(connection, new.set_id)
    return int(seq[0])


def take_back_pick(connection: sa.Connection, set_id: str, seq: int, undone_at: datetime) -> None:
    """Take a choice back: the newest other one counts again, or none.

    Args:
        seq: Its number; 0 for the newest that counts.
    """
    taken = variant_picks.c.seq == (seq or _newest(set_id).scalar_subquery())
    connection.execute(
        variant_picks.update().where(taken, variant_picks.c.undone_at.is_(None)).values(undone_at=undone_at)
    )
    _let_newest_count(connection, set_id)


def _newest(set_id: str) -> sa.Select[tuple[int]]:
    counting = variant_picks.c.set_id == set_id, variant_picks.c.undone_at.is_(None)
    return sa.select(sa.func.max(variant_picks.c.seq)).where(*counting)


def _let_newest_count(connection: sa.Connection, set_id: str) -> None:
    query = sa.select(variant_picks).where(variant_picks.c.seq == _newest(set_id).scalar_subquery())
    row = connection.execute(query).one_or_none()
    picked = {
        "winner_version_id": row.version_id if row else None,
        "picked_by": row.picked_by if row else None,
        "picked_at": row.picked_at if row else None,
    }
    connection.execute(variant_sets.update().where(variant_sets.c.id == set_id).values(picked))
