"""Every table of the review database, in one MetaData.

Instants are stored as integer microseconds since 1970 (UTC): exact, compact and quick to aggregate.
Decisions, versions and events are append-only; ``seq`` grows with every record and is their order.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from director_lib.store.archive_tables import archived_files
from director_lib.store.attention_tables import attention_fits, attention_scores
from director_lib.store.column_types import Instant, Text
from director_lib.store.count_tables import COUNT_TABLES
from director_lib.store.known_briefs import known_briefs
from director_lib.store.overview_cache import overview_cache
from director_lib.store.people_tables import people, sessions
from director_lib.store.queue_tables import (
    attempts,
    engine_choices,
    pauses,
    task_lines,
    tasks,
    variant_sets,
    workers,
)
from director_lib.store.schema import metadata
from director_lib.store.spec_tables import spec_contents, spec_states
from director_lib.store.stream_task_tables import job_receipts, stream_task_lines, stream_tasks
from director_lib.store.suggestion_tables import suggestions
from director_lib.store.variant_tables import variant_picks, variant_places

__all__ = [
    "COUNT_TABLES",
    "archived_files",
    "assets",
    "attempts",
    "attention_fits",
    "attention_scores",
    "budgets",
    "checkpoints",
    "comment_mentions",
    "comments",
    "decisions",
    "drafts",
    "engine_choices",
    "events",
    "findings",
    "job_receipts",
    "known_briefs",
    "known_prompts",
    "metadata",
    "overview_cache",
    "pauses",
    "people",
    "presets",
    "runs",
    "sessions",
    "spec_contents",
    "spec_states",
    "stream_task_lines",
    "stream_tasks",
    "streams",
    "suggestions",
    "task_lines",
    "tasks",
    "undo_steps",
    "variant_picks",
    "variant_places",
    "variant_sets",
    "versions",
    "workers",
]

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
    Index("ix_decisions_actor_decided_at", "actor", "decided_at"),
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

comment_mentions = Table(
    "comment_mentions",
    metadata,
    Column("comment_id", ForeignKey("comments.id"), primary_key=True),
    Column("username", Text, primary_key=True),
    Index("ix_comment_mentions_username", "username"),
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
    Column("name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("use_count", Integer, nullable=False, default=0),
    Column("is_shared", sa.Boolean, nullable=False, default=True, server_default=sa.true()),
    UniqueConstraint("author", "name"),
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

budgets = Table(
    "budgets",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("amount_usd", sa.Float),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
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
    Column("started_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    Column("error_message", Text),
    Column("inputs_sha256", Text),
    Column("output_paths", sa.JSON, nullable=False, default=list, server_default="[]"),
    Column("outcome", Text, nullable=False, default="", server_default=""),
)
