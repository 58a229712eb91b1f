"""What of somebody's help tells who it is: the notes. The counts stay, without a helper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.helping.models import HelpEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete what was typed; how many citizens were helped stays."""
    db.execute(update(HelpEntry).where(HelpEntry.helper_id == person).values(note=""))
    db.execute(update(HelpEntry).where(HelpEntry.logged_by == person).values(note=""))
    return ()
