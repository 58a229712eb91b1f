"""Reads for yearly statements: the certificates of a period, and who has something in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.credentials.models import Certificate
from lms.credentials.queries import facts_of
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.credentials.facts import CertificateFacts
    from lms.printing.statement_rules import Period, StatementPart


@dataclass(frozen=True, slots=True)
class Earned:
    """A certificate of somebody: what is printed on it, on what it rests, and when it was withdrawn, if it was."""

    person: int
    facts: CertificateFacts
    basis: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whose statement is printed, with the unit under which it belongs."""

    id: int
    unit: str
    name: str


def issued(db: Session, people: Collection[int], period: Period) -> list[Earned]:
    """The certificates that were issued to people in a period, the oldest first.

    One that was corrected before the end of the period is not in it: its correction is.
    """
    newer = aliased(Certificate)
    stands = or_(newer.id.is_(None), newer.basis != "correction", newer.issued_at >= period.end)
    found = (
        select(Certificate)
        .outerjoin(newer, newer.id == Certificate.superseded_by)
        .where(among(Certificate.actor_id, people), *_issued_in(period), stands)
        .order_by(Certificate.issued_at, Certificate.id)
    )
    return [_earned(row) for row in db.scalars(found)]


def ending(db: Session, people: Collection[int], period: Period) -> list[Earned]:
    """The certificates of people whose last day lies in a period, and that were neither withdrawn nor replaced."""
    found = select(Certificate).where(among(Certificate.actor_id, people), *_ends_in(period))
    return [_earned(row) for row in db.scalars(found.order_by(Certificate.valid_until, Certificate.id))]


def _earned(row: Certificate) -> Earned:
    assert row.actor_id is not None  # the statements above ask for people's
    return Earned(row.actor_id, facts_of(row), row.basis, row.revoked_at)


def with_issued(_db: Session, period: Period) -> Select[Any]:
    """The ids of people to whom a certificate was issued in a period."""
    return select(Certificate.actor_id).where(Certificate.actor_id.is_not(None), *_issued_in(period))


def with_ending(_db: Session, period: Period) -> Select[Any]:
    """The ids of people of whom a certificate ends in a period."""
    return select(Certificate.actor_id).where(Certificate.actor_id.is_not(None), *_ends_in(period))


def _issued_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Certificate.issued_at >= period.begin,
        Certificate.issued_at < period.end,
        Certificate.erased_at.is_(None),
    )


def _ends_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Certificate.valid_until >= period.first,
        Certificate.valid_until <= period.last,
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
    )


def years_issued(db: Session, person: int) -> set[int]:
    """The years in which certificates were issued to somebody."""
    held = select(Certificate.issued_at).where(Certificate.actor_id == person, Certificate.erased_at.is_(None))
    return {moment.year for moment in db.scalars(held)}


def years_ending(db: Session, person: int) -> set[int]:
    """The years in which certificates of somebody end that were neither withdrawn nor replaced."""
    held = select(Certificate.valid_until).where(
        Certificate.actor_id == person,
        Certificate.valid_until.is_not(None),
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
    )
    return {day.year for day in db.scalars(held) if day is not None}


def to_state(db: Session, parts: Sequence[StatementPart], unit: Unit, period: Period, today: date) -> list[Named]:
    """The members, today, of a unit and those below it who have something in a period, by unit and name."""
    home = func.min(Membership.unit_id).label("home")
    found = _members(db, parts, unit, period, today).with_only_columns(Person.id, Person.name, home)
    names: dict[int, str] = {row.id: row.name for row in db.execute(select(Unit.id, Unit.name))}
    rows = [Named(row.id, names[row.home], row.name) for row in db.execute(found.group_by(Person.id, Person.name))]
    return sorted(rows, key=lambda each: (each.unit.casefold(), each.name.casefold(), each.id))


def count_to_state(db: Session, parts: Sequence[StatementPart], unit: Unit, period: Period, today: date) -> int:
    """How many these are, in one statement."""
    counted = _members(db, parts, unit, period, today).with_only_columns(func.count(Person.id.distinct()))
    return db.scalar(counted) or 0


def _members(db: Session, parts: Sequence[StatementPart], unit: Unit, period: Period, today: date) -> Select[int]:
    known = [Person.id.in_(part.people(db, period)) for part in parts]
    return (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_below(Unit.path, unit.path), is_current(today), Person.closed_at.is_(None), or_(*known))
    )
