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
    op.create_table(
        "file_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_file_draft_actor_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_draft")),
    )
    op.create_index("ix_file_draft_actor_id_draft_id", "file_draft", ["actor_id", "draft_id"], unique=True)


def downgrade() -> None:
    op.drop_table("file_draft")
    op.drop_table("authoring_step")
