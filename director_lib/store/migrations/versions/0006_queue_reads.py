"""What pages read beside a long queue: the open tasks of some assets, and what open tasks may still cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MAY_BE_SHOWN = sa.text("state IN ('queued', 'running', 'failed', 'unknown')")


def upgrade() -> None:
    """Add indexes. A task that was tried before there were fences gets one, for none means never tried."""
    op.create_index("ix_tasks_promised", "tasks", ["state", "fence", "price_usd"])
    op.create_index(
        "ix_tasks_shown", "tasks", ["asset_id"], sqlite_where=_MAY_BE_SHOWN, postgresql_where=_MAY_BE_SHOWN
    )
    op.execute("UPDATE tasks SET fence = 1 WHERE fence = 0 AND id IN (SELECT task_id FROM attempts)")


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_tasks_shown", "tasks")
    op.drop_index("ix_tasks_promised", "tasks")
