"""Grades given by people, and what a corrected key changes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITS = sa.text("score IS NULL AND superseded_at IS NULL")


def upgrade() -> None:
    op.add_column("question_grade", sa.Column("regrading", sa.String(length=36), nullable=True))
    op.create_index("ix_question_grade_waiting", "question_grade", ["id"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "grade_note",
        sa.Column("grade_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["grade_id"], ["question_grade.id"], name=op.f("fk_grade_note_grade_id_question_grade")
        ),
        sa.PrimaryKeyConstraint("grade_id", name=op.f("pk_grade_note")),
        sa.UniqueConstraint("client_id", name=op.f("uq_grade_note_client_id")),
    )
    op.create_table(
        "grading_claim",
        sa.Column("grade_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("taken_by", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grade_id"], ["question_grade.id"], name=op.f("fk_grading_claim_grade_id_question_grade")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["actor.id"], name=op.f("fk_grading_claim_taken_by_actor")),
        sa.PrimaryKeyConstraint("grade_id", name=op.f("pk_grading_claim")),
    )
    _regrading()
    op.create_table(
        "changed_key",
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_changed_key_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_changed_key_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("course_id", "question_key", name=op.f("pk_changed_key")),
    )
    _decisions()


def _regrading() -> None:
    op.create_table(
        "regrading",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reached", sa.String(length=36), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_regrading_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_regrading_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["actor.id"], name=op.f("fk_regrading_asked_by_actor")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["actor.id"], name=op.f("fk_regrading_confirmed_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrading")),
    )
    op.create_index("ix_regrading_question", "regrading", ["course_id", "question_key"])


def _decisions() -> None:
    op.create_table(
        "pass_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=36), nullable=False),
        sa.Column("regrading_id", sa.String(length=36), nullable=True),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_pass_decision_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["regrading_id"], ["regrading.id"], name=op.f("fk_pass_decision_regrading_id_regrading")
        ),
        sa.ForeignKeyConstraint(["raised_by"], ["actor.id"], name=op.f("fk_pass_decision_raised_by_actor")),
        sa.ForeignKeyConstraint(["decided_by"], ["actor.id"], name=op.f("fk_pass_decision_decided_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_decision")),
    )
    op.create_index("ix_pass_decision_attempt", "pass_decision", ["attempt_id"])
    op.create_index("ix_pass_decision_waiting", "pass_decision", ["decision", "id"])


def downgrade() -> None:
    for table in ("pass_decision", "changed_key", "regrading", "grading_claim", "grade_note"):
        op.drop_table(table)
    op.drop_index("ix_question_grade_waiting", "question_grade")
    with op.batch_alter_table("question_grade") as batch:
        batch.drop_column("regrading")
