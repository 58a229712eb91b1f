"""Corrections, withdrawals, appeals, reminders of expiry."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITS = sa.text("decided_at IS NULL")
ENDS = sa.text("valid_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "certificate_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("holder_latin", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_request_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["actor.id"], name=op.f("fk_certificate_request_asked_by_actor")),
        sa.ForeignKeyConstraint(["decided_by"], ["actor.id"], name=op.f("fk_certificate_request_decided_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_request")),
        sa.UniqueConstraint("client_id", name=op.f("uq_certificate_request_client_id")),
    )
    op.create_index(op.f("ix_certificate_request_certificate_id"), "certificate_request", ["certificate_id"])
    op.create_index(
        "ix_certificate_request_waiting", "certificate_request", ["id"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index(
        "uq_certificate_request_one_waiting",
        "certificate_request",
        ["certificate_id", "kind"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_table(
        "expiry_notice",
        sa.Column("certificate_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("days", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_expiry_notice_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "days", name=op.f("pk_expiry_notice")),
    )
    # what ends soon is looked for each minute
    op.create_index(
        "ix_certificate_valid_until", "certificate", ["valid_until", "id"], sqlite_where=ENDS, postgresql_where=ENDS
    )


def downgrade() -> None:
    op.drop_index("ix_certificate_valid_until", "certificate")
    op.drop_table("expiry_notice")
    op.drop_table("certificate_request")
