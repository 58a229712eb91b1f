"""Help asked for: requests, who answers them, and what becomes of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('new', 'suggested', 'taken', 'answered')")
UNDONE = sa.text("done_at IS NULL")
UNENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _requests()
    _beside()
    _consultants()
    _questions()


def _requests() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suggested_to", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meets_on", sa.Date(), nullable=True),
        sa.Column("answered_after", sa.Integer(), nullable=True),
        sa.Column("solved_after", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=140), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_solved", sa.Boolean(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["help_entry.id"], name=op.f("fk_consultation_entry_id_help_entry")),
        sa.ForeignKeyConstraint(["suggested_to"], ["actor.id"], name=op.f("fk_consultation_suggested_to_actor")),
        sa.ForeignKeyConstraint(["taken_by"], ["actor.id"], name=op.f("fk_consultation_taken_by_actor")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_consultation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("client_id", name=op.f("uq_consultation_client_id")),
        sa.UniqueConstraint("code", name=op.f("uq_consultation_code")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_consultation_entry_id")),
    )
    op.create_index("ix_consultation_asked_at", "consultation", ["asked_at"])
    op.create_index("ix_consultation_unit", "consultation", ["unit_id", "asked_at"])
    op.create_index("ix_consultation_live", "consultation", ["waits_since"], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index("ix_consultation_taken_by", "consultation", ["taken_by", "state"])
    op.create_index("ix_consultation_suggested_to", "consultation", ["suggested_to", "state"])
    op.create_index("ix_consultation_ended", "consultation", ["state", "ended_at"])


def _beside() -> None:
    request = ["consultation_id"], ["consultation.id"]
    op.create_table(
        "consultation_contact",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("messenger", sa.String(length=80), nullable=False),
        sa.Column("times", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(*request, name=op.f("fk_consultation_contact_consultation_id_consultation")),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultation_contact")),
    )
    op.create_table(
        "consultation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("to", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(*request, name=op.f("fk_consultation_step_consultation_id_consultation")),
        sa.ForeignKeyConstraint(["by"], ["actor.id"], name=op.f("fk_consultation_step_by_actor")),
        sa.ForeignKeyConstraint(["to"], ["actor.id"], name=op.f("fk_consultation_step_to_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_step")),
    )
    op.create_index("ix_consultation_step_consultation_id", "consultation_step", ["consultation_id"])


def _consultants() -> None:
    op.create_table(
        "consultant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["actor.id"], name=op.f("fk_consultant_ended_by_actor")),
        sa.ForeignKeyConstraint(["named_by"], ["actor.id"], name=op.f("fk_consultant_named_by_actor")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consultant_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_consultant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultant")),
    )
    op.create_index("ix_consultant_unit", "consultant", ["unit_id"])
    once = {"unique": True, "sqlite_where": UNENDED, "postgresql_where": UNENDED}
    op.create_index("uq_consultant_once", "consultant", ["person_id", "unit_id"], **once)


def _questions() -> None:
    op.create_table(
        "hard_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.String(length=120), nullable=True),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=600), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["actor.id"], name=op.f("fk_hard_question_answered_by_actor")),
        sa.ForeignKeyConstraint(["asked_by"], ["actor.id"], name=op.f("fk_hard_question_asked_by_actor")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_hard_question_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_hard_question_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hard_question")),
        sa.UniqueConstraint("client_id", name=op.f("uq_hard_question_client_id")),
    )
    op.create_index("ix_hard_question_open", "hard_question", ["answered_at", "id"])
    op.create_index("ix_hard_question_asked_by", "hard_question", ["asked_by"])
    op.create_table(
        "course_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("lesson_id", sa.String(length=300), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_mark_course_id_course")),
        sa.ForeignKeyConstraint(["done_by"], ["actor.id"], name=op.f("fk_course_mark_done_by_actor")),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"], name=op.f("fk_course_mark_made_by_actor")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["hard_question.id"], name=op.f("fk_course_mark_question_id_hard_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_mark")),
        sa.UniqueConstraint(
            "question_id",
            "course_id",
            "lesson_id",
            "question_key",
            name=op.f("uq_course_mark_question_id_course_id_lesson_id_question_key"),
        ),
    )
    op.create_index("ix_course_mark_open", "course_mark", ["course_id"], sqlite_where=UNDONE, postgresql_where=UNDONE)
    op.create_table(
        "asked_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_asked_month")),
    )


def downgrade() -> None:
    for name in (
        "asked_month",
        "course_mark",
        "hard_question",
        "consultant",
        "consultation_step",
        "consultation_contact",
        "consultation",
    ):
        op.drop_table(name)
