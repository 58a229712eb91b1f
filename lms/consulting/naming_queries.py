"""Reads of those who name consultants and experts: their units, and the people whom they may find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.folding import fold
from lms.people.models import Person, Unit
from lms.people.queries import visible_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.people.rules import Right

MOST_FOUND, MOST_UNITS = 20, 200


def units(db: Session, actor: int, right: Right) -> Sequence[Unit]:
    """The open units in which somebody has a right, the highest first; at most `MOST_UNITS`."""
    found = select(Unit).where(visible_units(actor, right), Unit.closed_on.is_(None))
    return db.scalars(found.order_by(func.length(Unit.path), Unit.folded_name, Unit.id).limit(MOST_UNITS)).all()


def unit(db: Session, actor: int, right: Right, number: int) -> Unit | None:
    """A unit, closed or not, in which somebody has a right."""
    return db.scalar(select(Unit).where(Unit.id == number, visible_units(actor, right)))


def people(db: Session, words: str, may: ColumnElement[bool]) -> Sequence[Person]:
    """Those with all these words in their name for whom a condition on `Person` holds; without words nobody."""
    terms = fold(words).split()
    if not terms:
        return ()
    named = [Person.folded_name.contains(term, autoescape=True) for term in terms]
    found = select(Person).where(*named, may, Person.closed_at.is_(None))
    return db.scalars(found.order_by(Person.folded_name, Person.id).limit(MOST_FOUND)).all()


def is_one(db: Session, person: int, may: ColumnElement[bool]) -> bool:
    """Whether somebody is one of those for whom a condition on `Person` holds."""
    found = select(Person.id).where(Person.id == person, may, Person.closed_at.is_(None))
    return db.scalar(found) is not None
