"""What was done to packs and by whom; what is being written."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authoring_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["actor.id"], name=op.f("fk_authoring_step_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authoring_step")),
    )
    op.create_index("ix_authoring_step_pack_at", "authoring_step", ["pack", "at"])


def downgrade() -> None:
    op.drop_table("authoring_step")
