"""Receipts of paid calls that tasks of whole streams make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; no such call was ever made."""
    op.create_table(
        "job_receipts",
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("estimated_usd", sa.Float(), nullable=False),
        sa.Column("billed_usd", sa.Float(), nullable=True),
        sa.Column("promised_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["stream_tasks.id"], name=op.f("fk_job_receipts_task_id_stream_tasks")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_job_receipts")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("job_receipts")
