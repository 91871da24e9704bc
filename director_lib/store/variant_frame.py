"""The variants frame, read from the database: every version of every set, with what was chosen."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from director_lib.domain.version import Kind
from director_lib.store.tables import (
    assets,
    tasks,
    variant_picks,
    variant_places,
    variant_sets,
    versions,
)

_COUNTING = (
    sa.select(variant_picks.c.set_id, sa.func.max(variant_picks.c.seq).label("seq"))
    .where(variant_picks.c.undone_at.is_(None))
    .group_by(variant_picks.c.set_id)
    .subquery()
)
_QUERY = (
    sa.select(
        variant_sets.c.id.label("set_id"),
        versions.c.id.label("version_id"),
        variant_places.c.position,
        variant_picks.c.seq.label("pick_seq"),
        variant_picks.c.version_id.label("picked_id"),
        variant_picks.c.picked_at.label("decided_at"),
        variant_picks.c.picked_by.label("actor"),
        sa.func.coalesce(variant_picks.c.is_blind, sa.false()).label("blind"),
        assets.c.stream_id,
        assets.c.segment_id,
        assets.c.kind,
        versions.c.engine,
        versions.c.model,
        sa.func.coalesce(variant_places.c.preset, "").label("preset"),
        sa.case(
            (assets.c.kind == Kind.VIDEO.value, versions.c.motion_prompt), else_=versions.c.image_prompt
        ).label("prompt"),
    )
    .select_from(
        variant_sets.join(assets, assets.c.id == variant_sets.c.asset_id)
        .join(tasks, sa.and_(tasks.c.variant_set_id == variant_sets.c.id, tasks.c.asset_id == assets.c.id))
        .join(versions, versions.c.id == tasks.c.version_id)
        .outerjoin(
            variant_places,
            sa.and_(variant_places.c.set_id == variant_sets.c.id, variant_places.c.seed == versions.c.seed),
        )
        .outerjoin(_COUNTING, _COUNTING.c.set_id == variant_sets.c.id)
        .outerjoin(variant_picks, variant_picks.c.seq == _COUNTING.c.seq)
    )
    .order_by(variant_sets.c.made_at, variant_sets.c.id, tasks.c.seq)
)
_COLUMNS = {
    "set_id": "str",
    "version_id": "int64",
    "position": "Int64",
    "won": "float64",
    "decided_at": "datetime64[us, UTC]",
    "actor": "str",
    "blind": "bool",
    "stream_id": "str",
    "segment_id": "int64",
    "kind": "str",
    "engine": "str",
    "model": "str",
    "preset": "str",
    "prompt": "str",
}


def variants_frame(connection: sa.Connection, stream_id: str | None = None) -> pd.DataFrame:
    """Read which versions stood beside each other, and what was chosen.

    Args:
        connection: An open connection.
        stream_id: One stream only; None for all. An unknown id gives no rows.

    Returns:
        One row per finished version of each set, by set and the order in which they were asked for, with the
        columns of ``director_lib.metrics.paired_frames.VARIANTS``. Sets from before places were recorded have
        them in that order.
    """
    query = _QUERY if stream_id is None else _QUERY.where(assets.c.stream_id == stream_id)
    found = connection.execute(query)
    frame = pd.DataFrame(found.fetchall(), columns=list(found.keys()))
    in_order = frame.groupby("set_id").cumcount() + 1
    return frame.assign(
        position=frame["position"].astype("Int64").fillna(in_order.astype("Int64")),
        won=_won(frame),
        decided_at=pd.to_datetime(frame["decided_at"], utc=True),
    ).astype(_COLUMNS)[list(_COLUMNS)]


def _won(frame: pd.DataFrame) -> pd.Series[Any]:
    """Say who won: shares of it where none was found better, nothing while nobody chose."""
    share = 1.0 / frame.groupby("set_id")["set_id"].transform("size").astype("float64")
    is_winner = (frame["picked_id"] == frame["version_id"]).astype("float64")
    return is_winner.where(frame["picked_id"].notna(), share).where(frame["pick_seq"].notna())
