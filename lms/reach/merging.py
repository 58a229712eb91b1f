"""Boards when two accounts turn out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.reach.models import BoardConsent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Both stay said; where both wanted to stand on boards, saying it once is enough."""
    stands = select(BoardConsent.id).where(BoardConsent.person_id == keep, BoardConsent.ended_at.is_(None)).limit(1)
    if db.scalar(stands) is not None:
        others = update(BoardConsent).where(BoardConsent.person_id == gone, BoardConsent.ended_at.is_(None))
        db.execute(others.values(ended_at=now()))
    db.execute(update(BoardConsent).where(BoardConsent.person_id == gone).values(person_id=keep))
