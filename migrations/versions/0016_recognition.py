"""Recognition of prior learning, and how many of the certified are so by it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'more')")


def upgrade() -> None:
    op.add_column("standing", sa.Column("is_recognised", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("unit_figure", sa.Column("recognised", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_recognition_actor_id_actor")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_recognition_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_recognition_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["actor.id"], name=op.f("fk_recognition_decided_by_actor")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_recognition_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("client_id", name=op.f("uq_recognition_client_id")),
    )
    op.create_index("ix_recognition_open", "recognition", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "uq_recognition_one_open",
        "recognition",
        ["actor_id", "course_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_recognition_forgotten_at", "recognition", ["forgotten_at", "closed_at"])
    op.create_index("ix_recognition_actor_course", "recognition", ["actor_id", "course_id"])
    op.create_index(op.f("ix_recognition_certificate_id"), "recognition", ["certificate_id"])
    op.create_table(
        "recognition_outcome",
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_recognition_outcome_recognition_id_recognition")
        ),
        sa.PrimaryKeyConstraint("recognition_id", "outcome", name=op.f("pk_recognition_outcome")),
    )
    op.create_table(
        "recognition_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_recognition_file_recognition_id_recognition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_file")),
    )
    op.create_index(op.f("ix_recognition_file_recognition_id"), "recognition_file", ["recognition_id"])
    op.create_table(
        "recognition_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("recognition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recognition_id"], ["recognition.id"], name=op.f("fk_recognition_step_recognition_id_recognition")
        ),
        sa.ForeignKeyConstraint(["by"], ["actor.id"], name=op.f("fk_recognition_step_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_step")),
        sa.UniqueConstraint("client_id", name=op.f("uq_recognition_step_client_id")),
    )
    op.create_index(op.f("ix_recognition_step_recognition_id"), "recognition_step", ["recognition_id"])


def downgrade() -> None:
    op.drop_table("recognition_step")
    op.drop_table("recognition_file")
    op.drop_table("recognition_outcome")
    op.drop_table("recognition")
    with op.batch_alter_table("unit_figure") as batch:
        batch.drop_column("recognised")
    with op.batch_alter_table("standing") as batch:
        batch.drop_column("is_recognised")
