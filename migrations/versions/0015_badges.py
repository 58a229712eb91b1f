"""Certificates as Open Badges, signed once, and the status lists beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issuer", sa.String(length=60), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("proof_kid", sa.String(length=16), nullable=False),
        sa.Column("token_kid", sa.String(length=16), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_badge_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_badge")),
    )
    op.create_index("ix_badge_issuer_block", "badge", ["issuer", "block"])
    op.create_index(op.f("ix_badge_proof_kid"), "badge", ["proof_kid"])
    op.create_index(op.f("ix_badge_token_kid"), "badge", ["token_kid"])
    op.create_table(
        "badge_status_list",
        sa.Column("issuer", sa.String(length=60), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "block", name=op.f("pk_badge_status_list")),
    )


def downgrade() -> None:
    op.drop_table("badge_status_list")
    op.drop_index(op.f("ix_badge_token_kid"), "badge")
    op.drop_index(op.f("ix_badge_proof_kid"), "badge")
    op.drop_index("ix_badge_issuer_block", "badge")
    op.drop_table("badge")
