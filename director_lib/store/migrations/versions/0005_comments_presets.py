"""Who is mentioned in a comment; presets that only their author sees, each with names of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema; every preset stays everybody's."""
    op.create_table(
        "comment_mentions",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_mentions_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("comment_id", "username", name=op.f("pk_comment_mentions")),
    )
    op.create_index("ix_comment_mentions_username", "comment_mentions", ["username"])
    with op.batch_alter_table("presets") as presets:
        presets.add_column(sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.true()))
        presets.drop_constraint(op.f("uq_presets_name"), type_="unique")
        presets.create_unique_constraint(op.f("uq_presets_author_name"), ["author", "name"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("presets") as presets:
        presets.drop_constraint(op.f("uq_presets_author_name"), type_="unique")
        presets.create_unique_constraint(op.f("uq_presets_name"), ["name"])
        presets.drop_column("is_shared")
    op.drop_index("ix_comment_mentions_username", "comment_mentions")
    op.drop_table("comment_mentions")
