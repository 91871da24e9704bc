"""Who works on a task, its place in the queue, what was said, pauses, choices of engines, variant sets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; what waits keeps its order."""
    op.add_column("tasks", sa.Column("position", sa.Float(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("worker", sa.Text(), nullable=True))
    op.add_column("tasks", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("not_before_at", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("after_task_id", sa.Text(), nullable=True))
    op.add_column("tasks", sa.Column("variant_set_id", sa.Text(), nullable=True))
    op.execute("UPDATE tasks SET position = seq")
    op.drop_index("ix_tasks_open", "tasks")
    op.create_index("ix_tasks_open", "tasks", ["state", "priority", "position", "seq"])
    op.create_index("ix_tasks_claimable", "tasks", ["state", "engine", "priority", "position", "seq"])
    op.create_index("ix_tasks_ended", "tasks", ["state", "ended_at"])
    op.create_index(op.f("ix_tasks_after_task_id"), "tasks", ["after_task_id"])
    op.add_column("attempts", sa.Column("worker", sa.Text(), nullable=True))
    op.create_index("ix_attempts_engine_started_at", "attempts", ["engine", "started_at"])
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "task_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_lines_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_lines")),
    )
    op.create_index(op.f("ix_task_lines_task_id"), "task_lines", ["task_id"])
    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "pauses",
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=False),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("engine", name=op.f("pk_pauses")),
    )
    op.create_table(
        "engine_choices",
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "segment_id", "kind", name=op.f("pk_engine_choices")),
    )
    op.create_table(
        "variant_sets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("winner_version_id", sa.Integer(), nullable=True),
        sa.Column("picked_by", sa.Text(), nullable=True),
        sa.Column("picked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_variant_sets_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["winner_version_id"], ["versions.id"], name=op.f("fk_variant_sets_winner_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant_sets")),
    )
    op.create_index(op.f("ix_variant_sets_asset_id"), "variant_sets", ["asset_id"])


def downgrade() -> None:
    """Take back."""
    for table in ("variant_sets", "engine_choices", "pauses", "workers", "task_lines"):
        op.drop_table(table)
    op.drop_index("ix_attempts_engine_started_at", "attempts")
    op.drop_column("attempts", "worker")
    op.drop_index(op.f("ix_tasks_after_task_id"), "tasks")
    op.drop_index("ix_tasks_claimable", "tasks")
    op.drop_index("ix_tasks_open", "tasks")
    op.create_index("ix_tasks_open", "tasks", ["state", "priority", "seq"])
    for column in ("variant_set_id", "after_task_id", "not_before_at", "fence", "worker", "position"):
        op.drop_column("tasks", column)
