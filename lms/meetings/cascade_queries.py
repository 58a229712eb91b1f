"""Who trained whom, counted from sessions whose trainer held a certificate on that day.

A person is trained by whoever held a session that they attended. A trainer's cascade goes on through the sessions that
those people hold later; it is cut at `MOST_DEPTH`, so that two who train each other are counted once and end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, case, cast, distinct, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.figures.fact_queries import day_of
from lms.learning.models import Enrolment
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import Offer, entitling, offer_of
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import is_below, visible_people, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import CTE, ColumnElement
    from sqlalchemy import SQLColumnExpression as Column
    from sqlalchemy.orm import Session

MOST_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Step:
    """People of a cascade who are as many sessions away, each counted at the nearest step."""

    depth: int
    people: int
    certified: int


@dataclass(frozen=True, slots=True)
class Cascade:
    """Whom somebody trained, directly (`steps[0]`) and through others.

    `idle` of the sessions do not count: their trainer held no certificate on that day.
    """

    sessions: int
    idle: int
    steps: tuple[Step, ...]

    @property
    def people(self) -> int:
        """Everybody in it, each once."""
        return sum(step.people for step in self.steps)

    @property
    def certified(self) -> int:
        """Those of them who hold a certificate of what they were trained in."""
        return sum(step.certified for step in self.steps)


@dataclass(frozen=True, slots=True)
class Trained:
    """How many trainers held how many sessions that count, for how many people, of whom how many are certified."""

    trainers: int = 0
    sessions: int = 0
    people: int = 0
    certified: int = 0


@dataclass(frozen=True, slots=True)
class TrainerRow:
    """A trainer in the list of a unit."""

    id: int
    name: str
    trained: Trained


@dataclass(frozen=True, slots=True)
class TrainersPage:
    """Who trained in a unit: in all, each person once, and trainer by trainer."""

    total: Trained
    rows: Sequence[TrainerRow]
    page: Page


@dataclass(frozen=True, slots=True)
class TrainedBy:
    """A session that somebody attended, by whom, and whether it counts for the cascade."""

    session: int
    title: str
    course: str
    held_on: date
    hours: float
    trainer: str
    counts: bool


def has_certificate(person: Column[int], course: ColumnElement[bool], day: Column[date] | date) -> ColumnElement[bool]:
    """The SQL condition that somebody held, on a day, a certificate that `course` (on `Certificate`) allows."""
    newer = aliased(Certificate)
    replaced = exists(
        select(newer.id)
        .where(newer.id == Certificate.superseded_by, day_of(newer.issued_at) <= day)
        .correlate_except(newer)
    )
    held = select(Certificate.id).where(
        Certificate.actor_id == person,
        course,
        day_of(Certificate.issued_at) <= day,
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= day),
        or_(Certificate.revoked_at.is_(None), day_of(Certificate.revoked_at) > day),
        ~replaced,
    )
    return exists(held.correlate_except(Certificate))


def is_by_certified(offers: Mapping[str, Offer]) -> ColumnElement[bool]:
    """The SQL condition on `TrainingSession` that its trainer was entitled to train on that day."""
    entitled = [Certificate.course_id == TrainingSession.course_id]
    for course in offers:
        more = sorted(entitling(course, offers) - {course})
        if more:
            entitled.append(and_(TrainingSession.course_id == course, Certificate.course_id.in_(more)))
    trainer, day = TrainingSession.trainer_id, TrainingSession.held_on
    certificate = has_certificate(trainer, or_(*entitled), day)
    return or_(certificate, _has_completed(trainer, TrainingSession.course_id, day, offers))


def counts(offers: Mapping[str, Offer]) -> ColumnElement[bool]:
    """The SQL condition on `TrainingSession` that it counts for the cascade."""
    return and_(TrainingSession.cancelled_at.is_(None), is_by_certified(offers))


def _has_completed(
    person: Column[int], course: Column[str], day: Column[date] | date, offers: Mapping[str, Offer]
) -> ColumnElement[bool]:
    """The same for courses that give no certificate: who has completed one is certified."""
    plain = [name for name, offer in offers.items() if not offer.gives_certificate]
    done = select(Enrolment.id).where(
        Enrolment.actor_id == person,
        Enrolment.course_id == course,
        Enrolment.course_id.in_(plain),
        day_of(Enrolment.completed_at) <= day,
    )
    return exists(done.correlate_except(Enrolment)) if plain else false()


def _is_certified(
    person: Column[int], course: Column[str], today: date, offers: Mapping[str, Offer]
) -> ColumnElement[bool]:
    certificate = has_certificate(person, Certificate.course_id == course, today)
    return or_(certificate, _has_completed(person, course, today, offers))


def _attended() -> ColumnElement[bool]:
    """The SQL condition that joins `Attendance` to the session it is at; nobody trains herself."""
    return and_(
        Attendance.session_id == TrainingSession.id,
        Attendance.ended_at.is_(None),
        Attendance.person_id != TrainingSession.trainer_id,
    )


def trained_by(db: Session, person: int, offers: Mapping[str, Offer]) -> list[TrainedBy]:
    """The sessions that somebody attended, newest first: who trained this person."""
    rows = db.execute(
        select(TrainingSession, Attendance.hours, Person.name, is_by_certified(offers).label("counts"))
        .join(Attendance, _attended())
        .outerjoin(Person, Person.id == TrainingSession.trainer_id)
        .where(Attendance.person_id == person, TrainingSession.cancelled_at.is_(None))
        .order_by(TrainingSession.held_on.desc(), TrainingSession.id.desc())
        .limit(200)
    )
    return [
        TrainedBy(held.id, held.title, held.course_id, held.held_on, hours, name or "", bool(counted))
        for held, hours, name, counted in rows
    ]


def cascade(
    db: Session, trainer: int, offers: Mapping[str, Offer], today: date, *, within: ColumnElement[bool] | None = None
) -> Cascade:
    """Whom a trainer trained, step by step. `within` (on `TrainingSession`) narrows the sessions that are looked at."""
    seen = [] if within is None else [within]
    reach = _reach(trainer, [counts(offers), *seen])
    certified = case((_is_certified(reach.c.person_id, reach.c.course_id, today, offers), 1), else_=0)
    nearest = (
        select(reach.c.person_id, func.min(reach.c.depth).label("depth"), func.max(certified).label("certified"))
        .where(reach.c.person_id != trainer)
        .group_by(reach.c.person_id)
        .subquery()
    )
    rows = db.execute(
        select(nearest.c.depth, func.count(), func.sum(nearest.c.certified))
        .group_by(nearest.c.depth)
        .order_by(nearest.c.depth)
    )
    own = select(func.count(), func.count(case((~is_by_certified(offers), 1)))).where(
        TrainingSession.trainer_id == trainer,
        TrainingSession.cancelled_at.is_(None),
        TrainingSession.held_on <= today,
        *seen,
    )
    held, idle = db.execute(own).one()
    return Cascade(held, idle, tuple(Step(row[0], row[1], int(row[2])) for row in rows))


def _reach(trainer: int, conditions: list[ColumnElement[bool]]) -> CTE:
    """Person, steps away, day and course of everybody trained by a trainer, or later by somebody trained so."""
    session = TrainingSession
    first = (
        select(Attendance.person_id, cast(literal(1), Integer).label("depth"), session.held_on, session.course_id)
        .join(session, _attended())
        .where(session.trainer_id == trainer, *conditions)
    )
    reach = first.cte("reach", recursive=True)
    later = and_(session.trainer_id == reach.c.person_id, session.held_on >= reach.c.held_on)
    further = (
        select(Attendance.person_id, reach.c.depth + 1, session.held_on, session.course_id)
        .select_from(reach)
        .join(session, later)
        .join(Attendance, _attended())
        .where(reach.c.depth < MOST_DEPTH, *conditions)
    )
    return reach.union(further)


def trained_in(
    db: Session, units: Sequence[int], offers: Mapping[str, Offer], today: date, *, course: str = ""
) -> dict[int, Trained]:
    """What was trained in each of these units and below, by the unit of the session; each person once in each unit."""
    top = aliased(Unit)
    rows = db.execute(
        select(top.id, *_numbers(offers, today))
        .select_from(top)
        .join(Unit, is_below(Unit.path, top.path))
        .join(TrainingSession, TrainingSession.unit_id == Unit.id)
        .join(Attendance, _attended())
        .where(top.id.in_(units), counts(offers), *_of(course))
        .group_by(top.id)
    )
    return {row[0]: Trained(*tuple(row)[1:]) for row in rows}


def _numbers(offers: Mapping[str, Offer], today: date) -> tuple[ColumnElement[int], ...]:
    certified = _is_certified(Attendance.person_id, TrainingSession.course_id, today, offers)
    return (
        func.count(distinct(TrainingSession.trainer_id)),
        func.count(distinct(TrainingSession.id)),
        func.count(distinct(Attendance.person_id)),
        func.count(distinct(case((certified, Attendance.person_id)))),
    )


def _of(course: str) -> list[ColumnElement[bool]]:
    return [TrainingSession.course_id == course] if course else []


def in_scope(me: int, unit: Unit | None = None) -> ColumnElement[bool]:
    """The SQL condition on `TrainingSession` that it was held in a unit where somebody may see people."""
    conditions = [visible_units(me, Right.SEE_PEOPLE)]
    if unit is not None:
        conditions.append(is_below(Unit.path, unit.path))
    return exists(select(Unit.id).where(Unit.id == TrainingSession.unit_id, *conditions).correlate(TrainingSession))


def trainers(
    db: Session, me: int, unit: Unit | None, offers: Mapping[str, Offer], today: date, at: At, *, course: str = ""
) -> TrainersPage:
    """Who trained in a unit (none: in all that somebody may see), by name, with what counts."""
    where = [TrainingSession.cancelled_at.is_(None), in_scope(me, unit), *_of(course)]
    held = exists(select(TrainingSession.id).where(TrainingSession.trainer_id == Person.id, *where).correlate(Person))
    found = page(db, select(Person.id, Person.name).where(held), (Person.folded_name, Person.id), at)
    ids = [row.id for row in found.rows]
    numbers = select(TrainingSession.trainer_id, *_numbers(offers, today)).join(Attendance, _attended())
    each = numbers.where(TrainingSession.trainer_id.in_(ids), counts(offers), *where)
    trained = {row[0]: Trained(*tuple(row)[1:]) for row in db.execute(each.group_by(TrainingSession.trainer_id))}
    total = select(*_numbers(offers, today)).join_from(TrainingSession, Attendance, _attended())
    return TrainersPage(
        Trained(*tuple(db.execute(total.where(counts(offers), *where)).one())),
        [TrainerRow(row.id, row.name, trained.get(row.id, Trained())) for row in found.rows],
        found,
    )


def trainers_below(db: Session, unit: Unit, course: str, today: date) -> Iterator[tuple[str, str, int, int, int]]:
    """For a report: code, name, sessions that count, people trained, certified, of each trainer below a unit."""
    offers = offers_of(db)
    below = select(Unit.id).where(is_below(Unit.path, unit.path))
    numbers = select(Person.code, Person.name, *_numbers(offers, today)[1:]).join_from(
        TrainingSession, Attendance, _attended()
    )
    held = numbers.join(Person, Person.id == TrainingSession.trainer_id).where(
        counts(offers), TrainingSession.cancelled_at.is_(None), TrainingSession.unit_id.in_(below), *_of(course)
    )
    grouped = held.group_by(Person.id, Person.code, Person.name, Person.folded_name)
    for row in db.execute(grouped.order_by(Person.folded_name, Person.id)):
        yield (row[0] or "", row[1], row[2], row[3], row[4])


def trainer_of(db: Session, session: int) -> int | None:
    """Who held a session."""
    return db.scalar(select(TrainingSession.trainer_id).where(TrainingSession.id == session))


def offers_of(db: Session) -> dict[str, Offer]:
    """What the cascade needs to know of each course on offer."""
    return {current.course.id: offer_of(current.course) for current in content.catalogue(db)}


@dataclass(frozen=True, slots=True)
class TrainedRow:
    """Somebody whom a trainer trained: since when, and whether certified today in what it was about."""

    id: int
    name: str
    first_on: date
    certified: bool


def trained_people(
    db: Session,
    me: int,
    trainer: int,
    offers: Mapping[str, Offer],
    today: date,
    at: At,
    *,
    within: ColumnElement[bool] | None = None,
) -> tuple[list[TrainedRow], Page]:
    """The people whom a trainer trained and whom `me` may see by name. `within` (on `TrainingSession`) narrows it."""
    held = [TrainingSession.trainer_id == trainer, counts(offers), *([] if within is None else [within])]
    attended = (
        select(Attendance.id)
        .join(TrainingSession, _attended())
        .where(Attendance.person_id == Person.id, *held)
        .correlate(Person)
    )
    seen = select(Person.id, Person.name).where(exists(attended), visible_people(me, Right.TEACH, today))
    found = page(db, seen, (Person.folded_name, Person.id), at)
    certified = case((_is_certified(Attendance.person_id, TrainingSession.course_id, today, offers), 1), else_=0)
    rows = db.execute(
        select(Attendance.person_id, func.min(TrainingSession.held_on), func.max(certified))
        .join(TrainingSession, _attended())
        .where(Attendance.person_id.in_([row.id for row in found.rows]), *held)
        .group_by(Attendance.person_id)
    )
    facts = {row[0]: (row[1], bool(row[2])) for row in rows}
    return [TrainedRow(row.id, row.name, *facts[row.id]) for row in found.rows], found
