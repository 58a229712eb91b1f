"""Reads of units' tallies: who may enter which, what a month says already, who entered it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.folding import fold
from lms.helping import catalogue, mandate_queries
from lms.helping.models import HelpEntry, HelpPeriod
from lms.helping.tally_rules import Box, Number, day_of, last_day
from lms.paging import page
from lms.people.models import Person, Unit
from lms.people.queries import visible_units

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Catalogue
    from lms.helping.rules import Mandate
    from lms.paging import At, Page

MOST_FOUND = 20
MOST_TO_FILL_IN = 200  # units in the file to fill in


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """The units whose tally somebody may enter. `own` are hers; `found` others, as far as they are shown."""

    own: Sequence[Unit]
    found: Sequence[Unit]
    has_more: bool
    is_wide: bool


@dataclass(frozen=True)
class Book:
    """What a unit's tally of a month says. `entries` are those that stand, by box, the oldest first.

    `is_closed` says that the programme closed a period with this month.
    """

    unit: Unit
    month: date
    day: date
    lists: Catalogue
    mandates: Sequence[Mandate]
    is_closed: bool
    entries: dict[Box, list[HelpEntry]] = field(default_factory=dict)

    def number(self, box: Box) -> Number:
        """What a box says."""
        return reduce(add, (Number(each.people, each.minutes) for each in self.entries.get(box, ())), Number(0))

    def beside(self, box: Box, *, any_service: bool) -> int:
        """How many people stand in boxes that tell over what or how it ended; of `any_service`, also with what."""
        alike = 2 if any_service else 3
        return sum(self.number(each).people for each in self.entries if each != box and each[:alike] == box[:alike])


def units_page(db: Session, person: int, words: str, today: date) -> UnitsPage:
    """Where somebody may enter tallies: her own units, and those that she coordinates, by name or code."""
    own = _own_units(db, person, today)
    is_wide = db.scalar(select(Unit.id).where(visible_units(person)).limit(1)) is not None
    named = and_(True, *(Unit.folded_name.contains(part, autoescape=True) for part in fold(words).split()))
    scope = select(Unit).where(visible_units(person), or_(Unit.code == " ".join(words.split()), named))
    found = db.scalars(scope.order_by(Unit.folded_name, Unit.id).limit(MOST_FOUND + 1)).all() if is_wide else ()
    return UnitsPage(own, found[:MOST_FOUND], len(found) > MOST_FOUND, is_wide)


def _own_units(db: Session, person: int, today: date) -> Sequence[Unit]:
    """The units of which a certified helper is a member today."""
    if not any(mandate.is_valid_on(today) for mandate in mandate_queries.mandates_of(db, person)):
        return ()
    ids = [post.id for post in mandate_queries.posts_of(db, person, today)]
    return db.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.folded_name, Unit.id)).all()


def unit_in_scope(db: Session, person: int, unit_id: int, today: date) -> Unit | None:
    """A unit whose tally somebody may enter."""
    coordinated = db.scalar(select(Unit).where(Unit.id == unit_id, visible_units(person)))
    return coordinated or next((each for each in _own_units(db, person, today) if each.id == unit_id), None)


def units_by_code(db: Session, person: int | None, codes: Collection[str], today: date) -> dict[str, Unit]:
    """The same for many, by the codes that stand on papers and in files; without a person, any unit."""
    wanted = select(Unit).where(among(Unit.code, codes))
    if person is None:
        return {unit.code: unit for unit in db.scalars(wanted)}
    found = [*db.scalars(wanted.where(visible_units(person))), *_own_units(db, person, today)]
    return {unit.code: unit for unit in found if unit.code in codes}


def units_to_fill_in(db: Session, person: int, today: date) -> Sequence[Unit]:
    """The units of the file to fill in, hers first: as many as one can fill in."""
    own = _own_units(db, person, today)
    others = select(Unit).where(visible_units(person), Unit.closed_on.is_(None)).order_by(Unit.path)
    known = {unit.id for unit in own}
    return [*own, *(each for each in db.scalars(others.limit(MOST_TO_FILL_IN)) if each.id not in known)]


def take_turns(db: Session, unit: int) -> None:
    """Let two who enter the same unit's tally at once take turns, so that the second sees what the first entered."""
    db.execute(select(Unit.id).where(Unit.id == unit).with_for_update(key_share=True))


def book(db: Session, unit: Unit, month: date, today: date) -> Book:
    """The tally of a unit in a month, to be changed."""
    day = day_of(month, today)
    root = int(unit.path.split("/")[1])
    mandates = mandate_queries.mandates_of_unit(db, unit.path)
    closed = select(HelpPeriod.id).where(HelpPeriod.unit_id == root, HelpPeriod.closed_at.is_not(None))
    is_closed = db.scalar(closed.where(HelpPeriod.first_day <= day, HelpPeriod.last_day >= day).limit(1)) is not None
    found = Book(unit, month, day, catalogue.catalogue(db, root, day), mandates, is_closed)
    standing = select(HelpEntry).where(_of(unit.id, month), HelpEntry.undone_at.is_(None)).order_by(HelpEntry.id)
    for row in db.scalars(standing):
        box = Box(row.kind, row.audience, row.service, row.channel, row.outcome)
        found.entries.setdefault(box, []).append(row)
    return found


def _of(unit: int, month: date) -> ColumnElement[bool]:
    in_month = and_(HelpEntry.given_on >= month, HelpEntry.given_on <= last_day(month))
    return and_(HelpEntry.unit_id == unit, HelpEntry.is_tally, in_month)


def entered(db: Session, unit: int, month: date, at: At) -> Page:
    """What was entered for a month, the newest first, also what was undone since: `HelpEntry`, who, who undid it."""
    who, undoer = aliased(Person), aliased(Person)
    rows = (
        select(HelpEntry, who.name.label("by"), undoer.name.label("undone_by_name"))
        .outerjoin(who, who.id == HelpEntry.logged_by)
        .outerjoin(undoer, undoer.id == HelpEntry.undone_by)
        .where(_of(unit, month))
    )
    return page(db, rows, (HelpEntry.id, HelpEntry.id), at, newest_first=True)


def tally(db: Session, client_id: str) -> HelpEntry | None:
    """One entry of a tally."""
    return db.scalar(select(HelpEntry).where(HelpEntry.client_id == client_id, HelpEntry.is_tally))
