"""Every state of a stream's spec: its content once by digest, and who made it when and how."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; the first state of each stream is taken when its file is next looked at."""
    op.create_table(
        "spec_contents",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("packed", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_spec_contents")),
    )
    op.create_table(
        "spec_states",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_spec_states")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_spec_states_stream_id_seq", "spec_states", ["stream_id", "seq"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_spec_states_stream_id_seq", "spec_states")
    op.drop_table("spec_states")
    op.drop_table("spec_contents")
