"""What counting help reads: who is above whom, what the entries come to, what the figures say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from lms.among import among
from lms.figures.adding import LEVELS_WITH_DAYS, ids_of
from lms.figures.models import Counted
from lms.helping.adding import COVERED, Row, Sums, above_of
from lms.helping.models import HelpEntry, HelperDay, HelpersLast
from lms.people.models import Unit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Base

A_TIME = 5000  # rows fetched at a time


def above(db: Session, units: Collection[int]) -> dict[int, tuple[int, ...]]:
    """For each of these units those of its path, itself among them, that have others below them."""
    paths = {row.id: row.path for row in db.execute(select(Unit.id, Unit.path).where(among(Unit.id, sorted(units))))}
    every = {each for path in paths.values() for each in ids_of(path)}
    parents = select(Unit.parent_id).where(among(Unit.parent_id, sorted(every))).distinct()
    return above_of(paths, (each for each in db.scalars(parents) if each is not None))


def last_days(db: Session, helpers: Collection[int]) -> dict[int, date]:
    """When these people helped last; entries that were undone do not count."""
    live = (among(HelpEntry.helper_id, helpers), HelpEntry.undone_at.is_(None))
    last = select(HelpEntry.helper_id, func.max(HelpEntry.given_on)).where(*live).group_by(HelpEntry.helper_id)
    return {row[0]: row[1] for row in db.execute(last) if row[0] is not None}


def sums_of_counted(db: Session) -> Sums:
    """What the entries that are counted come to, streamed unit by unit."""
    paths = {row.id: row.path for row in db.execute(select(Unit.id, Unit.path))}
    parents = {each for each in db.scalars(select(Unit.parent_id).distinct()) if each is not None}
    sums = Sums(above_of(paths, parents))
    alike = (
        HelpEntry.unit_id,
        month_of(db),
        HelpEntry.kind,
        HelpEntry.audience,
        HelpEntry.service,
        case((HelpEntry.standing == COVERED, COVERED), else_=""),
        HelpEntry.is_tally,
    )
    numbers = (func.sum(HelpEntry.people), func.count())
    counted = select(*alike, *numbers).where(HelpEntry.is_counted).group_by(*alike)
    for row in db.connection().execution_options(yield_per=A_TIME).execute(counted):
        sums.add(Row(*row))
    return sums


def month_of(db: Session) -> Any:
    """The first day of an entry's month, as SQL."""
    if db.get_bind().dialect.name == "postgresql":
        return func.date_trunc("month", HelpEntry.given_on).cast(HelpEntry.given_on.type)
    return func.date(HelpEntry.given_on, "start of month", type_=HelpEntry.given_on.type)


def take_away(db: Session, model: type[Base], found: Any) -> None:
    """Take from sums what a table of figures says already."""
    columns = list(model.__table__.columns)
    for *key, people, entries in db.connection().execution_options(yield_per=A_TIME).execute(select(*columns)):
        numbers = found[tuple(key)]
        numbers[0] -= people
        numbers[1] -= entries


def days_that_differ(db: Session) -> list[int]:
    """Whose last day is not noted as it is."""
    live = (HelpEntry.undone_at.is_(None), HelpEntry.helper_id.is_not(None))
    last = select(HelpEntry.helper_id, func.max(HelpEntry.given_on)).where(*live).group_by(HelpEntry.helper_id)
    found: dict[int, date] = {row[0]: row[1] for row in db.execute(last) if row[0] is not None}
    known: dict[int, date] = {row[0]: row[1] for row in db.execute(select(HelperDay.person_id, HelperDay.last_on))}
    return sorted(each for each in found.keys() | known.keys() if found.get(each) != known.get(each))


def last_days_above(db: Session) -> tuple[dict[tuple[int, date], int], dict[tuple[int, date], int]]:
    """How many people of the upper units helped on which day for the last time: as it is, and as it is noted."""
    found: dict[tuple[int, date], int] = {}
    rows = select(Counted.paths, HelperDay.last_on).join(HelperDay, HelperDay.person_id == Counted.person_id)
    for paths, day in db.connection().execution_options(yield_per=A_TIME).execute(rows):
        for unit in {each for path in paths.split() for each in ids_of(path)[:LEVELS_WITH_DAYS]}:
            found[unit, day] = found.get((unit, day), 0) + 1
    noted = select(HelpersLast.unit_id, HelpersLast.last_on, HelpersLast.helpers)
    return found, {(row[0], row[1]): row[2] for row in db.execute(noted)}


def has_entries(db: Session) -> bool:
    """Whether any help was ever noted."""
    return db.scalar(select(HelpEntry.id).limit(1)) is not None
