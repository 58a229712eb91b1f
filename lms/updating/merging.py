"""Updates of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.updating.models import CourseUpdate, UpdateAnswer, UpdateLetter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's answers; the first of both stays the first to an update."""
    first = (UpdateAnswer.actor_id.in_((gone, keep)), UpdateAnswer.is_first.is_(True))
    begun: set[int] = set()
    for row in db.scalars(select(UpdateAnswer).where(*first).order_by(UpdateAnswer.at, UpdateAnswer.id)).all():
        row.is_first = row.update_id not in begun
        begun.add(row.update_id)
    db.flush()
    db.execute(update(UpdateAnswer).where(UpdateAnswer.actor_id == gone).values(actor_id=keep))
    db.execute(update(CourseUpdate).where(CourseUpdate.made_by == gone).values(made_by=keep))
    db.execute(delete(UpdateLetter).where(UpdateLetter.actor_id == gone))
