"""What people do outside of the site: said by themselves, by a coordinator, or by another system.

Each source is kept apart, with its own end. The course is told one fact, under the strongest source that still says so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.clock import now
from lms.db import insert_once
from lms.learning import actions
from lms.learning.models import OutsideAction, OutsideEvent
from lms.learning.outside_rules import Source, strongest
from lms.quiz import actions as quiz

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.content.queries import Current

KIND = "action"
KEPT = timedelta(days=1)  # a message is refused by its own time long before its id is forgotten


class NoSuchAction(Exception):
    """The course asks for no action of this name."""


def say(db: Session, person: int, current: Current, action: str, source: Source, *, by: int | None = None) -> None:
    """Note that a source says that an action was done; saying it again changes nothing. Raises `NoSuchAction`.

    Who does something for a course has begun it.
    """
    course = current.course.id
    if action not in current.course.complete.actions:
        raise NoSuchAction(action)
    quiz.lock_actor(db, person)
    fact = {"person_id": person, "course_id": course, "action": action, "source": source.value}
    if not insert_once(db, OutsideAction, {**fact, "at": now(), "by": by, "ended_at": None}):
        again = update(OutsideAction).where(*_is(person, course, action), OutsideAction.source == source)
        db.execute(again.where(OutsideAction.ended_at.is_not(None)).values(at=now(), by=by, ended_at=None))
    actions.enrol(db, person, course, source="self" if source is Source.SELF else actions.BY_FACT)
    _tell(db, person, current, action)


def take_back(db: Session, person: int, current: Current, action: str, source: Source) -> None:
    """A source takes its word back; other sources and what is complete already stay."""
    quiz.lock_actor(db, person)
    live = update(OutsideAction).where(*_is(person, current.course.id, action), OutsideAction.source == source)
    db.execute(live.where(OutsideAction.ended_at.is_(None)).values(ended_at=now()))
    _tell(db, person, current, action)


def _tell(db: Session, person: int, current: Current, action: str) -> None:
    """The course knows the action under the strongest source, or no longer."""
    course = current.course.id
    said = select(OutsideAction.source).where(*_is(person, course, action), OutsideAction.ended_at.is_(None))
    source = strongest(Source(each) for each in db.scalars(said))
    if source is None:
        actions.end_fact(db, person, course, KIND, action)
    else:
        actions.record_fact(db, person, current, KIND, action, 1, source.value)


def _is(person: int, course: str, action: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OutsideAction.person_id == person,
        OutsideAction.course_id == course,
        OutsideAction.action == action,
    )


def is_new(db: Session, event: str) -> bool:
    """Whether a message of another system comes for the first time; from now on it does not."""
    moment = now()
    db.execute(delete(OutsideEvent).where(OutsideEvent.at < moment - KEPT))
    return insert_once(db, OutsideEvent, {"id": event, "at": moment})
