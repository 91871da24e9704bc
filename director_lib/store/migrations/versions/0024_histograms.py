"""Histograms of counted durations as one row each: everything is counted anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COUNTS = (
    "count_decisions",
    "count_works",
    "count_failures",
    "count_segments",
    "count_touched_segments",
    "count_touched_tasks",
    "count_settled",
    "count_state",
)
_KEY = ("scope", "week", "metric", "kind", "engine")


def upgrade() -> None:
    """Add to the schema; everything is counted anew when it is next asked for."""
    _forget_counts()
    op.drop_table("count_durations")
    op.create_table(
        "count_durations",
        *map(_part_of_key, _KEY),
        sa.Column("bins", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_count_durations")),
    )


def downgrade() -> None:
    """Take back."""
    _forget_counts()
    op.drop_table("count_durations")
    op.create_table(
        "count_durations",
        *map(_part_of_key, (*_KEY, "bin")),
        sa.Column("n", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "bin", name=op.f("pk_count_durations")),
        sqlite_with_rowid=False,
    )


def _part_of_key(name: str) -> sa.Column[object]:
    kind = sa.Integer if name in ("week", "bin") else sa.Text
    return sa.Column(name, kind(), autoincrement=False, nullable=False)


def _forget_counts() -> None:
    for name in _COUNTS:
        op.execute(sa.table(name).delete())
