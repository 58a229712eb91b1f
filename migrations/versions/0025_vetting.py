"""Entries of help that look odd, and samples to call back."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _findings()
    _looking()
    _samples()


def _findings() -> None:
    op.create_table(
        "help_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["helper_id"], ["actor.id"], name=op.f("fk_help_finding_helper_id_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_finding_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_finding")),
    )
    op.create_index("ix_help_finding_state", "help_finding", ["state", "entries", "id"])
    op.create_index("ix_help_finding_helper", "help_finding", ["helper_id", "month"])
    op.create_index("ix_help_finding_unit", "help_finding", ["unit_id", "month"])
    op.create_table(
        "help_finding_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["actor.id"], name=op.f("fk_help_finding_step_by_actor")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["help_finding.id"], name=op.f("fk_help_finding_step_finding_id_help_finding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_finding_step")),
        sa.UniqueConstraint("client_id", name=op.f("uq_help_finding_step_client_id")),
    )
    op.create_index("ix_help_finding_step_finding_id", "help_finding_step", ["finding_id"])


def _looking() -> None:
    op.create_table(
        "help_peers",
        sa.Column("root_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("root_id", "month", name=op.f("pk_help_peers")),
    )
    op.create_table(
        "help_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_look")),
    )


def _samples() -> None:
    op.create_table(
        "help_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"], name=op.f("fk_help_sample_made_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_sample_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_sample")),
        sa.UniqueConstraint("client_id", name=op.f("uq_help_sample_client_id")),
    )
    op.create_table(
        "help_sampled",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["help_entry.id"], name=op.f("fk_help_sampled_entry_id_help_entry")),
        sa.ForeignKeyConstraint(["noted_by"], ["actor.id"], name=op.f("fk_help_sampled_noted_by_actor")),
        sa.ForeignKeyConstraint(["sample_id"], ["help_sample.id"], name=op.f("fk_help_sampled_sample_id_help_sample")),
        sa.PrimaryKeyConstraint("sample_id", "place", name=op.f("pk_help_sampled")),
    )


def downgrade() -> None:
    for name in ("help_sampled", "help_sample", "help_look", "help_peers", "help_finding_step", "help_finding"):
        op.drop_table(name)
