"""Reads of the reports on help: what the desk's pages show, month by month, now or at the end of a past day."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from lms.paging import At
from lms.reach import closed_queries, gap_queries, help_queries
from lms.reach.rules import TOTAL, Period, Span, Sum
from lms.reach.unit_queries import definitions_of, root_of
from lms.reporting.queries import right_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    from lms.helping.models import HelpPeriod
    from lms.helping.rules import Definition
    from lms.people.models import Unit
    from lms.reach.pages import GapRow
    from lms.reporting.months import Months
    from lms.reporting.queries import Asked

    # the first day of a month -> code of a definition, or `TOTAL` -> what it comes to
    ByMonth: TypeAlias = Mapping[date, Mapping[str, Sum]]

AT_ONCE = 2000  # units read in one go


class Meaning(NamedTuple):
    """What figures of some months mean: the definitions, and the closed period that these months are, if they are."""

    period: Period
    definitions: Sequence[Definition]
    closed: HelpPeriod | None


class Line(NamedTuple):
    """What a unit has in a month (None: in the whole period), by code.

    `changed` is by how much the numbers are others today than when the period was closed; None where it is not.
    """

    unit: Unit
    month: date | None
    figures: Mapping[str, Sum]
    changed: Mapping[str, int] | None


def meaning(db: Session, unit: Unit, months: Months, day: date) -> Meaning:
    """What figures of a unit mean on a day. Months that were closed as a period by then are that period."""
    for each in closed_queries.closed_periods(db, root_of(unit)):
        is_same = (each.first_day, each.last_day) == (months.first, months.last)
        found = closed_queries.closed_period(db, root_of(unit), each.id) if is_same else None
        if found is not None and each.closed_at is not None and each.closed_at.date() <= day:
            return Meaning(closed_queries.as_period(each), found[1], each)
    period = Period(Span.MONTHS, months.first, months.last)
    return Meaning(period, definitions_of(db, unit, period, day), None)


def lines(db: Session, asked: Asked, months: Months) -> Iterator[Line]:
    """The unit, then those right below it: the whole period first, then each month that has any help."""
    known, units = meaning(db, asked.unit, months, asked.day), _units(db, asked)
    ids, codes = [unit.id for unit in units], [*(each.code for each in known.definitions), TOTAL]
    moment = datetime.combine(asked.day, time.max, UTC) if asked.is_past else None
    live = help_queries.by_unit_and_month(db, ids, known.period, known.definitions, moment)
    kept = _as_closed(db, known.closed, known.definitions, ids) if known.closed is not None else live
    for unit in units:
        then, since = kept[unit.id], live[unit.id]
        yield _line(unit, None, _over(then, codes), _over(since, codes) if known.closed else None)
        for month in sorted(then.keys() | since.keys()):
            own, other = ({code: each.get(month, {}).get(code, Sum()) for code in codes} for each in (then, since))
            yield _line(unit, month, own, other if known.closed else None)


def _units(db: Session, asked: Asked) -> list[Unit]:
    """The unit and those right below it: as they stood on a past day; today the open ones, as on the screen."""
    below = right_below(db, asked) if asked.is_past else help_queries.children(db, asked.unit)
    return [asked.unit, *below]


def _as_closed(
    db: Session, closed: HelpPeriod, definitions: Sequence[Definition], ids: Sequence[int]
) -> dict[int, dict[date, dict[str, Sum]]]:
    found: dict[int, dict[date, dict[str, Sum]]] = {unit: {} for unit in ids}
    for unit, figures in closed_queries.frozen(db, closed, definitions, ids).items():
        for (month, code), each in figures.items():
            found[unit].setdefault(month, {})[code] = each
    return found


def _over(months: ByMonth, codes: Sequence[str]) -> dict[str, Sum]:
    """All months together."""
    found = dict.fromkeys(codes, Sum())
    for figures in months.values():
        found = {code: each.plus(figures.get(code, Sum())) for code, each in found.items()}
    return found


def _line(unit: Unit, month: date | None, own: Mapping[str, Sum], since: Mapping[str, Sum] | None) -> Line:
    changed = {code: each.number - own[code].number for code, each in since.items()} if since is not None else None
    return Line(unit, month, own, changed)


def all_gaps(db: Session, unit: Unit) -> Iterator[GapRow]:
    """Every unit below one that has no valid helper today: the kinds with the fewest units first, each by name."""
    for kind in gap_queries.kinds(db, unit):
        at: At | None = At() if kind.without else None
        while at is not None:
            rows, page = gap_queries.without(db, unit, kind.kind, at, size=AT_ONCE)
            yield from rows
            at = At(after=page.later) if page.later else None
