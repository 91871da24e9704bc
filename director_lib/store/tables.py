"""Every table of the review database, in one MetaData.

Instants are stored as integer microseconds since 1970 (UTC): exact, compact and quick to aggregate.
Decisions, versions and events are append-only; ``seq`` grows with every record and is their order.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from director_lib.store.column_types import Instant, Text

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

streams = Table(
    "streams",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False, default=""),
    Column("first_seen_at", Instant, nullable=False),
    Column("approvals_needed", Integer, nullable=False, default=1, server_default="1"),
)

assets = Table(
    "assets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("stream_id", ForeignKey("streams.id"), nullable=False),
    Column("segment_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("current_version_id", Integer),
    Column("pending_version_id", Integer),
    Column("file_path", Text),
    Column("file_stamp", Text),
    UniqueConstraint("stream_id", "segment_id", "kind"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("extension", Text, nullable=False),
    Column("size_bytes", sa.BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_s", sa.Float),
    Column("origin", Text, nullable=False),
    Column("image_prompt", Text),
    Column("motion_prompt", Text),
    Column("negative_prompt", Text),
    Column("engine", Text),
    Column("model", Text),
    Column("seed", sa.BigInteger),
    Column("params", sa.JSON, nullable=False, default=dict),
    Column("source_version_id", ForeignKey("versions.id")),
    Column("reference_sha256s", sa.JSON, nullable=False, default=list, server_default="[]"),
    Column("spec_sha256", Text),
    Column("found_as", Text),
    Column("found_at", Instant),
    Column("cost_usd", sa.Float, nullable=False, default=0.0),
    Column("task_id", Text, unique=True),
    Column("author", Text),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("asset_id", "number"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("code", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("from_s", sa.Float),
    Column("to_s", sa.Float),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False, index=True),
    Column("sha256", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("actor", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("viewed_at", Instant),
    Column("undoes", ForeignKey("decisions.seq"), unique=True),
    sqlite_autoincrement=True,
)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id")),
    Column("parent_id", ForeignKey("comments.id")),
    Column("text", Text, nullable=False),
    Column("frame", Integer),
    Column("region", sa.JSON),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", Text),
)

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
    Index("ix_tasks_open", "state", "priority", "seq"),
    Index("ix_tasks_dedup", "dedup_key", "state"),
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
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("verb", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("stream_id", Text, index=True),
    Column("recorded_stream_id", Text),
    Column("segment_id", Integer),
    Column("kind", Text),
    Column("details", sa.JSON, nullable=False, default=dict),
    Column("happened_at", Instant, nullable=False, index=True),
    Column("chain_sha256", Text, nullable=False, server_default=""),
    Index("ix_events_place", "stream_id", "segment_id", "seq"),
    sqlite_autoincrement=True,
)

undo_steps = Table(
    "undo_steps",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("actor", Text, nullable=False, index=True),
    Column("stream_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("payload", sa.JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("undone_at", Instant),
    sqlite_autoincrement=True,
)

presets = Table(
    "presets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("use_count", Integer, nullable=False, default=0),
)

drafts = Table(
    "drafts",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("stream_id", Text, primary_key=True),
    Column("segment_id", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("base_text", Text, nullable=False, default=""),
    Column("saved_at", Instant, nullable=False),
)

known_prompts = Table(
    "known_prompts",
    metadata,
    Column("stream_id", Text, primary_key=True),
    Column("segment_id", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("stream_id", ForeignKey("streams.id"), nullable=False, index=True),
    Column("checkpoint", Text, nullable=False),
    Column("decision", Text),
    Column("content_sha256", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("actor", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("undoes", Integer),
    Index("ix_checkpoints_undoes", "undoes", unique=True),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("notebook", Text, nullable=False),
    Column("notebook_sha256", Text, nullable=False),
    Column("parameters", sa.JSON, nullable=False, default=dict),
    Column("state", Text, nullable=False),
    Column("output_path", Text),
    Column("author", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("error_message", Text),
)
