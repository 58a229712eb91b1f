"""What a coordinator does for her people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.people.actions import record
from lms.quiz import actions as quiz

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.coordination.pages import ToGive


def allow(db: Session, person: int, gift: ToGive, *, by: int) -> None:
    """Give somebody further attempts or time at a quiz, for a reason, and write it into the security log."""
    counts = {"attempts": gift.attempts, "minutes": gift.minutes}
    quiz.allow(db, person, gift.course, gift.quiz, reason=gift.reason, by=by, **counts)
    record(db, "allowance-given", by, person, course=gift.course, quiz=gift.quiz, **counts)
