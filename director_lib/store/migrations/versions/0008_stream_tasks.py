"""Tasks that belong to a whole stream or to the studio, and what their programs say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; nothing waits yet."""
    op.create_table(
        "stream_tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stream_id", sa.Text(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("cancel_requested_at", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_tasks")),
        sa.UniqueConstraint("seq", name=op.f("uq_stream_tasks_seq")),
    )
    op.create_index("ix_stream_tasks_state", "stream_tasks", ["state", "seq"])
    op.create_index("ix_stream_tasks_place", "stream_tasks", ["stream_id", "kind", "seq"])
    op.create_index("ix_stream_tasks_dedup", "stream_tasks", ["dedup_key", "state"])
    op.create_table(
        "stream_task_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["stream_tasks.id"], name=op.f("fk_stream_task_lines_task_id_stream_tasks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_task_lines")),
    )
    op.create_index(op.f("ix_stream_task_lines_task_id"), "stream_task_lines", ["task_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_stream_task_lines_task_id"), "stream_task_lines")
    op.drop_table("stream_task_lines")
    op.drop_index("ix_stream_tasks_dedup", "stream_tasks")
    op.drop_index("ix_stream_tasks_place", "stream_tasks")
    op.drop_index("ix_stream_tasks_state", "stream_tasks")
    op.drop_table("stream_tasks")
