"""What the list of streams shows of each, kept so that a list of a thousand opens at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; the cache fills itself when the list is next opened."""
    op.create_table(
        "overview_cache",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("overview", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overview_cache")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("overview_cache")
