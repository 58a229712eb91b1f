"""Reads of the coordinator's desk. Every one of them is narrowed to her units by `visible_units`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, false, func, or_, select

from lms.coordination import rules
from lms.coordination.pages import (
    Asked,
    Given,
    Held,
    PeoplePage,
    PersonPage,
    PersonRow,
    Standing,
    Tries,
)
from lms.coordination.rules import State
from lms.credentials import rules as credentials
from lms.credentials.models import Certificate
from lms.folding import fold
from lms.learning.models import Enrolment
from lms.paging import At, beyond, page
from lms.people.models import Membership, Person, RoleGrant, Unit
from lms.people.queries import is_current, visible_units
from lms.people.rules import Role
from lms.quiz.models import Allowance, Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.coordination.pages import Desk

    Rows: TypeAlias = Select[*tuple[Any, ...]]

CHUNK = 500
MOST_CHOICES = 200
BY_NAME = (Person.folded_name, Person.id)


def tops(db: Session, coordinator: int) -> Sequence[Unit]:
    """The highest units that somebody answers for, by name."""
    scopes = db.execute(
        select(RoleGrant.unit_id, Unit)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == coordinator, RoleGrant.role == Role.COORDINATOR, RoleGrant.ended_at.is_(None))
    ).all()
    if any(row[0] is None for row in scopes):
        return db.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.name, Unit.id)).all()
    units = {row[1].id: row[1] for row in scopes}.values()
    highest = [unit for unit in units if not any(unit.path.startswith(o.path) for o in units if o is not unit)]
    return sorted(highest, key=lambda unit: (fold(unit.name), unit.id))


def unit_by_code(db: Session, coordinator: int, code: str) -> Unit | None:
    """The unit with this code, if the coordinator answers for it."""
    return db.scalar(select(Unit).where(Unit.code == code, visible_units(coordinator)))


def units_to_choose(db: Session, coordinator: int) -> Sequence[Unit]:
    """The highest units in scope, as many as a form can offer."""
    nearest = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    return db.scalars(
        select(Unit).where(visible_units(coordinator)).order_by(nearest, Unit.name, Unit.id).limit(MOST_CHOICES)
    ).all()


def _is_valid(today: date) -> ColumnElement[bool]:
    """The SQL condition on `Certificate` that holds while it is worth something (`credentials.rules.state`)."""
    return and_(
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
    )


def _inside(unit: Unit) -> ColumnElement[bool]:
    return Unit.path.startswith(unit.path)


def people(db: Session, desk: Desk, asked: Asked, at: At) -> PeoplePage:
    """A page of the people who fit what was asked, by name."""
    chosen = _chosen(desk, asked)
    found = page(db, chosen, BY_NAME, at)
    count = db.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return PeoplePage(count, _described(db, desk, found.rows), found, units_to_choose(db, desk.coordinator))


def all_people(db: Session, desk: Desk, asked: Asked) -> Iterator[PersonRow]:
    """Everybody who fits what was asked, by name, read in pieces so that memory does not grow with them."""
    chosen, last = _chosen(desk, asked).order_by(*BY_NAME).limit(CHUNK), None
    while True:
        piece = chosen if last is None else chosen.where(beyond(BY_NAME, last))
        found = db.execute(piece).all()
        yield from _described(db, desk, found)
        if len(found) < CHUNK:
            return
        last = (found[-1].folded_name, found[-1].id)


def is_visible(db: Session, desk: Desk, person_id: int) -> bool:
    """Whether a person is a member of the coordinator's units today."""
    return db.execute(_chosen(desk, Asked()).where(Person.id == person_id)).first() is not None


def person(db: Session, desk: Desk, person_id: int) -> PersonPage | None:
    """A person in scope: courses, tries, what was given, certificates. None for anybody else."""
    found = db.execute(_chosen(desk, Asked()).where(Person.id == person_id)).all()
    if not found:
        return None
    return PersonPage(
        _described(db, desk, found)[0], _tries(db, person_id), _given(db, person_id), _held(db, desk, person_id)
    )


def _tries(db: Session, actor: int) -> dict[tuple[str, str], Tries]:
    rows = db.execute(
        select(
            Attempt.course_id,
            Attempt.quiz_id,
            func.count(),
            func.count(case((Attempt.submitted_at.is_(None), 1))),
            func.count(case((Attempt.passed.is_(True), 1))),
        )
        .where(Attempt.actor_id == actor)
        .group_by(Attempt.course_id, Attempt.quiz_id)
    )
    return {(row[0], row[1]): Tries(row[2], row[3] > 0, row[4] > 0) for row in rows}


def _given(db: Session, actor: int) -> list[Given]:
    rows = db.execute(
        select(Allowance, Person.name)
        .outerjoin(Person, Person.id == Allowance.given_by)
        .where(Allowance.actor_id == actor)
        .order_by(Allowance.id.desc())
    )
    return [
        Given(row.course_id, row.quiz_id, row.attempts, row.minutes, row.reason, name or "", row.given_at)
        for row, name in rows
    ]


def _held(db: Session, desk: Desk, actor: int) -> list[Held]:
    rows = db.scalars(select(Certificate).where(Certificate.actor_id == actor).order_by(Certificate.id.desc()))
    return [
        Held(
            row.code,
            row.facts["title"],
            row.issued_at,
            credentials.state(
                valid_until=row.valid_until,
                is_revoked=row.revoked_at is not None,
                is_superseded=row.superseded_by is not None,
                today=desk.today,
            ),
        )
        for row in rows
    ]


def _chosen(desk: Desk, asked: Asked) -> Rows:
    """The people in scope who fit, in no order yet."""
    chosen = select(Person.id, Person.name, Person.latin_name, Person.folded_name).where(Person.closed_at.is_(None))
    member = [Membership.person_id == Person.id, is_current(desk.today), visible_units(desk.coordinator)]
    if asked.unit is not None:
        member.append(_inside(asked.unit))
    in_scope = select(Membership.id).join(Unit, Unit.id == Membership.unit_id).where(*member).correlate(Person)
    chosen = chosen.where(exists(in_scope))
    for word in fold(asked.words).split():
        chosen = chosen.where(Person.folded_name.contains(word, autoescape=True))
    return chosen if asked.state is None else chosen.where(_stands(desk, asked.state))


def _stands(desk: Desk, wanted: State) -> ColumnElement[bool]:
    """The SQL condition on `Person`: not started in all courses of the desk, or under way or certified in some."""
    pairs = [(_is_begun(desk, course), _is_certified(desk, course)) for course in desk.courses]
    if wanted is State.CERTIFIED:
        return or_(false(), *(certified for _begun, certified in pairs))
    if wanted is State.UNDER_WAY:
        return or_(false(), *(and_(begun, ~certified) for begun, certified in pairs))
    return ~or_(false(), *(condition for pair in pairs for condition in pair))


def _is_begun(desk: Desk, course: str) -> ColumnElement[bool]:
    begun = select(Enrolment.id).where(Enrolment.actor_id == Person.id, Enrolment.course_id.in_(desk.names(course)))
    return exists(begun.correlate(Person))


def _is_certified(desk: Desk, course: str) -> ColumnElement[bool]:
    if desk.courses[course].gives_certificate:
        held = select(Certificate.id).where(Certificate.course_id == course, _is_valid(desk.today))
        return exists(held.where(Certificate.actor_id == Person.id).correlate(Person))
    done = select(Enrolment.id).where(Enrolment.course_id == course, Enrolment.completed_at.is_not(None))
    return exists(done.where(Enrolment.actor_id == Person.id).correlate(Person))


def _described(db: Session, desk: Desk, found: Sequence[Any]) -> list[PersonRow]:
    """Units and standings of these people: four statements however many they are."""
    ids = [row.id for row in found]
    names = {name for course in desk.courses for name in desk.names(course)}
    begun = db.scalars(select(Enrolment).where(Enrolment.actor_id.in_(ids), Enrolment.course_id.in_(names)))
    enrolled = {(row.actor_id, row.course_id): row for row in begun}
    tried, held, units = _last_tries(db, ids), _valid_certificates(db, desk, ids), _units_of(db, desk, ids)

    def standing(person: int, course: str) -> Standing:
        keys = [(person, name) for name in desk.names(course)]
        moments = [tried[key] for key in keys if key in tried]
        certificate = held.get(keys[0]) if desk.courses[course].gives_certificate else None
        completed = None if desk.courses[course].gives_certificate else enrolled.get(keys[0])
        return _standing([enrolled[key] for key in keys if key in enrolled], moments, certificate, completed)

    return [
        PersonRow(
            row.id,
            row.name,
            row.latin_name,
            units.get(row.id, ()),
            {course: standing(row.id, course) for course in desk.courses},
        )
        for row in found
    ]


def _standing(
    begun: Sequence[Enrolment], tried: Sequence[datetime], held: Certificate | None, completed: Enrolment | None
) -> Standing:
    """Where somebody stands; `completed` is the enrolment in a course that gives no certificate."""
    certified = held.issued_at if held is not None else completed.completed_at if completed is not None else None
    return Standing(
        rules.state(is_begun=bool(begun), is_certified=certified is not None),
        min((row.enrolled_at for row in begun), default=None),
        max((*(row.last_at for row in begun), *tried), default=None),
        certified,
        held.code if held is not None else "",
    )


def _valid_certificates(db: Session, desk: Desk, ids: Sequence[int]) -> dict[tuple[int, str], Certificate]:
    valid = select(Certificate).where(Certificate.actor_id.in_(ids), Certificate.course_id.in_(list(desk.courses)))
    rows = db.scalars(valid.where(_is_valid(desk.today)).order_by(Certificate.id))
    return {(row.actor_id, row.course_id): row for row in rows}


def _last_tries(db: Session, ids: Sequence[int]) -> dict[tuple[int, str], datetime]:
    last = func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at))
    rows = db.execute(
        select(Attempt.actor_id, Attempt.course_id, last)
        .where(Attempt.actor_id.in_(ids))
        .group_by(Attempt.actor_id, Attempt.course_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _units_of(db: Session, desk: Desk, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and name of the units in scope to which people belong."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = db.execute(
        select(Membership.person_id, Unit.code, Unit.name, Unit.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(ids), is_current(desk.today), visible_units(desk.coordinator))
        .order_by(Unit.name, Unit.id)
        .distinct()
    )
    for row in rows:
        found.setdefault(row[0], []).append((row[1], row[2]))
    return found
