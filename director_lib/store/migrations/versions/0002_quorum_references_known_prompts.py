"""Quorum of a stream, references of a version, prompts as last seen in the files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the first release's schema; every row stays as it is."""
    op.add_column("streams", sa.Column("approvals_needed", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("versions", sa.Column("reference_sha256s", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("versions", sa.Column("spec_sha256", sa.Text(), nullable=True))
    op.add_column("versions", sa.Column("found_as", sa.Text(), nullable=True))
    op.add_column("versions", sa.Column("found_at", sa.BigInteger(), nullable=True))
    op.add_column("checkpoints", sa.Column("undoes", sa.Integer(), nullable=True))
    op.create_index("ix_checkpoints_undoes", "checkpoints", ["undoes"], unique=True)
    op.create_index("ix_events_place", "events", ["stream_id", "segment_id", "seq"])
    op.create_table(
        "known_prompts",
        sa.Column("stream_id", sa.Text(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "segment_id", "field", name=op.f("pk_known_prompts")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("known_prompts")
    op.drop_index("ix_events_place", "events")
    op.drop_index("ix_checkpoints_undoes", "checkpoints")
    op.drop_column("checkpoints", "undoes")
    op.drop_column("versions", "found_at")
    op.drop_column("versions", "found_as")
    op.drop_column("versions", "spec_sha256")
    op.drop_column("versions", "reference_sha256s")
    op.drop_column("streams", "approvals_needed")
