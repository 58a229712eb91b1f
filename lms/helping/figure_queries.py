"""How many people were helped: for units, by month, by definition, now or as it was known at a past moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from lms.among import among
from lms.db import lasting_alias
from lms.figures.fact_queries import stood
from lms.helping.adding import COVERED
from lms.helping.counting_queries import month_of
from lms.helping.models import HelpCount, HelpEntry, HelpFigure, HelpServiceFigure
from lms.people.models import Unit, UnitPlace
from lms.people.queries import is_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.helping.rules import Definition


TOP = lasting_alias(UnitPlace)  # of the unit that is asked for


@dataclass(frozen=True, slots=True)
class Helped:
    """What a definition counts. `apart` was covered by no certificate or mandate, and is not in `number`.

    `number` and `apart` are people or entries, as the definition says; `tallied` is the part of `number` that comes
    from monthly tallies.
    """

    number: int = 0
    apart: int = 0
    tallied: int = 0

    def __add__(self, other: Helped) -> Helped:
        return Helped(self.number + other.number, self.apart + other.apart, self.tallied + other.tallied)


@dataclass(frozen=True, slots=True)
class Cell:
    """Alike entries of one unit in one month."""

    unit: int
    month: date
    kind: str
    audience: str
    is_apart: bool
    is_tally: bool
    people: int
    entries: int


def cells(db: Session, units: Sequence[int], first: date, last: date, *, as_of: datetime | None = None) -> list[Cell]:
    """What happened in these units and below them, by month. `first` and `last` are days of the first and last month.

    With `as_of`, as it was known at a past moment: that reads the entries themselves, and whole months only where the
    period begins and ends with one. Units then count where they stood on that day.
    """
    if as_of is not None:
        return _from_entries(db, units, first, last, as_of)
    parents = select(Unit.parent_id).where(among(Unit.parent_id, units)).distinct()
    upper = {each for each in db.scalars(parents) if each is not None}
    found = _from_figures(db, sorted(upper), first, last)
    lower = [each for each in units if each not in upper]
    return found + _of_single_units(db, lower, first, last)


def _from_figures(db: Session, units: Sequence[int], first: date, last: date) -> list[Cell]:
    table = HelpFigure.__table__
    in_time = (HelpFigure.month >= first.replace(day=1), HelpFigure.month <= last)
    rows = db.connection().execute(select(*table.columns).where(among(HelpFigure.unit_id, units), *in_time))
    return [Cell(*row) for row in rows]


def _alike(db: Session, *whose: Any) -> Select[Any]:
    is_apart = HelpEntry.standing != COVERED
    alike = (*whose, month_of(db), HelpEntry.kind, HelpEntry.audience, is_apart, HelpEntry.is_tally)
    return select(*alike, func.sum(HelpEntry.people), func.count()).group_by(*alike)


def _of_single_units(db: Session, units: Sequence[int], first: date, last: date) -> list[Cell]:
    in_time = (HelpEntry.given_on >= first, HelpEntry.given_on <= last, HelpEntry.undone_at.is_(None))
    rows = _alike(db, HelpEntry.unit_id).where(among(HelpEntry.unit_id, units), *in_time)
    return [Cell(*row) for row in db.connection().execute(rows)]


def _from_entries(db: Session, units: Sequence[int], first: date, last: date, as_of: datetime) -> list[Cell]:
    """Units and what stood below them on that day, however the tree has changed since."""
    day = as_of.date()
    then = and_(TOP.since <= day, or_(TOP.until.is_(None), TOP.until >= day))
    in_time = and_(HelpEntry.given_on >= first, HelpEntry.given_on <= last, known_at(as_of))
    rows = (
        _alike(db, TOP.unit_id)
        .join(UnitPlace, UnitPlace.unit_id == HelpEntry.unit_id)
        .join(TOP, is_below(UnitPlace.path, TOP.path))
        .where(among(TOP.unit_id, units), then, stood(day), in_time)
    )
    return [Cell(*row) for row in db.connection().execute(rows)]


def known_at(moment: datetime) -> ColumnElement[bool]:
    """The condition on entries that counted at a moment."""
    return and_(HelpEntry.logged_at <= moment, or_(HelpEntry.undone_at.is_(None), HelpEntry.undone_at > moment))


def add_up(found: Iterable[Cell], definitions: Sequence[Definition]) -> dict[str, Helped]:
    """What each definition counts in these cells, by its code. A tally's number counts strokes: people, or visits."""
    sums = {each.code: [0, 0, 0] for each in definitions}
    for cell in found:
        for each in definitions:
            if each.takes(cell.kind, cell.audience):
                # on a tally each visit is a stroke, so that its number is what the programme counts
                number = cell.entries if each.counts == "entries" and not cell.is_tally else cell.people
                sums[each.code][1 if cell.is_apart else 0] += number
                sums[each.code][2] += number if cell.is_tally and not cell.is_apart else 0
    return {code: Helped(*numbers) for code, numbers in sums.items()}


def of_person(
    db: Session, person: int, first: date, last: date, definitions: Sequence[Definition]
) -> dict[str, Helped]:
    """What one helper's entries come to, from day to day (both included)."""
    mine = (HelpEntry.helper_id == person, HelpEntry.given_on >= first, HelpEntry.given_on <= last)
    rows = _alike(db, HelpEntry.helper_id).where(*mine, HelpEntry.undone_at.is_(None))
    return add_up([Cell(*row) for row in db.connection().execute(rows)], definitions)


def by_service(db: Session, unit: int, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Service -> people and entries in a unit that has others below it, in whole months."""
    in_time = (HelpServiceFigure.month >= first.replace(day=1), HelpServiceFigure.month <= last)
    numbers = (func.sum(HelpServiceFigure.people), func.sum(HelpServiceFigure.entries))
    rows = select(HelpServiceFigure.service, *numbers).where(HelpServiceFigure.unit_id == unit, *in_time)
    return {row[0]: (row[1], row[2]) for row in db.execute(rows.group_by(HelpServiceFigure.service))}


def counted_at(db: Session) -> datetime | None:
    """Up to which moment the figures of upper units hold what was logged."""
    return db.scalar(select(HelpCount.counted_at))
