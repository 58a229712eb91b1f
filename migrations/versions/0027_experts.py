"""Experts for hard questions: who is named for what, and whom a question was put to."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UNENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "expert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["actor.id"], name=op.f("fk_expert_ended_by_actor")),
        sa.ForeignKeyConstraint(["named_by"], ["actor.id"], name=op.f("fk_expert_named_by_actor")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_expert_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
    )
    op.create_index("ix_expert_unit", "expert", ["unit_id"])
    once = {"unique": True, "sqlite_where": UNENDED, "postgresql_where": UNENDED}
    op.create_index("uq_expert_once", "expert", ["person_id", "unit_id"], **once)
    with op.batch_alter_table("hard_question") as batch:
        batch.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("to_trainers_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(batch.f("fk_hard_question_unit_id_unit"), "unit", ["unit_id"], ["id"])
    # so far every question went to the trainers at once
    op.execute("UPDATE hard_question SET to_trainers_at = asked_at")
    op.execute(
        "UPDATE hard_question SET unit_id = (SELECT unit_id FROM consultation WHERE consultation.id = consultation_id)"
    )
    op.create_table(
        "hard_question_to",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hard_question_to_person_id_person")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["hard_question.id"], name=op.f("fk_hard_question_to_question_id_hard_question")
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_hard_question_to")),
    )
    op.create_index(op.f("ix_hard_question_to_person_id"), "hard_question_to", ["person_id"])


def downgrade() -> None:
    op.drop_table("hard_question_to")
    with op.batch_alter_table("hard_question") as batch:
        batch.drop_constraint(batch.f("fk_hard_question_unit_id_unit"), type_="foreignkey")
        batch.drop_column("to_trainers_at")
        batch.drop_column("unit_id")
    op.drop_table("expert")
