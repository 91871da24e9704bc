"""The tables of who may come in: people, and the browsers and tokens that stand for them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False, default=""),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),
    Column("is_disabled", sa.Boolean, nullable=False, default=False),
    Column("preferences", sa.JSON, nullable=False, default=dict),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", Text, nullable=False, default="session"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
