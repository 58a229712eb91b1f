"""Reads of the page on a unit's help: its figures, the units right below it compared, by month and by service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.helping import catalogue
from lms.helping import figure_queries as helping
from lms.people.models import Unit
from lms.people.queries import visible_units
from lms.people.rules import Right
from lms.reach import closed_queries, help_queries
from lms.reach.pages import ClosedWith, HelpPage, Row, Shown
from lms.reach.rules import SERVICE, TOTAL, Period, Span, Sum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.models import HelpPeriod
    from lms.helping.rules import Definition
    from lms.reach.closed_queries import Figures


def unit_by_code(db: Session, actor: int, code: str, right: Right = Right.OVERSEE) -> Unit | None:
    """The unit with this code, if somebody has this right there."""
    return db.scalar(select(Unit).where(Unit.code == code, visible_units(actor, right)))


def has_right(db: Session, actor: int, unit: Unit, right: Right) -> bool:
    """Whether somebody has a right in a unit."""
    return db.scalar(select(Unit.id).where(Unit.id == unit.id, visible_units(actor, right))) is not None


def above(db: Session, actor: int, unit: Unit) -> Sequence[Unit]:
    """The units above a unit whose figures somebody may see, the highest first."""
    ids = [int(each) for each in unit.path.strip("/").split("/")[:-1]]
    seen = select(Unit).where(Unit.id.in_(ids), visible_units(actor, Right.OVERSEE))
    return db.scalars(seen.order_by(Unit.path)).all()


def root_of(unit: Unit) -> int:
    """The id of the top of a unit's tree."""
    return int(unit.path.split("/")[1])


def help_page(db: Session, actor: int, unit: Unit, period: Period, sort: str, today: date) -> HelpPage:
    """The help of a unit in a period. `sort` is a code of a definition, `TOTAL`, or empty for the names.

    Raises `KeyError` for a code that is not counted.
    """
    root = root_of(unit)
    shown = figures(db, unit, period, today, sort)
    lists = catalogue.catalogue(db, root, min(period.last, today))
    choices = closed_queries.closed_periods(db, root)
    return HelpPage(unit, above(db, actor, unit), period, shown, lists, choices, helping.counted_at(db), sort)


def figures(db: Session, unit: Unit, period: Period, today: date, sort: str = "") -> Shown:
    """The same without what stands around it; as `help_page` says."""
    closed = closed_queries.closed_period(db, root_of(unit), period.id) if period.span is Span.CLOSED else None
    below = help_queries.children(db, unit)
    if closed is None:
        return _as_counted(db, unit, below, period, definitions_of(db, unit, period, today), sort)
    return _as_closed(db, unit, below, *closed, sort)


def definitions_of(db: Session, unit: Unit, period: Period, today: date) -> Sequence[Definition]:
    """The definitions in force on the last day of a period, or today if it is not over."""
    return catalogue.definitions(db, root_of(unit), min(period.last, today))


def _as_counted(
    db: Session, unit: Unit, below: Sequence[Unit], period: Period, definitions: Sequence[Definition], sort: str
) -> Shown:
    found = help_queries.of_units(db, [unit.id, *(each.id for each in below)], period, definitions)
    months = help_queries.by_month(db, unit.id, period, definitions)
    services = help_queries.by_service(db, unit.id, period)
    return Shown(definitions, found[unit.id], _sorted(below, found, sort), months, services)


def _as_closed(
    db: Session, unit: Unit, below: Sequence[Unit], closed: HelpPeriod, definitions: Sequence[Definition], sort: str
) -> Shown:
    kept = closed_queries.frozen(db, closed, definitions, [unit.id, *(each.id for each in below)])
    codes = [*(each.code for each in definitions), TOTAL]
    found = {each: _over_months(figures, codes) for each, figures in kept.items()}
    own = kept[unit.id]
    months = {
        month: {code: own.get((month, code), Sum()) for code in codes} for month in sorted({key[0] for key in own})
    }
    services: dict[str, int] = {}
    for (_month, code), each in own.items():
        if code.startswith(SERVICE):
            name = code.removeprefix(SERVICE)
            services[name] = services.get(name, 0) + each.number
    now = help_queries.of_units(db, [unit.id], closed_queries.as_period(closed), definitions)[unit.id]
    corrections = {code: now[code].number - found[unit.id][code].number for code in codes}
    assert closed.closed_at is not None
    rows = _sorted(below, found, sort)
    return Shown(definitions, found[unit.id], rows, months, services, ClosedWith(closed.closed_at, corrections))


def _over_months(figures: Figures, codes: Sequence[str]) -> dict[str, Sum]:
    found = dict.fromkeys(codes, Sum())
    for (_month, code), each in figures.items():
        if code in found:
            found[code] = found[code].plus(each)
    return found


def _sorted(below: Sequence[Unit], found: Mapping[int, Mapping[str, Sum]], sort: str) -> list[Row]:
    rows = [Row(each, found[each.id]) for each in below]
    return sorted(rows, key=lambda row: -row.figures[sort].number) if sort else rows
