"""Help that two accounts logged which turned out to be one person's. Help of a unit that is merged stays with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.helping.counting import note_days
from lms.helping.models import HelpDefinition, HelpEntry, HelpPeriod, HelpTaken, HelpTaking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's help; when she helped last is the later of both days."""
    of_entries = (HelpEntry.helper_id, HelpEntry.logged_by, HelpEntry.undone_by)
    for column in (*of_entries, HelpTaking.helper_id, HelpTaking.by, HelpTaken.put_back_by):
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
    db.execute(update(HelpDefinition).where(HelpDefinition.made_by == gone).values(made_by=keep))
    db.execute(update(HelpPeriod).where(HelpPeriod.closed_by == gone).values(closed_by=keep))
    note_days(db, {gone, keep})
