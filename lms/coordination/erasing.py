"""What the desk keeps for somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from lms.coordination.models import SavedFilter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete the filters that were kept."""
    db.execute(delete(SavedFilter).where(SavedFilter.person_id == person))
    return ()
