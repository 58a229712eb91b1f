"""Reviews of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.renewing.models import ReviewAnswer, ReviewCard, ReviewLetter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's answers and cards; where both have a question of a course, the person's own stays."""
    db.execute(update(ReviewAnswer).where(ReviewAnswer.actor_id == gone).values(actor_id=keep))
    own = select(ReviewCard.course_id, ReviewCard.question_key).where(ReviewCard.actor_id == keep)
    known = {(row[0], row[1]) for row in db.execute(own)}
    for card in db.scalars(select(ReviewCard).where(ReviewCard.actor_id == gone)).all():
        if (card.course_id, card.question_key) in known:
            db.delete(card)
        else:
            card.actor_id = keep
    db.flush()
    db.execute(delete(ReviewLetter).where(ReviewLetter.actor_id == gone))
