"""The tables of the spec's history: each content once, and the states that streams had."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

spec_contents = Table(
    "spec_contents",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("packed", Text, nullable=False),
    Column("size_bytes", sa.BigInteger, nullable=False),
)

spec_states = Table(
    "spec_states",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("stream_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Index("ix_spec_states_stream_id_seq", "stream_id", "seq"),
    sqlite_autoincrement=True,
)
