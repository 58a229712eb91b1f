"""What a desk keeps for two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.coordination.models import SavedFilter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's saved filters."""
    db.execute(update(SavedFilter).where(SavedFilter.person_id == gone).values(person_id=keep))
