"""Tables of what is likely to need somebody's attention: what was learned, and a score for each version."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, Table

from director_lib.store.column_types import Instant
from director_lib.store.schema import metadata

attention_fits = Table(
    "attention_fits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fitted_at", Instant, nullable=False),
    Column("decision_seq", Integer, nullable=False),
    Column("is_usable", sa.Boolean, nullable=False),
    Column("report", sa.JSON, nullable=False),
    Column("weights", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)

attention_scores = Table(
    "attention_scores",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True, autoincrement=False),
    Column("fit_id", ForeignKey("attention_fits.id"), nullable=False),
    Column("score", sa.Float, nullable=False),
)
