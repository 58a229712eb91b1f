"""Materials that helpers share."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OFFERED = sa.text("taken_off_at IS NULL")


def upgrade() -> None:
    _materials()
    op.create_table(
        "material_service",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_service_material_id_material")
        ),
        sa.PrimaryKeyConstraint("material_id", "service", name=op.f("pk_material_service")),
    )
    op.create_index("ix_material_service_service", "material_service", ["service", "material_id"])
    op.create_table(
        "material_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_material_report_material_id_material")),
        sa.ForeignKeyConstraint(["reported_by"], ["actor.id"], name=op.f("fk_material_report_reported_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_report")),
        sa.UniqueConstraint("client_id", name=op.f("uq_material_report_client_id")),
    )
    op.create_index("ix_material_report_material_id", "material_report", ["material_id"])


def _materials() -> None:
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("file", sa.String(length=36), nullable=False),
        sa.Column("ending", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("adapted_from_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("shared_by", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_off_by", sa.Integer(), nullable=True),
        sa.Column("taken_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["adapted_from_id"], ["material.id"], name=op.f("fk_material_adapted_from_id_material")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_material_unit_id_unit")),
        sa.ForeignKeyConstraint(["shared_by"], ["actor.id"], name=op.f("fk_material_shared_by_actor")),
        sa.ForeignKeyConstraint(["taken_off_by"], ["actor.id"], name=op.f("fk_material_taken_off_by_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("client_id", name=op.f("uq_material_client_id")),
    )
    op.create_index("ix_material_adapted_from_id", "material", ["adapted_from_id"])
    op.create_index("ix_material_shared_by", "material", ["shared_by"])
    op.create_index("ix_material_unit_id", "material", ["unit_id"])
    op.create_index(
        "uq_material_digest", "material", ["digest"], unique=True, sqlite_where=OFFERED, postgresql_where=OFFERED
    )


def downgrade() -> None:
    for name in ("material_report", "material_service", "material"):
        op.drop_table(name)
