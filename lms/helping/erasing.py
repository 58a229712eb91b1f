"""What of somebody's help tells who it is: the notes, and why entries were taken out. The counts stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.helping.models import HelpEntry, HelpTaken, HelpTaking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete what was typed, also by others about it; how many citizens were helped stays."""
    db.execute(update(HelpEntry).where(HelpEntry.helper_id == person).values(note=""))
    db.execute(update(HelpEntry).where(HelpEntry.logged_by == person).values(note=""))
    theirs = select(HelpTaking.id).where(HelpTaking.helper_id == person)
    db.execute(delete(HelpTaken).where(HelpTaken.taking_id.in_(theirs)))
    db.execute(delete(HelpTaking).where(HelpTaking.helper_id == person))
    db.execute(update(HelpTaking).where(HelpTaking.by == person).values(reason=""))
    return ()
