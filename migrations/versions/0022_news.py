"""News for helpers: announcements, and who received, opened and confirmed them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _announcements()
    _letters()


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("desk", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=True),
        sa.Column("source_language", sa.String(length=20), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("asks_confirm", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_by", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([by], ["actor.id"], name=op.f(f"fk_announcement_{by}_actor"))
            for by in ("made_by", "corrected_by", "withdrawn_by", "reminded_by")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_announcement_course_id_course")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_announcement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("client_id", name=op.f("uq_announcement_client_id")),
    )
    op.create_index("ix_announcement_starts_on", "announcement", ["starts_on", "id"])
    op.create_index(op.f("ix_announcement_unit_id"), "announcement", ["unit_id"])
    op.create_table(
        "news_reading",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_news_reading_announcement_id_announcement")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["actor.id"], name=op.f("fk_news_reading_person_id_actor")),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_news_reading")),
    )
    op.create_index("ix_news_reading_person", "news_reading", ["person_id"])


def _letters() -> None:
    op.create_table(
        "news_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_news_round_announcement_id_announcement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_round")),
        sa.UniqueConstraint("key", name=op.f("uq_news_round_key")),
    )
    op.create_table(
        "news_letter",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["actor.id"], name=op.f("fk_news_letter_person_id_actor")),
        sa.ForeignKeyConstraint(["round_id"], ["news_round.id"], name=op.f("fk_news_letter_round_id_news_round")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_news_letter")),
    )
    op.create_index("ix_news_letter_person", "news_letter", ["person_id"])


def downgrade() -> None:
    for table in ("news_letter", "news_round", "news_reading", "announcement"):
        op.drop_table(table)
