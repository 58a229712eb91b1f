"""Reads for the job that looks for people who may be one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current
from lms.rosters.likeness import Named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

AT_ONCE = 5000
MOST_SHARING = 5  # a phone that more people share is the office's


def _scope(db: Session, unit: int | None) -> tuple[Any, ...]:
    path = db.scalar(select(Unit.path).where(Unit.id == unit)) if unit is not None else None
    return (is_below(Unit.path, path),) if path else ()


def by_unit(db: Session, unit: int | None, today: date) -> Iterator[list[Named]]:
    """The members of each unit of a subtree (None: of all), unit by unit; memory holds some thousand people."""
    members = (
        select(Membership.unit_id, Person.id, Person.folded_name, Person.code)
        .join(Person, Person.id == Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_current(today), Person.closed_at.is_(None), *_scope(db, unit))
        .order_by(Membership.unit_id, Person.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for _unit, rows in groupby(db.execute(members), key=lambda row: row[0]):
        yield [Named(row[1], row[2], row[3]) for row in rows]


def sharing(db: Session, unit: int | None, today: date) -> Iterator[tuple[int, int, str]]:
    """Pairs of members of a subtree who have the same phone or e-mail, with which of the two it is."""
    inside = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_current(today), *_scope(db, unit))
    )
    for column, reason in ((Person.email, "email"), (Person.phone, "phone")):
        of_them = (column != "", Person.closed_at.is_(None), Person.id.in_(inside))
        several = select(column).where(*of_them).group_by(column).having(func.count().between(2, MOST_SHARING))
        people = select(column, Person.id).where(*of_them, column.in_(several)).order_by(column, Person.id)
        rows = db.execute(people.execution_options(yield_per=AT_ONCE))
        for _contact, found in groupby(rows, key=lambda row: row[0]):
            first, *others = [row[1] for row in found]
            yield from ((first, other, reason) for other in others)
