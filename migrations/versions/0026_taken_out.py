"""Entries of help that were taken out, why, and which stand again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "help_taking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["actor.id"], name=op.f("fk_help_taking_by_actor")),
        sa.ForeignKeyConstraint(["helper_id"], ["actor.id"], name=op.f("fk_help_taking_helper_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_taking")),
    )
    op.create_index("ix_help_taking_helper", "help_taking", ["helper_id", "at"])
    op.create_table(
        "help_taken",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taking_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_id", sa.Integer(), nullable=True),
        sa.Column("put_back_by", sa.Integer(), nullable=True),
        sa.Column("put_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["again_id"], ["help_entry.id"], name=op.f("fk_help_taken_again_id_help_entry")),
        sa.ForeignKeyConstraint(["entry_id"], ["help_entry.id"], name=op.f("fk_help_taken_entry_id_help_entry")),
        sa.ForeignKeyConstraint(["put_back_by"], ["actor.id"], name=op.f("fk_help_taken_put_back_by_actor")),
        sa.ForeignKeyConstraint(["taking_id"], ["help_taking.id"], name=op.f("fk_help_taken_taking_id_help_taking")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_help_taken")),
        sa.UniqueConstraint("again_id", name=op.f("uq_help_taken_again_id")),
    )
    op.create_index("ix_help_taken_taking_id", "help_taken", ["taking_id"])


def downgrade() -> None:
    op.drop_table("help_taken")
    op.drop_table("help_taking")
