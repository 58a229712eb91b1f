"""Materials that two accounts shared which turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.sharing.models import Material, MaterialReport

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what the other shared, took off and reported."""
    for column in (Material.shared_by, Material.taken_off_by, MaterialReport.reported_by):
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
