"""Figures of help for units: each definition, everybody who was helped, by month and by service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.among import among
from lms.helping import figure_queries as helping
from lms.helping.adding import COVERED
from lms.helping.models import HelpEntry
from lms.people.models import Unit
from lms.reach.rules import TOTAL, Sum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    from lms.helping.figure_queries import Cell
    from lms.helping.rules import Definition
    from lms.reach.rules import Period

    # code of a definition, or `TOTAL`
    Worth: TypeAlias = Mapping[str, Sum]


def worth(found: Iterable[Cell], definitions: Sequence[Definition]) -> dict[str, Sum]:
    """What each definition counts in these cells, and how many people were helped in all (`TOTAL`).

    The total takes what any of the definitions counts as people, once, however many of them count it.
    """
    known = list(found)
    sums = {
        code: Sum(each.number, each.apart, each.tallied) for code, each in helping.add_up(known, definitions).items()
    }
    counting = [each for each in definitions if each.counts == "people"]
    total = [0, 0, 0]
    for cell in known:
        if any(each.takes(cell.kind, cell.audience) for each in counting):
            total[1 if cell.is_apart else 0] += cell.people
            total[2] += cell.people if cell.is_tally and not cell.is_apart else 0
    return {**sums, TOTAL: Sum(*total)}


def of_units(
    db: Session, units: Sequence[int], period: Period, definitions: Sequence[Definition]
) -> dict[int, dict[str, Sum]]:
    """Every unit asked for -> code -> what it comes to, all units below included, as counted last."""
    grouped: dict[int, list[Cell]] = {unit: [] for unit in units}
    for cell in helping.cells(db, units, period.first, period.last):
        grouped[cell.unit].append(cell)
    return {unit: worth(found, definitions) for unit, found in grouped.items()}


def by_month(db: Session, unit: int, period: Period, definitions: Sequence[Definition]) -> dict[date, dict[str, Sum]]:
    """The first day of each month that has any help -> code -> what it comes to, in order."""
    grouped: dict[date, list[Cell]] = {}
    for cell in helping.cells(db, [unit], period.first, period.last):
        grouped.setdefault(cell.month, []).append(cell)
    return {month: worth(grouped[month], definitions) for month in sorted(grouped)}


def by_unit_and_month(
    db: Session, units: Sequence[int], period: Period, definitions: Sequence[Definition], moment: datetime | None = None
) -> dict[int, dict[date, dict[str, Sum]]]:
    """Every unit asked for -> the first day of each month that has any help -> code -> what it comes to.

    With a moment, as it was known then.
    """
    grouped: dict[int, dict[date, list[Cell]]] = {unit: {} for unit in units}
    for cell in helping.cells(db, units, period.first, period.last, as_of=moment):
        grouped[cell.unit].setdefault(cell.month, []).append(cell)
    return {
        unit: {month: worth(found, definitions) for month, found in months.items()} for unit, months in grouped.items()
    }


def by_service(db: Session, unit: int, period: Period) -> dict[str, int]:
    """Service -> people helped with it, covered help whose service was told; also for a unit without others below."""
    if db.scalar(select(Unit.id).where(Unit.parent_id == unit).limit(1)) is not None:
        found = helping.by_service(db, unit, period.first, period.last)
        return {service: people for service, (people, _entries) in found.items() if service}
    own = (
        HelpEntry.unit_id == unit,
        HelpEntry.given_on.between(period.first, period.last),
        HelpEntry.undone_at.is_(None),
        HelpEntry.standing == COVERED,
        HelpEntry.service != "",
    )
    rows = select(HelpEntry.service, func.sum(HelpEntry.people)).where(*own).group_by(HelpEntry.service)
    return {row[0]: int(row[1]) for row in db.execute(rows)}


def entries_of(db: Session, units: Sequence[int], period: Period) -> int:
    """How many entries of units that have others below them figures hold: how long it takes to read them one by one."""
    found = helping.cells(db, units, period.first, period.last)
    return sum(cell.entries for cell in found)


def children(db: Session, unit: Unit) -> Sequence[Unit]:
    """The open units right below a unit, by name."""
    below = select(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    return db.scalars(below.order_by(Unit.folded_name, Unit.id)).all()


def units_by_id(db: Session, ids: Sequence[int]) -> dict[int, Unit]:
    """Units by their ids."""
    return {unit.id: unit for unit in db.scalars(select(Unit).where(among(Unit.id, ids)))}
