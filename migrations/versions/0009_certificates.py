"""Certificates of organisations, too; what their life needs: when replaced, sealed, erased, and on what they rest."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNSEALED = sa.text("sealed_at IS NULL")
NEWER = """
UPDATE certificate SET superseded_at = (
    SELECT newer.issued_at FROM certificate AS newer WHERE newer.id = certificate.superseded_by
) WHERE superseded_by IS NOT NULL
"""
SALTED = {
    "sqlite": "UPDATE certificate SET salt = lower(hex(randomblob(16)))",
    "postgresql": "UPDATE certificate SET salt = replace(CAST(gen_random_uuid() AS TEXT), '-', '')",
}


def upgrade() -> None:
    with op.batch_alter_table("certificate") as batch:
        batch.alter_column("actor_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("completion_key", existing_type=sa.String(length=80), type_=sa.String(length=160))
        batch.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("basis", sa.String(length=20), nullable=False, server_default="completion"))
        batch.add_column(sa.Column("salt", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_certificate_unit_id_unit"), "unit", ["unit_id"], ["id"])
        batch.create_check_constraint(op.f("ck_certificate_one_holder"), "(actor_id IS NULL) <> (unit_id IS NULL)")
    op.execute(SALTED[op.get_context().dialect.name])
    op.execute(NEWER)
    with op.batch_alter_table("certificate") as batch:  # the defaults were for the rows that were there
        batch.alter_column("basis", existing_type=sa.String(length=20), server_default=None)
        batch.alter_column("salt", existing_type=sa.String(length=32), server_default=None)
    op.create_index("ix_certificate_unsealed", "certificate", ["id"], sqlite_where=UNSEALED, postgresql_where=UNSEALED)
    op.create_index(op.f("ix_certificate_unit_id"), "certificate", ["unit_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_unit_id"), "certificate")
    op.drop_index("ix_certificate_unsealed", "certificate")
    op.execute("DELETE FROM certificate WHERE actor_id IS NULL")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(op.f("ck_certificate_one_holder"), type_="check")
        batch.drop_constraint(op.f("fk_certificate_unit_id_unit"), type_="foreignkey")
        for column in ("unit_id", "basis", "salt", "superseded_at", "erased_at", "sealed_at"):
            batch.drop_column(column)
        batch.alter_column("completion_key", existing_type=sa.String(length=160), type_=sa.String(length=80))
        batch.alter_column("actor_id", existing_type=sa.Integer(), nullable=False)
