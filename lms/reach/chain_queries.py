"""Reads of the chain from the register to the people helped, for a unit and the units right below it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from posixpath import commonpath
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.among import among
from lms.figures import queries as figures
from lms.figures.models import ANY
from lms.figures.queries import LEVELS_WITH_DAYS
from lms.helping import figure_queries as helping
from lms.helping.models import HelperDay, HelpersLast
from lms.people.models import Membership, Unit
from lms.people.queries import is_below, is_current
from lms.reach import closed_queries, help_queries
from lms.reach.pages import Chain, ChainPage, ChainRow
from lms.reach.rules import TOTAL, Span
from lms.reach.unit_queries import above, definitions_of, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.models import HelpPeriod
    from lms.helping.rules import Definition
    from lms.reach.rules import Period


def chain_page(db: Session, actor: int, unit: Unit, period: Period, days: int, today: date) -> ChainPage:
    """The chain of a unit and of the units right below it; active is who helped in the last `days`, today included."""
    below = help_queries.children(db, unit)
    chains = of_units(db, [unit, *below], period, days, today)
    closed, definitions = _meaning(db, unit, period, today)
    return ChainPage(
        unit,
        above(db, actor, unit),
        period,
        days,
        chains[unit.id],
        [ChainRow(each, chains[each.id]) for each in below],
        closed_queries.closed_periods(db, root_of(unit)),
        figures.counted_at(db),
        definitions,
        closed.closed_at if closed is not None else None,
        helping.counted_at(db),
    )


def of_units(db: Session, units: Sequence[Unit], period: Period, days: int, today: date) -> dict[int, Chain]:
    """The chain of each of these units, which are of one tree."""
    ids = [unit.id for unit in units]
    stands = figures.figures(db, ids, ANY)
    active = active_in(db, units, today - timedelta(days=days - 1), today)
    helped = _helped(db, units, period, today)
    return {
        each: Chain(
            registered=stands[each].registered,
            begun=stands[each].under_way + stands[each].failed + stands[each].certified,
            certified=stands[each].certified,
            active=active.get(each, 0),
            helped=helped[each],
        )
        for each in ids
    }


def _helped(db: Session, units: Sequence[Unit], period: Period, today: date) -> dict[int, int]:
    ids = [unit.id for unit in units]
    closed, definitions = _meaning(db, units[0], period, today)
    if closed is None:
        found = help_queries.of_units(db, ids, period, definitions)
        return {unit: sums[TOTAL].number for unit, sums in found.items()}
    kept = closed_queries.frozen(db, closed, definitions, ids)
    return {
        unit: sum(each.number for (_month, code), each in known.items() if code == TOTAL)
        for unit, known in kept.items()
    }


def _meaning(db: Session, unit: Unit, period: Period, today: date) -> tuple[HelpPeriod | None, Sequence[Definition]]:
    """By which definitions people helped are counted, and the closed period if that is what is asked about."""
    closed = closed_queries.closed_period(db, root_of(unit), period.id) if period.span is Span.CLOSED else None
    return closed or (None, definitions_of(db, unit, period, today))


def active_in(db: Session, units: Sequence[Unit], since: date, today: date) -> dict[int, int]:
    """How many people of each unit and of all below it helped since a day; units without any may be missing.

    The upper levels are counted already; below, the members of today are asked.
    """
    upper = [unit.id for unit in units if unit.path.count("/") - 1 <= LEVELS_WITH_DAYS]
    lower = [unit for unit in units if unit.path.count("/") - 1 > LEVELS_WITH_DAYS]
    days = select(HelpersLast.unit_id, func.sum(HelpersLast.helpers)).where(
        among(HelpersLast.unit_id, upper), HelpersLast.last_on >= since
    )
    found = {row[0]: int(row[1]) for row in db.execute(days.group_by(HelpersLast.unit_id))} if upper else {}
    return found | _members_active_in(db, lower, since, today) if lower else found


def _members_active_in(db: Session, units: Sequence[Unit], since: date, today: date) -> dict[int, int]:
    """The same of units far down, where few people are: all below what these have in common are read once."""
    common = commonpath([unit.path for unit in units]).rstrip("/") + "/"
    members = (
        select(Membership.person_id, Unit.path)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(HelperDay, HelperDay.person_id == Membership.person_id)
        .where(is_below(Unit.path, common), is_current(today), HelperDay.last_on >= since)
    )
    asked = {unit.id for unit in units}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, path in db.connection().execute(members):
        for unit in asked.intersection(map(int, path.strip("/").split("/"))):
            found[unit].add(person)
    return {unit: len(people) for unit, people in found.items()}
