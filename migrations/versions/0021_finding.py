"""Where to find help: points, helpers who want to be found, and what people say."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _points()
    _helpers()
    _said()


def _points() -> None:
    op.create_table(
        "help_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("folded_place", sa.String(length=800), nullable=False),
        sa.Column("exceptions", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("stands_until", sa.Date(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("token_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["actor.id"], name=op.f("fk_help_point_edited_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_help_point_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_point")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_help_point_unit_id")),
    )
    op.create_index("ix_help_point_shown", "help_point", ["state", "stands_until"])
    op.create_index("ix_help_point_looked_on", "help_point", ["looked_on", "id"])
    op.create_table(
        "help_point_tag",
        sa.Column("point_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["help_point.id"], name=op.f("fk_help_point_tag_point_id_help_point")),
        sa.PrimaryKeyConstraint("point_id", "field", "value", name=op.f("pk_help_point_tag")),
    )
    op.create_index("ix_help_point_tag_value", "help_point_tag", ["field", "value"])
    op.create_table(
        "help_point_hours",
        sa.Column("point_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_help_point_hours_order")),
        sa.ForeignKeyConstraint(["point_id"], ["help_point.id"], name=op.f("fk_help_point_hours_point_id_help_point")),
        sa.PrimaryKeyConstraint("point_id", "weekday", "opens", name=op.f("pk_help_point_hours")),
    )
    op.create_table(
        "find_name",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_find_name_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "folded_name", name=op.f("pk_find_name")),
    )


def _helpers() -> None:
    op.create_table(
        "helper_listing",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shows_name", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_languages", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_services", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_hours", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("shows_contact", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_helper_listing_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_helper_listing")),
    )


def _said() -> None:
    op.create_table(
        "help_said",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["help_point.id"], name=op.f("fk_help_said_point_id_help_point")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_said")),
        sa.UniqueConstraint("client_id", name=op.f("uq_help_said_client_id")),
    )
    op.create_index("ix_help_said_point", "help_said", ["point_id", "week"])
    op.create_table(
        "help_said_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("yes >= 0 AND partly >= 0 AND no >= 0", name=op.f("ck_help_said_tally_counts")),
        sa.ForeignKeyConstraint(["entered_by"], ["actor.id"], name=op.f("fk_help_said_tally_entered_by_actor")),
        sa.ForeignKeyConstraint(["point_id"], ["help_point.id"], name=op.f("fk_help_said_tally_point_id_help_point")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_said_tally")),
        sa.UniqueConstraint("point_id", "month", name=op.f("uq_help_said_tally_point_id_month")),
    )


def downgrade() -> None:
    for name in (
        "help_said_tally",
        "help_said",
        "helper_listing",
        "find_name",
        "help_point_hours",
        "help_point_tag",
        "help_point",
    ):
        op.drop_table(name)
