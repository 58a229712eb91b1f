"""What of somebody's reviews tells who it is: texts that were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from lms.quiz.erasing import without_texts
from lms.renewing.models import ReviewAnswer, ReviewCard, ReviewLetter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete texts, and what would come back to nobody; how many answers were right stays."""
    for answer in db.scalars(select(ReviewAnswer).where(ReviewAnswer.actor_id == person)).all():
        answer.response = without_texts(answer.response)
    db.execute(delete(ReviewCard).where(ReviewCard.actor_id == person))
    db.execute(delete(ReviewLetter).where(ReviewLetter.actor_id == person))
    db.flush()
    return ()
