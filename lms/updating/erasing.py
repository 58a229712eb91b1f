"""What of somebody's answers to updates tells who it is: texts that were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from lms.quiz.erasing import without_texts
from lms.updating.models import UpdateAnswer, UpdateLetter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete texts; how many read an update and were right stays."""
    for answer in db.scalars(select(UpdateAnswer).where(UpdateAnswer.actor_id == person)).all():
        answer.response = without_texts(answer.response)
    db.execute(delete(UpdateLetter).where(UpdateLetter.actor_id == person))
    db.flush()
    return ()
