"""Tables of versions to choose from: where each was shown, and every choice."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

variant_places = Table(
    "variant_places",
    metadata,
    Column("set_id", ForeignKey("variant_sets.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("seed", sa.BigInteger, nullable=False),
    Column("prompt", Text),
    Column("preset", Text, nullable=False, default=""),
)

variant_picks = Table(
    "variant_picks",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("set_id", ForeignKey("variant_sets.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id")),
    Column("position", Integer),
    Column("is_blind", sa.Boolean, nullable=False),
    Column("picked_by", Text, nullable=False),
    Column("picked_at", Instant, nullable=False),
    Column("undone_at", Instant),
    sqlite_autoincrement=True,
)
