"""Trainers, sessions and certificates for the tests of sessions."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.credentials.models import Certificate
from lms.folding import fold
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import Offer
from lms.people.models import Actor, Membership, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

COURSE = "first-aid"
OFFERS = {COURSE: Offer(gives_certificate=True, level="local")}
_number = itertools.count(1)


def today() -> date:
    return now().date()


def add_person(db: Session, name: str, unit: int | None = None, *, code: str | None = None, latin: str = "") -> int:
    """Somebody without a login; a member of a unit if one is given."""
    actor = Actor(created_at=now())
    db.add(actor)
    db.flush()
    folded = fold(f"{name} {latin}")
    db.add(Person(id=actor.id, name=name, latin_name=latin, folded_name=folded, code=code, created_at=now()))
    db.flush()
    if unit is not None:
        db.add(Membership(person_id=actor.id, unit_id=unit, since=today() - timedelta(days=900)))
    return actor.id


def certify(
    db: Session,
    person: int,
    *,
    since: date,
    until: date | None = None,
    course: str = COURSE,
    revoked: date | None = None,
) -> Certificate:
    """A certificate, earned on a day."""
    key = f"T-{next(_number)}"
    row = Certificate(
        code=key,
        actor_id=person,
        completion_key=key,
        course_id=course,
        version_id=db.scalars(select(CourseVersion.id)).first(),
        facts={"title": "Helper"},
        issued_at=noon(since),
        valid_until=until,
        revoked_at=noon(revoked) if revoked else None,
    )
    db.add(row)
    db.flush()
    return row


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def hold(
    db: Session, trainer: int, unit: int, people: Sequence[int], *, on: date | None = None, course: str = COURSE
) -> TrainingSession:
    """A session that was held, with everybody who was there."""
    held = TrainingSession(
        client_id=str(uuid.uuid4()),
        code=f"{next(_number):06}",
        trainer_id=trainer,
        course_id=course,
        unit_id=unit,
        title="A session",
        held_on=on or today(),
        hours=4,
        made_by=trainer,
        made_at=now(),
    )
    db.add(held)
    db.flush()
    for person in people:
        db.add(Attendance(session_id=held.id, person_id=person, hours=4, noted_by=trainer, noted_at=now()))
    db.flush()
    return held
