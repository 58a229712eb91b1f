"""Boards when somebody is erased: that they stood there is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from lms.reach.models import BoardConsent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete it."""
    db.execute(delete(BoardConsent).where(BoardConsent.person_id == person))
    return ()
