"""A variant set that was sent back is one regeneration: everything is counted anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
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
    """Forget the counts; everything is counted anew when it is next asked for."""
    _forget_counts()


def downgrade() -> None:
    """Forget the counts, so that the release before counts by its own rule."""
    _forget_counts()


def _forget_counts() -> None:
    for name in _COUNTS:
        op.execute(sa.table(name).delete())
