"""The tables of the queue: tasks, what was tried and said, who works, and what is held back."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from director_lib.store.column_types import Instant, Text
from director_lib.store.schema import metadata

MAY_BE_SHOWN = sa.text("state IN ('queued', 'running', 'failed', 'unknown')")
"""The tasks that a page may show at their asset; a query that says so word for word reads few of them."""

tasks = Table(
    "tasks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False, index=True),
    Column("engine", Text, nullable=False),
    Column("request", sa.JSON, nullable=False),
    Column("dedup_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("phase", Text, nullable=False, default=""),
    Column("percent", sa.Float, nullable=False, default=0.0),
    Column("priority", Integer, nullable=False),
    Column("price_usd", sa.Float, nullable=False, default=0.0),
    Column("author", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("cancel_requested_at", Instant),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("version_id", ForeignKey("versions.id")),
    Column("position", sa.Float, nullable=False, default=0.0, server_default="0"),
    Column("worker", Text),
    Column("fence", Integer, nullable=False, default=0, server_default="0"),
    Column("not_before_at", Instant),
    Column("after_task_id", Text, index=True),
    Column("variant_set_id", Text),
    Index("ix_tasks_open", "state", "priority", "position", "seq"),
    Index("ix_tasks_claimable", "state", "engine", "priority", "position", "seq"),
    Index("ix_tasks_dedup", "dedup_key", "state"),
    Index("ix_tasks_ended", "state", "ended_at"),
    Index("ix_tasks_promised", "state", "fence", "price_usd"),
    Index("ix_tasks_shown", "asset_id", sqlite_where=MAY_BE_SHOWN, postgresql_where=MAY_BE_SHOWN),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.id"), nullable=False, index=True),
    Column("tag", Text, nullable=False, unique=True),
    Column("engine", Text, nullable=False),
    Column("model", Text),
    Column("state", Text, nullable=False),
    Column("estimated_usd", sa.Float, nullable=False, default=0.0),
    Column("billed_usd", sa.Float),
    Column("remote_id", Text, unique=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("error_message", Text),
    Column("worker", Text),
    Index("ix_attempts_engine_started_at", "engine", "started_at"),
)

task_lines = Table(
    "task_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("tasks.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
)

pauses = Table(
    "pauses",
    metadata,
    Column("engine", Text, primary_key=True),
    Column("paused_at", Instant, nullable=False),
    Column("paused_by", Text, nullable=False),
)

engine_choices = Table(
    "engine_choices",
    metadata,
    Column("stream_id", Text, primary_key=True),
    Column("segment_id", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("model", Text, nullable=False, default=""),
    Column("chosen_by", Text, nullable=False),
    Column("chosen_at", Instant, nullable=False),
)

variant_sets = Table(
    "variant_sets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("winner_version_id", ForeignKey("versions.id")),
    Column("picked_by", Text),
    Column("picked_at", Instant),
    Column("is_blind", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
)
