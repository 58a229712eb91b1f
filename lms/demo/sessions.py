"""Sessions of a plan, and who was there."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert, select

from lms.content.models import PublishedCourse
from lms.credentials.code import ALPHABET
from lms.demo.plan import Plan, PlannedSession
from lms.demo.writing import Crowd, moment_of
from lms.learning.actions import BY_FACT
from lms.learning.models import Enrolment, RequirementFact
from lms.meetings.actions import KIND, SOURCE
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import CODE_LENGTH

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def write_sessions(db: Session, plan: Plan, crowd: Crowd) -> None:
    """Write the sessions of courses that are on offer. Who was at one has begun its course."""
    chance = Random(f"{plan.seed}/sessions")  # noqa: S311 - a demonstration is the same each time
    offered = set(db.scalars(select(PublishedCourse.id)))
    begun = _begun(db, plan)
    for planned in plan.sessions:
        if planned.course not in offered:
            continue
        held = _session(db, planned, crowd, chance)
        for unit, member in planned.people:
            person = crowd.person(unit, member)
            _attend(db, held, person)
            if (person, planned.course) not in begun:
                begun.add((person, planned.course))
                _begin(db, held, person)


def _begun(db: Session, plan: Plan) -> set[tuple[int, str]]:
    """Who has begun one of the courses that have sessions."""
    courses = {planned.course for planned in plan.sessions}
    rows = db.execute(select(Enrolment.actor_id, Enrolment.course_id).where(Enrolment.course_id.in_(courses)))
    return {(row[0], row[1]) for row in rows} if courses else set()


def _session(db: Session, planned: PlannedSession, crowd: Crowd, chance: Random) -> TrainingSession:
    trainer = crowd.person(*planned.trainer)
    held = TrainingSession(
        client_id=str(UUID(int=chance.getrandbits(128), version=4)),
        code="".join(chance.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        trainer_id=trainer,
        course_id=planned.course,
        unit_id=crowd.unit_ids[planned.unit],
        title=planned.title,
        place=planned.place,
        is_online=planned.is_online,
        held_on=planned.held_on,
        hours=planned.hours,
        made_by=trainer,
        made_at=moment_of(planned.held_on - timedelta(days=5), 9),
    )
    db.add(held)
    db.flush()
    return held


def _attend(db: Session, held: TrainingSession, person: int) -> None:
    moment = moment_of(held.held_on, 15)
    there = {"session_id": held.id, "person_id": person, "hours": held.hours, "noted_at": moment}
    db.execute(insert(Attendance).values(**there, noted_by=held.trainer_id))
    fact = {"actor_id": person, "course_id": held.course_id, "kind": KIND, "ref": str(held.id), "value": 1}
    db.execute(insert(RequirementFact).values(**fact, source=SOURCE, at=moment))


def _begin(db: Session, held: TrainingSession, person: int) -> None:
    moment = moment_of(held.held_on, 15)
    fact = {"actor_id": person, "course_id": held.course_id, "source": BY_FACT, "last_lesson": ""}
    db.execute(insert(Enrolment).values(**fact, enrolled_at=moment, last_at=moment))
