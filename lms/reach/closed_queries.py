"""Reads of periods and of what they were closed with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.among import among
from lms.helping.adding import COVERED
from lms.helping.counting_queries import month_of
from lms.helping.figure_queries import Cell, known_at
from lms.helping.models import HelpEntry, HelpPeriod
from lms.helping.rules import Definition
from lms.people.models import Person, Unit
from lms.people.queries import is_below
from lms.reach.help_queries import worth
from lms.reach.models import ClosedFigure, ClosedPeriod
from lms.reach.rules import SERVICE, Alike, Period, Span, Sum, roll_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    # month and code -> what that comes to
    Figures: TypeAlias = dict[tuple[date, str], Sum]

A_TIME = 5000  # rows fetched at a time


def as_words(definitions: Iterable[Definition]) -> list[dict[str, Any]]:
    """Definitions as JSON keeps them."""
    return [
        {
            "code": each.code,
            "version": each.version,
            "titles": dict(each.titles),
            "texts": dict(each.texts),
            "kinds": sorted(each.kinds),
            "audiences": sorted(each.audiences),
            "counts": each.counts,
            "id": each.id,
        }
        for each in definitions
    ]


def as_definitions(kept: Iterable[Mapping[str, Any]]) -> tuple[Definition, ...]:
    """The same back."""
    return tuple(
        Definition(
            each["code"], each["version"], each["titles"], each["texts"], frozenset(each["kinds"]),
            frozenset(each["audiences"]), each["counts"], id=each["id"],
        )
        for each in kept
    )  # fmt: skip


def closed_periods(db: Session, root: int) -> Sequence[HelpPeriod]:
    """The closed periods of a tree whose figures are written, the newest first."""
    frozen = select(HelpPeriod).join(ClosedPeriod, ClosedPeriod.period_id == HelpPeriod.id)
    mine = frozen.where(HelpPeriod.unit_id == root, ClosedPeriod.frozen_at.is_not(None))
    return db.scalars(mine.order_by(HelpPeriod.last_day.desc(), HelpPeriod.first_day, HelpPeriod.id)).all()


def closed_period(db: Session, root: int, period_id: int) -> tuple[HelpPeriod, tuple[Definition, ...]] | None:
    """A closed period of a tree, and the definitions that it was closed with; None if there is none."""
    row = db.execute(
        select(HelpPeriod, ClosedPeriod.definitions)
        .join(ClosedPeriod, ClosedPeriod.period_id == HelpPeriod.id)
        .where(HelpPeriod.id == period_id, HelpPeriod.unit_id == root, ClosedPeriod.frozen_at.is_not(None))
    ).one_or_none()
    return None if row is None else (row[0], as_definitions(row[1]))


def period(db: Session, period_id: int) -> HelpPeriod | None:
    """One period."""
    return db.get(HelpPeriod, period_id)


def as_period(row: HelpPeriod) -> Period:
    """A closed period as a value."""
    return Period(Span.CLOSED, row.first_day, row.last_day, row.id)


def periods_of(db: Session, roots: Sequence[int]) -> Sequence[Any]:
    """All periods of these trees, the newest first: `HelpPeriod`, `frozen_at`, who closed it (`by`)."""
    rows = (
        select(HelpPeriod, ClosedPeriod.frozen_at, Person.name.label("by"))
        .outerjoin(ClosedPeriod, ClosedPeriod.period_id == HelpPeriod.id)
        .outerjoin(Person, Person.id == HelpPeriod.closed_by)
        .where(among(HelpPeriod.unit_id, roots))
    )
    return db.execute(rows.order_by(HelpPeriod.last_day.desc(), HelpPeriod.first_day, HelpPeriod.id)).all()


def frozen(
    db: Session, closed: HelpPeriod, definitions: Sequence[Definition], units: Sequence[int]
) -> dict[int, Figures]:
    """What each of these units had at the closing, by month and code.

    A unit that has no rows had no others below it, or nothing at all: then its own entries say it, as they were known
    at that moment. An entry's unit never changes, so this does not either.
    """
    found: dict[int, Figures] = {unit: {} for unit in units}
    kept = select(ClosedFigure).where(ClosedFigure.period_id == closed.id, among(ClosedFigure.unit_id, units))
    for known in db.scalars(kept):
        found[known.unit_id][known.month, known.code] = Sum(known.number, known.apart, known.tallied)
    assert closed.closed_at is not None
    lower = [unit for unit, figures in found.items() if not figures]
    own = among(HelpEntry.unit_id, lower)
    for row in alike(db, own, closed.first_day, closed.last_day, closed.closed_at):
        figures = found[int(row.path.rstrip("/").rpartition("/")[2])]
        month = row.month.replace(day=1)
        for code, each in worth_of(row, definitions).items():
            figures[month, code] = figures.get((month, code), Sum()).plus(each)
    return found


def alike(db: Session, which: Any, first: date, last: date, moment: datetime) -> Iterator[Alike]:
    """The entries of a period as they were known at a moment, alike ones together, in the order of the units' paths."""
    same = (
        Unit.path,
        month_of(db),
        HelpEntry.kind,
        HelpEntry.audience,
        HelpEntry.service,
        HelpEntry.standing != COVERED,
        HelpEntry.is_tally,
    )
    numbers = (func.sum(HelpEntry.people), func.count())
    rows = (
        select(*same, *numbers)
        .join_from(HelpEntry, Unit, Unit.id == HelpEntry.unit_id)
        .where(which, HelpEntry.given_on.between(first, last), known_at(moment))
        .group_by(*same)
        .order_by(Unit.path)
    )
    for row in db.connection().execution_options(yield_per=A_TIME).execute(rows):
        yield Alike(*row)


def worth_of(row: Alike, definitions: Sequence[Definition]) -> dict[str, Sum]:
    """What some alike entries add to each code; nothing where they add nothing."""
    cell = Cell(0, row.month, row.kind, row.audience, row.is_apart, row.is_tally, row.people, row.entries)
    found = {code: each for code, each in worth([cell], definitions).items() if any(each)}
    if row.service and not row.is_apart:
        found[f"{SERVICE}{row.service}"] = Sum(row.people)
    return found


def upper_units(db: Session, path: str) -> set[int]:
    """The units of a tree that have others below them."""
    parents = select(Unit.parent_id).where(is_below(Unit.path, path), Unit.parent_id.is_not(None)).distinct()
    return {each for each in db.scalars(parents) if each is not None}


def rows_to_keep(db: Session, period_id: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `ClosedFigure` for a period, unit by unit; of units without others below them there are none."""
    closed = db.get_one(HelpPeriod, period_id)
    root = db.get_one(Unit, closed.unit_id)
    definitions = as_definitions(db.get_one(ClosedPeriod, period_id).definitions)
    upper = upper_units(db, root.path)
    assert closed.closed_at is not None
    found = alike(db, is_below(Unit.path, root.path), closed.first_day, closed.last_day, closed.closed_at)
    for unit, figures in roll_up((row, worth_of(row, definitions)) for row in found):
        if unit in upper:
            for (month, code), each in figures.items():
                yield (period_id, unit, month, code, *each)
