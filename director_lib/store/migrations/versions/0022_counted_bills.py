"""How many tasks were billed although they made no version, among what is counted for the metrics page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_COUNTS = (
    "count_decisions",
    "count_works",
    "count_durations",
    "count_failures",
    "count_segments",
    "count_touched_segments",
    "count_touched_tasks",
    "count_settled",
    "count_state",
)


def upgrade() -> None:
    """Add to the schema; everything is counted anew when it is next asked for."""
    _forget_counts()
    op.add_column("count_works", sa.Column("bills", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take back."""
    _forget_counts()
    op.drop_column("count_works", "bills")


def _forget_counts() -> None:
    for name in _COUNTS:
        op.execute(sa.table(name).delete())
