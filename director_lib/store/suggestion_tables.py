"""The table of the suggestions that were shown."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False, index=True),
    Column("sort", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source_version_id", Integer),
    Column("position", Integer, nullable=False),
    Column("predicted", sa.Float, nullable=False),
    Column("is_trial", sa.Boolean, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("shown_to", Text, nullable=False),
    Column("shown_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("task_id", Text, index=True),
    sqlite_autoincrement=True,
)
