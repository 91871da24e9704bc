"""The tables of the tasks that belong to a whole stream or to the studio."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

stream_tasks = Table(
    "stream_tasks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("stream_id", Text),
    Column("parameters", sa.JSON, nullable=False, default=dict),
    Column("dedup_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("phase", Text, nullable=False, default=""),
    Column("percent", sa.Float, nullable=False, default=0.0),
    Column("author", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("cancel_requested_at", Instant),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("result", sa.JSON(none_as_null=True)),
    Column("worker", Text),
    Column("fence", Integer, nullable=False, default=0, server_default="0"),
    Index("ix_stream_tasks_state", "state", "seq"),
    Index("ix_stream_tasks_place", "stream_id", "kind", "seq"),
    Index("ix_stream_tasks_dedup", "dedup_key", "state"),
)

stream_task_lines = Table(
    "stream_task_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("stream_tasks.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)

job_receipts = Table(
    "job_receipts",
    metadata,
    Column("task_id", ForeignKey("stream_tasks.id"), primary_key=True),
    Column("engine", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("estimated_usd", sa.Float, nullable=False),
    Column("billed_usd", sa.Float),
    Column("promised_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
)
