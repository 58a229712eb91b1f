"""Taking out entries that somebody who answers for a unit found to be wrong. They stay in the log as undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.among import among
from lms.clock import now
from lms.helping.models import HelpEntry

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def take_out(db: Session, by: int, entries: Collection[int]) -> int:
    """Undo entries in somebody's name; how many still stood. Figures of past days stay what they were."""
    standing = select(HelpEntry).where(among(HelpEntry.id, entries), HelpEntry.undone_at.is_(None))
    found = db.scalars(standing).all()
    for entry in found:
        entry.undone_at, entry.undone_by = now(), by
    return len(found)
