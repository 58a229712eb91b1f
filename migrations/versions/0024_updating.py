"""What changed since a certificate: updates, and whom they reached."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FIRST = sa.text("is_first")


def upgrade() -> None:
    op.create_table(
        "course_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("lesson_id", sa.String(length=300), nullable=False),
        sa.Column("old_version_id", sa.Integer(), nullable=False),
        sa.Column("new_version_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.String(length=300), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_update_course_id_course")),
        sa.ForeignKeyConstraint(
            ["old_version_id"], ["course_version.id"], name=op.f("fk_course_update_old_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(
            ["new_version_id"], ["course_version.id"], name=op.f("fk_course_update_new_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["actor.id"], name=op.f("fk_course_update_made_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_update")),
        sa.UniqueConstraint("client_id", name=op.f("uq_course_update_client_id")),
    )
    op.create_index("ix_course_update_course_id", "course_update", ["course_id"])
    op.create_table(
        "update_answer",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_update_answer_actor_id_actor")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["course_update.id"], name=op.f("fk_update_answer_update_id_course_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_answer")),
    )
    op.create_index("ix_update_answer_actor_id", "update_answer", ["actor_id"])
    op.create_index(
        "uq_update_answer_first",
        "update_answer",
        ["update_id", "actor_id"],
        unique=True,
        sqlite_where=FIRST,
        postgresql_where=FIRST,
    )
    op.create_table(
        "update_letter",
        sa.Column("actor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_update_letter_actor_id_actor")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_update_letter")),
    )


def downgrade() -> None:
    for name in ("update_letter", "update_answer", "course_update"):
        op.drop_table(name)
