"""Reads about experts: who answers hard questions from a place, how many wait for them, who may be named one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from lms.consulting import naming_queries
from lms.consulting.consultant_queries import is_certified
from lms.consulting.expert_rules import Named, Sought, nearest
from lms.consulting.models import Expert, HardQuestion, QuestionTo
from lms.paging import At, Page, page
from lms.people import queries as people
from lms.people.models import Person, RoleGrant, Unit
from lms.people.queries import visible_people, visible_units
from lms.people.rules import Right, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


# what nobody has answered; nobody can answer what was deleted with the person who asked
WAITS = and_(HardQuestion.answered_at.is_(None), HardQuestion.words != "")


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """An expert on the page on which they are named. `is_able`: holds a valid certificate, or is a trainer.

    `load` is how many questions wait for their answer.
    """

    id: int
    name: str
    unit: str
    services: Sequence[str]
    courses: Sequence[str]
    load: int
    is_able: bool


@dataclass(frozen=True, slots=True)
class ExpertsPage:
    """Who answers hard questions of somebody's units, and how many trainers do where nobody is named."""

    rows: Sequence[ExpertRow]
    page: Page
    trainers: int


def _is_trainer(person: ColumnElement[int] | object) -> ColumnElement[bool]:
    """The SQL condition that somebody may write courses."""
    grant = (RoleGrant.role == Role.TRAINER, RoleGrant.unit_id.is_(None), RoleGrant.ended_at.is_(None))
    return exists(select(RoleGrant.id).where(RoleGrant.person_id == person, *grant))


def is_able(person: ColumnElement[int] | object, today: date) -> ColumnElement[bool]:
    """The SQL condition that somebody may be asked: holds a valid certificate, or writes courses."""
    return or_(is_certified(person, today), _is_trainer(person))


def trainers_among(db: Session, persons: Collection[int]) -> set[int]:
    """Who of these may write courses."""
    return set(db.scalars(select(Person.id).where(Person.id.in_(persons), _is_trainer(Person.id))))


def of_question(db: Session, row: HardQuestion, today: date, but: Collection[int] = ()) -> list[int]:
    """Who should answer a question: the experts that `expert_rules.nearest` finds; never who asked it."""
    path = db.scalar(select(Unit.path).where(Unit.id == row.unit_id)) if row.unit_id else None
    if path is None:
        return []
    above = [int(each) for each in path.strip("/").split("/")]
    rows = db.execute(
        select(Expert, Unit.path)
        .join(Unit, Unit.id == Expert.unit_id)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.unit_id.in_(above), Expert.ended_at.is_(None), Person.closed_at.is_(None))
        .where(is_able(Expert.person_id, today))
    )
    named = [Named(each.person_id, top, frozenset(each.services), frozenset(each.courses)) for each, top in rows]
    return nearest(Sought(path, row.service, row.course_id or ""), named, {row.asked_by, *but})


def asked_of(db: Session, questions: Collection[int]) -> Mapping[int, list[tuple[int, str]]]:
    """Whom each of these questions was put to: id and name."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = (
        select(QuestionTo.question_id, Person.id, Person.name)
        .join(Person, Person.id == QuestionTo.person_id)
        .where(QuestionTo.question_id.in_(questions))
        .order_by(Person.folded_name, Person.id)
    )
    for question, person, name in db.execute(rows):
        found[question].append((person, name))
    return found


def waiting_for(person: int) -> ColumnElement[bool]:
    """The SQL condition on `HardQuestion`: it was put to somebody and waits for an answer."""
    put = select(QuestionTo.question_id).where(QuestionTo.person_id == person)
    return and_(HardQuestion.id.in_(put), WAITS)


def load(db: Session, person: int) -> int:
    """How many questions wait for somebody's answer."""
    return load_of(db, {person}).get(person, 0)


def load_of(db: Session, persons: Collection[int]) -> Mapping[int, int]:
    """How many questions wait for the answer of each of these."""
    counted = (
        select(QuestionTo.person_id, func.count())
        .join(HardQuestion, HardQuestion.id == QuestionTo.question_id)
        .where(QuestionTo.person_id.in_(persons), WAITS)
        .group_by(QuestionTo.person_id)
    )
    return {row[0]: row[1] for row in db.execute(counted)} if persons else {}


def put_to(db: Session, person: int, number: int) -> HardQuestion | None:
    """A question, if it was put to somebody."""
    mine = select(QuestionTo.question_id).where(QuestionTo.person_id == person)
    return db.scalar(select(HardQuestion).where(HardQuestion.id == number, HardQuestion.id.in_(mine)))


def is_expert(db: Session, person: int, today: date) -> bool:
    """Whether somebody is named expert now, and may be asked."""
    named = select(Expert.id).where(Expert.person_id == person, Expert.ended_at.is_(None), is_able(person, today))
    return db.scalar(named.limit(1)) is not None


def in_scope(db: Session, actor: int, today: date, at: At) -> ExpertsPage:
    """Experts of the units of a coordinator or an operator, by name."""
    found = page(
        db,
        select(Expert, Person.name, Unit.name, is_able(Expert.person_id, today))
        .join(Person, Person.id == Expert.person_id)
        .join(Unit, Unit.id == Expert.unit_id)
        .where(Expert.ended_at.is_(None), visible_units(actor, Right.ORGANISE)),
        (Person.folded_name, Expert.id),
        at,
    )
    loads = load_of(db, {each[0].person_id for each in found.rows})
    rows = [
        ExpertRow(row.id, name, unit, row.services, row.courses, loads.get(row.person_id, 0), bool(able))
        for row, name, unit, able, *_marks in found.rows
    ]
    return ExpertsPage(rows, found, len(people.addresses_of(db, Role.TRAINER)))


def own_expert(db: Session, actor: int, number: int) -> Expert | None:
    """An expert of a unit of this coordinator or operator."""
    return db.scalar(
        select(Expert)
        .join(Unit, Unit.id == Expert.unit_id)
        .where(Expert.id == number, visible_units(actor, Right.ORGANISE))
    )


def _may_be_named(actor: int, today: date) -> ColumnElement[bool]:
    """The SQL condition on `Person`: a certified person of somebody's units, or a trainer."""
    own = and_(visible_people(actor, Right.ORGANISE, today), is_certified(Person.id, today))
    return or_(own, _is_trainer(Person.id))


def nameable(db: Session, actor: int, words: str, today: date) -> Sequence[Person]:
    """Whoever may be named an expert, with these words in their name."""
    return naming_queries.people(db, words, _may_be_named(actor, today))


def may_name(db: Session, actor: int, person: int, today: date) -> bool:
    """Whether a coordinator or an operator may name somebody an expert."""
    return naming_queries.is_one(db, person, _may_be_named(actor, today))
