"""Counts for the metrics page, kept up to date with every write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DECISION_MEASURES = (
    "made",
    "undone",
    "effective",
    "approved",
    "with_notes",
    "adjust_prompt",
    "regenerate",
    "first",
    "first_approved",
    "regenerations",
    "active_us",
    "stretches",
)
_WORK_MEASURES = (
    "versions",
    "found",
    "restored",
    "cost_micro_usd",
    "units",
    "units_approved",
    "units_rejected",
    "unit_cost_micro_usd",
    "approved_us",
    "segments",
    "segments_approved",
    "segment_cost_micro_usd",
    "tasks",
    "tasks_succeeded",
    "tasks_failed",
    "tasks_unknown",
    "tasks_cancelled",
    "lost_micro_usd",
)


def upgrade() -> None:
    """Add to the schema; what is there already is counted when it is first asked for."""
    op.create_index("ix_decisions_actor_decided_at", "decisions", ["actor", "decided_at"])
    _make_counts("count_decisions", ["actor", "kind", "engine", "model"], _DECISION_MEASURES)
    _make_counts("count_works", ["kind", "engine", "model"], _WORK_MEASURES)
    _make_counts("count_durations", ["metric", "kind", "engine", "bin"], ("n",))
    _make_counts("count_failures", ["kind", "engine", "error_code"], ("n",))
    op.create_table(
        "count_segments",
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("segment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        *map(_number, ("n_versions", "regenerations", "rejections", "cost_micro_usd", "n_open")),
        sa.Column("open_since", sa.BigInteger(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "segment_id", name=op.f("pk_count_segments")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_count_segments_worst", "count_segments", ["regenerations", "rejections", "cost_micro_usd"]
    )
    op.create_table(
        "count_touched_segments",
        sa.Column("asset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_count_touched_segments")),
    )
    op.create_table(
        "count_touched_tasks",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_count_touched_tasks")),
    )
    op.create_table(
        "count_settled",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_count_settled")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "count_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("found_different", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_state")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("count_state")
    op.drop_table("count_settled")
    op.drop_table("count_touched_tasks")
    op.drop_table("count_touched_segments")
    op.drop_index("ix_count_segments_worst", "count_segments")
    for name in ("count_segments", "count_failures", "count_durations", "count_works", "count_decisions"):
        op.drop_table(name)
    op.drop_index("ix_decisions_actor_decided_at", "decisions")


def _make_counts(name: str, keys: list[str], measures: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        *(_key(key) for key in keys),
        *map(_number, measures),
        sa.PrimaryKeyConstraint("scope", "week", *keys, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _key(name: str) -> sa.Column[object]:
    kind = sa.Integer() if name == "bin" else sa.Text()
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
