"""Periods that were closed keep their figures; boards for who wants to stand on them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_period",
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("definitions", sa.JSON(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["help_period.id"], name=op.f("fk_closed_period_period_id_help_period")),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_closed_period")),
    )
    op.create_table(
        "closed_figure",
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.Column("tallied", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "unit_id", "month", "code", name=op.f("pk_closed_figure")),
    )
    op.create_table(
        "board_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["actor.id"], name=op.f("fk_board_consent_person_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_consent")),
    )
    op.create_index(op.f("ix_board_consent_person_id"), "board_consent", ["person_id"])


def downgrade() -> None:
    for name in ("board_consent", "closed_figure", "closed_period"):
        op.drop_table(name)
