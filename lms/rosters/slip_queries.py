"""Reads for slips: who of a unit may sign in with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select

from lms.paging import At, page
from lms.people.models import Membership, Person, SignInCode, Unit
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right
from lms.people.slip_queries import may_use_slips
from lms.rosters.duplicates_queries import is_untouched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.paging import Page

MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may get a slip: has anybody signed in as them, and until when does a slip lie about."""

    id: int
    name: str
    code: str
    has_been_here: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """The people of a unit, and of those below it, who may get slips; `new` are those who were never here."""

    unit: Unit
    rows: Sequence[Candidate]
    page: Page
    new: int


@dataclass(frozen=True, slots=True)
class SlipPerson:
    """Whom a slip is for: name, unit, language."""

    id: int
    name: str
    unit: str
    language: str


def candidates(db: Session, actor: int, unit: Unit, moment: datetime, at: At) -> CandidatesPage:
    """Who of a unit may get a slip, by name."""
    today = moment.date()
    latest = (
        select(func.max(SignInCode.expires_at))
        .where(SignInCode.person_id == Person.id, SignInCode.used_at.is_(None), SignInCode.expires_at > moment)
        .correlate(Person)
        .scalar_subquery()
    )
    found = page(
        db,
        select(Person.id, Person.name, Person.code, ~is_untouched(), latest).where(*_eligible(actor, unit, today)),
        (Person.folded_name, Person.id),
        at,
    )
    new = select(Person.id).where(*_eligible(actor, unit, today), is_untouched(), latest.is_(None))
    return CandidatesPage(
        unit,
        [Candidate(row[0], row[1], row[2] or "", bool(row[3]), row[4]) for row in found.rows],
        found,
        db.scalar(select(func.count()).select_from(new.limit(MOST_COUNTED).subquery())) or 0,
    )


def new_ones(db: Session, actor: int, unit: Unit, moment: datetime, most: int) -> Sequence[int]:
    """Ids of the first people of a unit who were never here and have no slip in force."""
    slip = exists(
        select(SignInCode.id)
        .where(SignInCode.person_id == Person.id, SignInCode.used_at.is_(None), SignInCode.expires_at > moment)
        .correlate(Person)
    )
    found = select(Person.id).where(*_eligible(actor, unit, moment.date()), is_untouched(), ~slip)
    return db.scalars(found.order_by(Person.folded_name, Person.id).limit(most)).all()


def chosen(db: Session, actor: int, unit: Unit, today: date, ids: Sequence[int]) -> Sequence[SlipPerson]:
    """Those of these people to whom this coordinator may give slips, by unit and name."""
    rows = db.execute(
        select(Person.id, Person.name, func.min(Unit.name), Person.language)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Person.id.in_(ids), *_eligible(actor, unit, today))
        .where(is_current(today), is_below(Unit.path, unit.path))
        .group_by(Person.id, Person.name, Person.language, Person.folded_name)
        .order_by(func.min(Unit.name), Person.folded_name, Person.id)
    ).all()
    return [SlipPerson(*row) for row in rows]


def _eligible(actor: int, unit: Unit, today: date) -> tuple[ColumnElement[bool], ...]:
    """Members of a unit or of one below it, where this coordinator may bring people in, who may use slips."""
    member = (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == Person.id, is_current(today), is_below(Unit.path, unit.path))
        .where(visible_units(actor, Right.COORDINATE))
    )
    return (may_use_slips(), exists(member.correlate(Person)))
