"""What answers tell about questions and courses."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_count",
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("quiz_id", sa.String(length=200), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("building", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("cursor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor_id", sa.String(length=36), nullable=False),
        sa.Column("seen_grade", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("course_id", "quiz_id", name=op.f("pk_quiz_count")),
    )
    op.create_table(
        "question_figure",
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("quiz_id", sa.String(length=200), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=16), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "course_id", "quiz_id", "generation", "question_key", "language", "text", name=op.f("pk_question_figure")
        ),
    )
    op.create_table(
        "quiz_figure",
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("quiz_id", sa.String(length=200), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "quiz_id", "generation", "form", name=op.f("pk_quiz_figure")),
    )
    op.create_table(
        "course_figure",
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_figure")),
    )
    # the first attempts at one quiz in the order in which they were handed in
    op.create_index("ix_attempt_quiz", "attempt", ["course_id", "quiz_id", "number", "submitted_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_attempt_quiz", table_name="attempt")
    for table in ("course_figure", "quiz_figure", "question_figure", "quiz_count"):
        op.drop_table(table)
