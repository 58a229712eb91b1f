"""Help given: entries, the lists and definitions of programmes, periods, and what the entries come to."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNCOUNTED = sa.text("is_counted = (undone_at IS NOT NULL)")


def upgrade() -> None:
    _entries()
    _words()
    _figures()


def _entries() -> None:
    op.create_table(
        "help_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=140), nullable=False),
        sa.Column("is_tally", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("logged_by", sa.Integer(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_counted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_help_entry_people")),
        sa.ForeignKeyConstraint(["helper_id"], ["actor.id"], name=op.f("fk_help_entry_helper_id_actor")),
        sa.ForeignKeyConstraint(["logged_by"], ["actor.id"], name=op.f("fk_help_entry_logged_by_actor")),
        sa.ForeignKeyConstraint(["undone_by"], ["actor.id"], name=op.f("fk_help_entry_undone_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_entry_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_entry")),
        sa.UniqueConstraint("client_id", name=op.f("uq_help_entry_client_id")),
    )
    op.create_index("ix_help_entry_unit", "help_entry", ["unit_id", "given_on"])
    op.create_index("ix_help_entry_helper", "help_entry", ["helper_id", "given_on"])
    op.create_index("ix_help_entry_uncounted", "help_entry", ["id"], sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED)


def _words() -> None:
    op.create_table(
        "help_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("situation", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_choice_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_choice")),
        sa.UniqueConstraint("unit_id", "field", "code", name=op.f("uq_help_choice_unit_id_field_code")),
    )
    op.create_table(
        "help_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("counts", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"], name=op.f("fk_help_definition_made_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_definition_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_definition")),
        sa.UniqueConstraint("unit_id", "code", "version", name=op.f("uq_help_definition_unit_id_code_version")),
    )
    op.create_table(
        "help_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["actor.id"], name=op.f("fk_help_period_closed_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_period_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_period")),
        sa.UniqueConstraint("unit_id", "first_day", "last_day", name=op.f("uq_help_period_unit_id_first_day_last_day")),
    )


def _figures() -> None:
    op.create_table(
        "help_figure",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.Column("is_tally", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "month", "kind", "audience", "is_apart", "is_tally", name=op.f("pk_help_figure")
        ),
    )
    op.create_table(
        "help_service_figure",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "month", "service", name=op.f("pk_help_service_figure")),
    )
    op.create_table(
        "helper_day",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_helper_day")),
    )
    op.create_index("ix_helper_day_last_on", "helper_day", ["last_on"])
    op.create_table(
        "helpers_last",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("helpers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "last_on", name=op.f("pk_helpers_last")),
    )
    op.create_table(
        "help_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("units", sa.String(length=64), nullable=False),
        sa.Column("figures_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_count")),
    )


def downgrade() -> None:
    for name in (
        "help_count",
        "helpers_last",
        "helper_day",
        "help_service_figure",
        "help_figure",
        "help_period",
        "help_definition",
        "help_choice",
        "help_entry",
    ):
        op.drop_table(name)
