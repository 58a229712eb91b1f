"""Help that two accounts logged which turned out to be one person's; units that became part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.helping.counting import note_days
from lms.helping.models import HelpEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's help; when she helped last is the later of both days."""
    for column in (HelpEntry.helper_id, HelpEntry.logged_by, HelpEntry.undone_by):
        db.execute(update(HelpEntry).where(column == gone).values({column: keep}))
    note_days(db, {gone, keep})
