"""Reads about consultants: who answers for a place, how busy they are, who may be named one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from lms.consulting import naming_queries, rules
from lms.consulting.models import Consultant, Consultation, ConsultationStep
from lms.credentials.models import Certificate
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import visible_people, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ConsultantRow:
    """A consultant on the coordinator's page. `is_valid` is whether a certificate of theirs is valid today."""

    id: int
    person: int
    name: str
    unit: str
    services: Sequence[str]
    languages: Sequence[str]
    channels: Sequence[str]
    most: int
    load: int
    is_valid: bool


@dataclass(frozen=True, slots=True)
class ConsultantsPage:
    """Who answers in somebody's units."""

    rows: Sequence[ConsultantRow]
    page: Page


def is_certified(person: ColumnElement[int] | object, today: date) -> ColumnElement[bool]:
    """The SQL condition that somebody holds a valid certificate."""
    return exists(
        select(Certificate.id).where(
            Certificate.actor_id == person,
            Certificate.revoked_at.is_(None),
            Certificate.superseded_by.is_(None),
            Certificate.erased_at.is_(None),
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
        )
    )


def candidates(db: Session, path: str, today: date) -> list[rules.Candidate]:
    """Who answers for a place: consultants of its unit and of those above, with a certificate that is valid."""
    above = [int(each) for each in path.strip("/").split("/")]
    rows = db.execute(
        select(Consultant, Unit.path, Unit.name)
        .join(Unit, Unit.id == Consultant.unit_id)
        .join(Person, Person.id == Consultant.person_id)
        .where(Consultant.unit_id.in_(above), Consultant.ended_at.is_(None), Person.closed_at.is_(None))
        .where(is_certified(Consultant.person_id, today))
    ).all()
    people = {row[0].person_id for row in rows}
    loads, lasts = load_of(db, people), _last_taken(db, people)
    return [_candidate(row, unit_path, name, loads, lasts) for row, unit_path, name in rows]


def _candidate(
    row: Consultant, path: str, unit: str, loads: dict[int, int], lasts: dict[int, datetime]
) -> rules.Candidate:
    return rules.Candidate(
        row.person_id,
        path,
        unit,
        frozenset(row.services),
        frozenset(row.languages),
        frozenset(row.channels),
        row.most,
        loads[row.person_id],
        lasts.get(row.person_id),
    )


def load_of(db: Session, people: Collection[int]) -> dict[int, int]:
    """How many requests each of these has now, taken or waiting for their word."""
    loads: dict[int, int] = defaultdict(int)
    if not people:
        return loads
    columns: tuple[tuple[Any, frozenset[rules.State]], ...] = (
        (Consultation.taken_by, rules.HELD),
        (Consultation.suggested_to, frozenset({rules.State.SUGGESTED})),
    )
    for column, states in columns:
        counted = select(column, func.count()).where(column.in_(people), Consultation.state.in_(states))
        for person, count in db.execute(counted.group_by(column)):
            loads[person] += count
    return loads


def _last_taken(db: Session, people: Collection[int]) -> dict[int, datetime]:
    if not people:
        return {}
    taken = select(Consultation.taken_by, func.max(Consultation.taken_at)).where(Consultation.taken_by.in_(people))
    return {person: last for person, last in db.execute(taken.group_by(Consultation.taken_by)) if person and last}


def asked_before(db: Session, request: int) -> set[int]:
    """Who was asked to take a request, or had it."""
    asked = select(ConsultationStep.to).where(
        ConsultationStep.consultation_id == request,
        ConsultationStep.kind.in_(
            (rules.Step.SUGGESTED, rules.Step.ASSIGNED, rules.Step.TAKEN, rules.Step.PASSED_OVER)
        ),
        ConsultationStep.to.is_not(None),
    )
    return {each for each in db.scalars(asked) if each is not None}


def posts(db: Session, person: int, today: date) -> list[tuple[Consultant, str]]:
    """Where somebody answers now, each with the path of the unit; none without a valid certificate."""
    rows = db.execute(
        select(Consultant, Unit.path)
        .join(Unit, Unit.id == Consultant.unit_id)
        .where(Consultant.person_id == person, Consultant.ended_at.is_(None), is_certified(person, today))
        .order_by(Consultant.id)
    )
    return [(row[0], row[1]) for row in rows]


def may_answer(db: Session, person: int, path: str, today: date) -> bool:
    """Whether somebody is a consultant for a place now."""
    return any(path.startswith(top) for _row, top in posts(db, person, today))


def in_scope(db: Session, actor: int, today: date, at: At) -> ConsultantsPage:
    """Consultants of the units of a coordinator, by name."""
    found = page(
        db,
        select(Consultant, Person.name, Unit.name, is_certified(Consultant.person_id, today))
        .join(Person, Person.id == Consultant.person_id)
        .join(Unit, Unit.id == Consultant.unit_id)
        .where(Consultant.ended_at.is_(None), visible_units(actor, Right.COORDINATE)),
        (Person.folded_name, Consultant.id),
        at,
    )
    loads = load_of(db, {each[0].person_id for each in found.rows})
    rows = [
        ConsultantRow(
            row.id, row.person_id, name, unit, row.services, row.languages, row.channels, row.most,
            loads[row.person_id], bool(is_valid),
        )
        for row, name, unit, is_valid, *_marks in found.rows
    ]  # fmt: skip
    return ConsultantsPage(rows, found)


def own_consultant(db: Session, actor: int, number: int) -> Consultant | None:
    """A consultant of a unit of this coordinator."""
    return db.scalar(
        select(Consultant)
        .join(Unit, Unit.id == Consultant.unit_id)
        .where(Consultant.id == number, visible_units(actor, Right.COORDINATE))
    )


def _may_be_named(actor: int, today: date) -> ColumnElement[bool]:
    """The SQL condition on `Person`: a certified person of a coordinator's units."""
    return and_(visible_people(actor, Right.COORDINATE, today), is_certified(Person.id, today))


def nameable(db: Session, actor: int, words: str, today: date) -> Sequence[Person]:
    """Whoever may be named a consultant, with these words in their name."""
    return naming_queries.people(db, words, _may_be_named(actor, today))


def may_name(db: Session, actor: int, person: int, today: date) -> bool:
    """Whether a coordinator may name somebody a consultant."""
    return naming_queries.is_one(db, person, _may_be_named(actor, today))
