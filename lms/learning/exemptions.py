"""Who need not take a course: for which reason, and who approved it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.learning.models import Exemption
from lms.people.actions import record, touch
from lms.quiz.actions import lock_actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class AlreadyExempt(Exception):
    """The person is exempt from this course already."""


def exempt(db: Session, person: int, course: str, *, reason: str, by: int) -> Exemption:
    """Free somebody from a course from now on. Raises `AlreadyExempt`.

    The security log says who freed whom from what; the reason may be private and stays in the exemption.
    """
    lock_actor(db, person)
    known = select(Exemption.id).where(
        Exemption.person_id == person, Exemption.course_id == course, Exemption.ended_at.is_(None)
    )
    if db.scalar(known.limit(1)) is not None:
        raise AlreadyExempt(course)
    made = Exemption(person_id=person, course_id=course, reason=reason, approved_by=by, approved_at=now())
    db.add(made)
    touch(db, person)
    record(db, "exempted", by, person, course=course)
    return made


def end_exemption(db: Session, person: int, number: int, *, by: int) -> bool:
    """End an exemption of this person; False if there is none that holds. What was counted on past days stays."""
    held = db.get(Exemption, number)
    if held is None or held.person_id != person or held.ended_at is not None:
        return False
    held.ended_at = now()
    touch(db, person)
    record(db, "exemption-ended", by, person, course=held.course_id)
    return True
