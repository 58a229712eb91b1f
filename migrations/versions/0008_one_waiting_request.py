"""One waiting request for each person and unit. Of several, the first one waits on; the others said the same."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAITS = sa.text("decided_at IS NULL")
LATER = """
    DELETE FROM join_request WHERE decided_at IS NULL AND EXISTS (
        SELECT 1 FROM join_request AS earlier
        WHERE earlier.person_id = join_request.person_id AND earlier.unit_id = join_request.unit_id
        AND earlier.decided_at IS NULL AND earlier.id < join_request.id
    )
"""


def upgrade() -> None:
    op.execute(LATER)
    op.create_index(
        "ix_join_request_waiting",
        "join_request",
        ["person_id", "unit_id"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def downgrade() -> None:
    op.drop_index("ix_join_request_waiting", table_name="join_request")
