"""What order forms said when they were last seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; each order form becomes known when it is next seen."""
    op.create_table(
        "known_briefs",
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", name=op.f("pk_known_briefs")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("known_briefs")
