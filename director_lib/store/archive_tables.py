"""The table of version files that lie in an archive."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Integer, Table, UniqueConstraint

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

archived_files = Table(
    "archived_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("size_bytes", sa.BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("archived_by", Text, nullable=False),
    Column("archived_at", Instant, nullable=False),
    Column("verified_at", Instant, nullable=False),
    Column("trashed_at", Instant),
    Column("purged_at", Instant),
    UniqueConstraint("sha256", "extension", "place"),
)
