"""Sessions of a plan, and who was there."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias
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
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from lms.db import Base

Row: TypeAlias = dict[str, Any]
BATCH = 5_000  # rows of one statement


def write_sessions(db: Session, plan: Plan, crowd: Crowd) -> None:
    """Write the sessions of courses that are on offer. Who was at one has begun its course."""
    chance = Random(f"{plan.seed}/sessions")  # noqa: S311 - a demonstration is the same each time
    offered = set(db.scalars(select(PublishedCourse.id)))
    planned = [each for each in plan.sessions if each.course in offered]
    sessions = [_session(each, crowd, chance) for each in planned]
    db.add_all(sessions)
    db.flush()
    there = [
        (held, crowd.person(unit, member))
        for each, held in zip(planned, sessions, strict=True)
        for unit, member in each.people
    ]
    _write(db, Attendance, (_attendance(held, person) for held, person in there))
    _write(db, RequirementFact, (_fact(held, person) for held, person in there))
    _write(db, Enrolment, _beginnings(there, _begun(db, {each.course for each in planned})))


def _write(db: Session, table: type[Base], rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        db.execute(insert(table.__table__), batch)  # type: ignore[arg-type]


def _begun(db: Session, courses: set[str]) -> set[tuple[int, str]]:
    """Who has begun one of these courses."""
    rows = db.execute(select(Enrolment.actor_id, Enrolment.course_id).where(Enrolment.course_id.in_(courses)))
    return {(row[0], row[1]) for row in rows} if courses else set()


def _session(planned: PlannedSession, crowd: Crowd, chance: Random) -> TrainingSession:
    trainer = crowd.person(*planned.trainer)
    return TrainingSession(
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


def _attendance(held: TrainingSession, person: int) -> Row:
    moment = moment_of(held.held_on, 15)
    there = {"session_id": held.id, "person_id": person, "hours": held.hours, "noted_at": moment}
    return {**there, "noted_by": held.trainer_id}


def _fact(held: TrainingSession, person: int) -> Row:
    fact = {"actor_id": person, "course_id": held.course_id, "kind": KIND, "ref": str(held.id), "value": 1}
    return {**fact, "source": SOURCE, "at": moment_of(held.held_on, 15)}


def _beginnings(there: Iterable[tuple[TrainingSession, int]], begun: set[tuple[int, str]]) -> Iterator[Row]:
    for held, person in there:
        if (person, held.course_id) not in begun:
            begun.add((person, held.course_id))
            moment = moment_of(held.held_on, 15)
            fact = {"actor_id": person, "course_id": held.course_id, "source": BY_FACT, "last_lesson": ""}
            yield {**fact, "enrolled_at": moment, "last_at": moment}
