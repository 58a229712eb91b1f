"""Attempts of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.quiz.models import Allowance, Attempt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's attempts and allowances; attempts are numbered anew by when they began."""
    both = select(Attempt).where(Attempt.actor_id.in_((gone, keep)))
    tries = db.scalars(both.order_by(Attempt.course_id, Attempt.quiz_id, Attempt.started_at, Attempt.id)).all()
    moved = {(each.course_id, each.quiz_id) for each in tries if each.actor_id == gone}
    renumbered = [each for each in tries if (each.course_id, each.quiz_id) in moved]
    for place, each in enumerate(renumbered):
        each.number = -1 - place  # a number is unique, so all make room first
    db.flush()
    last, number = ("", ""), 0
    for each in renumbered:
        number = number + 1 if last == (each.course_id, each.quiz_id) else 1
        last = (each.course_id, each.quiz_id)
        each.actor_id, each.number = keep, number
    db.flush()
    db.execute(update(Allowance).where(Allowance.actor_id == gone).values(actor_id=keep))
