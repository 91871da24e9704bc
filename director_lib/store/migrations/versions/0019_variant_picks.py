"""Where each variant was shown, every choice between variants, and what is likely to need attention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_KEEP_WHAT_WAS_PICKED = """
INSERT INTO variant_picks (set_id, version_id, is_blind, picked_by, picked_at)
SELECT id, winner_version_id, :no, picked_by, picked_at FROM variant_sets
WHERE winner_version_id IS NOT NULL AND picked_by IS NOT NULL AND picked_at IS NOT NULL
"""


def upgrade() -> None:
    """Add to the schema; what was picked so far was seen with its making."""
    op.add_column(
        "variant_sets", sa.Column("is_blind", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _add_variant_tables()
    _add_attention_tables()
    op.get_bind().execute(sa.text(_KEEP_WHAT_WAS_PICKED), {"no": False})


def _add_variant_tables() -> None:
    op.create_table(
        "variant_places",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["variant_sets.id"], name=op.f("fk_variant_places_set_id_variant_sets")
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_variant_places")),
    )
    op.create_table(
        "variant_picks",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("picked_by", sa.Text(), nullable=False),
        sa.Column("picked_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_id"], ["variant_sets.id"], name=op.f("fk_variant_picks_set_id_variant_sets")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_variant_picks_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_variant_picks")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_variant_picks_set_id"), "variant_picks", ["set_id"])


def _add_attention_tables() -> None:
    op.create_table(
        "attention_fits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fitted_at", sa.BigInteger(), nullable=False),
        sa.Column("decision_seq", sa.Integer(), nullable=False),
        sa.Column("is_usable", sa.Boolean(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_fits")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attention_scores",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fit_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fit_id"], ["attention_fits.id"], name=op.f("fk_attention_scores_fit_id_attention_fits")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["versions.id"], name=op.f("fk_attention_scores_version_id_versions")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_attention_scores")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("attention_scores", "attention_fits", "variant_picks", "variant_places"):
        op.drop_table(table)
    op.drop_column("variant_sets", "is_blind")
