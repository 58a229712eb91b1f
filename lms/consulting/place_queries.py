"""Where help can be asked for: units by a name in any script, and the names above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, false, func, or_, select
from sqlalchemy.orm import aliased

from lms.consulting.models import Consultant
from lms.folding import fold
from lms.people.latin import in_latin_letters
from lms.people.models import Unit, UnitName
from lms.people.queries import is_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

MOST_FOUND = 20
MOST_WORDS = 6
MOST_TREES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as a place: its name, and the names above it, the nearest first."""

    id: int
    name: str
    path: str
    above: Sequence[str]

    @property
    def root(self) -> int:
        """The id of the top of its tree."""
        return int(self.path.split("/")[1])


def _offered(db: Session) -> ColumnElement[bool]:
    """The SQL condition on `Unit` that holds where help can be asked for: open, in a tree that has a consultant."""
    top, inside = aliased(Unit), aliased(Unit)
    answering = select(Consultant.id).join(inside, inside.id == Consultant.unit_id).where(Consultant.ended_at.is_(None))
    roots = select(top.path).where(
        top.parent_id.is_(None), exists(answering.where(is_below(inside.path, top.path)).correlate(top))
    )
    paths = db.scalars(roots.order_by(top.id).limit(MOST_TREES)).all()
    return Unit.closed_on.is_(None) & or_(false(), *(is_below(Unit.path, path) for path in paths))


def named(db: Session, words: str, in_latin: Select[int] | None = None) -> list[Place]:
    """Units in whose name, or another name of theirs, all these words begin or stand; the nearest match first.

    Words in other letters are also sought as the rules of passports write them in Latin ones. `in_latin` selects the
    ids of units whose names in other letters, written so, have the words.
    """
    spelled = [each for each in (fold(words), fold(in_latin_letters(words))) if each]
    if not spelled:
        return []
    hits = or_(*(_has(name, each) for each in spelled for name in (Unit.folded_name, UnitName.folded_name)))
    if in_latin is not None:
        hits = or_(hits, Unit.id.in_(in_latin))
    found = select(Unit.id).outerjoin(UnitName, UnitName.unit_id == Unit.id).where(_offered(db), hits)
    order = (func.length(Unit.folded_name), Unit.folded_name, Unit.id)
    units = db.scalars(select(Unit).where(Unit.id.in_(found)).order_by(*order).limit(MOST_FOUND)).all()
    return _places(db, units)


def _has(name: Any, words: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = ~false()
    for word in words.split()[:MOST_WORDS]:
        condition = condition & name.contains(word, autoescape=True)
    return condition


def place(db: Session, unit: int) -> Place | None:
    """A unit in which help can be asked for."""
    found = db.scalar(select(Unit).where(Unit.id == unit, _offered(db)))
    return _places(db, [found])[0] if found is not None else None


def is_offered(db: Session, unit: int) -> bool:
    """Whether help can be asked for in a unit."""
    return db.scalar(select(Unit.id).where(Unit.id == unit, _offered(db))) is not None


def path_of(db: Session, unit: int) -> str:
    """The path of a unit."""
    return db.scalars(select(Unit.path).where(Unit.id == unit)).one()


def place_of(db: Session, unit: int) -> Place:
    """Any unit as a place, also one that was closed."""
    return _places(db, [db.get_one(Unit, unit)])[0]


def _places(db: Session, units: Sequence[Unit]) -> list[Place]:
    above = {int(each) for unit in units for each in unit.path.strip("/").split("/")}
    names = {row.id: row.name for row in db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(above)))}
    return [
        Place(unit.id, unit.name, unit.path, [names[each] for each in reversed(_ids(unit.path)[:-1])]) for unit in units
    ]


def _ids(path: str) -> list[int]:
    return [int(each) for each in path.strip("/").split("/")]


def is_offered_anywhere(db: Session) -> bool:
    """Whether somebody answers requests at all."""
    return db.scalar(select(Consultant.id).where(Consultant.ended_at.is_(None)).limit(1)) is not None
