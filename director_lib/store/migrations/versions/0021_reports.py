"""What a run of a notebook made and came to, and the digest of what it was run with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; earlier runs have neither digest nor outcome."""
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("inputs_sha256", sa.Text(), nullable=True))
        table.add_column(sa.Column("output_paths", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("outcome", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_runs_started_at", "runs", ["started_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_runs_started_at", "runs")
    with op.batch_alter_table("runs") as table:
        table.drop_column("outcome")
        table.drop_column("output_paths")
        table.drop_column("inputs_sha256")
