"""Reviews that keep knowledge alive, and renewal by testing out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("renews", sa.Integer(), nullable=True))
    op.create_table(
        "review_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_review_card_actor_id_actor")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_review_card_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_card")),
        sa.UniqueConstraint(
            "actor_id", "course_id", "question_key", name=op.f("uq_review_card_actor_id_course_id_question_key")
        ),
    )
    op.create_index("ix_review_card_due", "review_card", ["due_at", "actor_id"])
    op.create_table(
        "review_answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_review_answer_actor_id_actor")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_review_answer_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_review_answer_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answer")),
    )
    op.create_index("ix_review_answer_actor", "review_answer", ["actor_id"])
    op.create_index("ix_review_answer_course", "review_answer", ["course_id", "days"])
    op.create_table(
        "review_letter",
        sa.Column("actor_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_review_letter_actor_id_actor")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_review_letter")),
    )


def downgrade() -> None:
    op.drop_table("review_letter")
    op.drop_table("review_answer")
    op.drop_table("review_card")
    op.drop_column("attempt", "renews")
