"""Name consultants, change what they answer for, and end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.consulting import actions, consultant_queries, naming_queries, place_queries
from lms.consulting.models import Consultant, Consultation
from lms.consulting.rules import MOST_AT_A_TIME, State, Step
from lms.people.actions import record
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session


class MayNotName(ValueError):
    """The person holds no valid certificate or is in no unit of this coordinator, or the unit is not hers."""


@dataclass(frozen=True, slots=True)
class Skills:
    """What a consultant answers for; empty lists mean all. `most` is how many requests at a time."""

    services: Sequence[str] = ()
    languages: Sequence[str] = ()
    channels: Sequence[str] = ()
    most: int = 5


def name(db: Session, person: int, unit: int, skills: Skills, *, by: int, today: date) -> Consultant:
    """Name somebody consultant for a unit and all below it, or change what they answer for. Raises `MayNotName`."""
    place = naming_queries.unit(db, by, Right.COORDINATE, unit)
    if place is None or place.closed_on is not None or not consultant_queries.may_name(db, by, person, today):
        raise MayNotName(person)
    known = (Consultant.person_id == person, Consultant.unit_id == unit, Consultant.ended_at.is_(None))
    row = db.scalar(select(Consultant).where(*known))
    if row is None:
        row = Consultant(person_id=person, unit_id=unit, named_by=by, named_at=now())
        db.add(row)
        record(db, "consultant-named", by, person, unit=unit)
    row.services, row.languages, row.channels = list(skills.services), list(skills.languages), list(skills.channels)
    row.most = min(MOST_AT_A_TIME, max(1, skills.most))
    db.flush()
    return row


def end(db: Session, row: Consultant, *, by: int | None, today: date) -> None:
    """Let somebody answer no more for a unit. What they were asked to take there goes on; what they took stays."""
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = now(), by
    record(db, "consultant-ended", by, row.person_id, unit=row.unit_id)
    db.flush()
    waiting = (Consultation.suggested_to == row.person_id, Consultation.state == State.SUGGESTED)
    for each in db.scalars(select(Consultation).where(*waiting)).all():
        path = place_queries.path_of(db, each.unit_id)
        if not consultant_queries.may_answer(db, row.person_id, path, today):
            actions.release(db, each, row.person_id, Step.PASSED_OVER, by=by, today=today)
