"""What the worker reads to find odd entries: new ones, whole months of their helpers, what is usual among peers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, extract, func, select

from lms.among import among
from lms.helping.models import HelpEntry, HelpPeriod, HelpTaken
from lms.people.models import Unit
from lms.people.queries import is_below
from lms.vetting.models import HelpFinding
from lms.vetting.rules import Entry, Peers, State, first_of_next, is_too_round, quiet_hours, spread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

A_TIME = 5000  # rows fetched at a time


class Whose(NamedTuple):
    """Entries that are judged together: of one helper, in one unit, in one month (its first day)."""

    helper: int
    unit: int
    month: date


class UnitMonth(NamedTuple):
    """What a unit's entries of a month come to. `numbers` are its tallies from 10, `tens` those that end with 0."""

    unit: int
    people: int
    entries: int
    newest: int
    numbers: int
    tens: int

    @property
    def is_round(self) -> bool:
        """Whether its tallies are rounder than chance explains."""
        return is_too_round(self.numbers, self.tens)


def newest(db: Session) -> int:
    """The number of the newest entry."""
    return db.scalar(select(func.max(HelpEntry.id))) or 0


def touched(db: Session, after: int, until: int) -> tuple[set[Whose], set[tuple[int, date]]]:
    """Whose months the entries with these numbers are in, and the months of units that they are in."""
    columns = select(HelpEntry.helper_id, HelpEntry.unit_id, HelpEntry.given_on)
    whose: set[Whose] = set()
    units: set[tuple[int, date]] = set()
    for helper, unit, day in db.execute(columns.where(HelpEntry.id > after, HelpEntry.id <= until)):
        month = day.replace(day=1)
        units.add((unit, month))
        if helper is not None:
            whose.add(Whose(helper, unit, month))
    return whose, units


def undone_since(db: Session, moment: datetime) -> set[Whose]:
    """Whose months are listed and have entries that were undone since a moment."""
    found = select(HelpFinding.helper_id, HelpFinding.unit_id, HelpFinding.month).join(
        HelpEntry, (HelpEntry.helper_id == HelpFinding.helper_id) & (HelpEntry.unit_id == HelpFinding.unit_id)
    )
    is_open = HelpFinding.state.in_((State.OPEN, State.ASKED))
    rows = db.execute(found.where(is_open, HelpEntry.undone_at > moment).distinct())
    return {Whose(helper, unit, month) for helper, unit, month in rows if helper is not None}


def units_undone_since(db: Session, moment: datetime) -> set[tuple[int, date]]:
    """The months of units whose sums are listed and hold less since a moment, because entries were undone."""
    of_month = (HelpEntry.unit_id == HelpFinding.unit_id) & (HelpEntry.given_on >= HelpFinding.month)
    found = select(HelpFinding.unit_id, HelpFinding.month).join(HelpEntry, of_month)
    is_open = (HelpFinding.helper_id.is_(None), HelpFinding.state.in_((State.OPEN, State.ASKED)))
    rows = db.execute(found.where(*is_open, HelpEntry.undone_at > moment).distinct())
    return {(unit, month) for unit, month in rows}


def entries_of(db: Session, whose: Collection[Whose]) -> dict[Whose, list[Entry]]:
    """The entries of some helpers' months that stand, without tallies."""
    if not whose:
        return {}
    first, last = min(each.month for each in whose), first_of_next(max(each.month for each in whose))
    in_time = (HelpEntry.given_on >= first, HelpEntry.given_on < last, HelpEntry.undone_at.is_(None))
    rows = _entries().where(among(HelpEntry.helper_id, {each.helper for each in whose}), *in_time)
    found: defaultdict[Whose, list[Entry]] = defaultdict(list)
    for helper, unit, *rest in db.execute(rows):
        entry = Entry(*rest)
        key = Whose(helper, unit, entry.given_on.replace(day=1))
        if key in whose:
            found[key].append(entry)
    return found


def _entries() -> Select[Any]:
    of = (HelpEntry.kind, HelpEntry.audience, HelpEntry.service, HelpEntry.people, HelpEntry.minutes, HelpEntry.channel)
    # what was taken out and put back was noted when it was noted first
    noted = func.coalesce(HelpTaken.noted_at, HelpEntry.logged_at)
    whose = (HelpEntry.helper_id, HelpEntry.unit_id, HelpEntry.id, HelpEntry.given_on, noted)
    columns: tuple[Any, ...] = (*whose, *of)
    return select(*columns).outerjoin(HelpTaken, HelpTaken.again_id == HelpEntry.id).where(~HelpEntry.is_tally)


def listed(db: Session, whose: Collection[Whose]) -> dict[Whose, HelpFinding]:
    """What is listed of these helpers' months."""
    rows = db.scalars(select(HelpFinding).where(among(HelpFinding.helper_id, {each.helper for each in whose})))
    found = {Whose(row.helper_id or 0, row.unit_id, row.month): row for row in rows}
    return {key: row for key, row in found.items() if key in whose}


def units_listed(db: Session, root: int, month: date) -> set[int]:
    """The units of a tree whose sums of a month are listed."""
    found = select(HelpFinding.unit_id).join(Unit, Unit.id == HelpFinding.unit_id)
    of = (HelpFinding.helper_id.is_(None), HelpFinding.month == month)
    return set(db.scalars(found.where(*of, is_below(Unit.path, db.get_one(Unit, root).path))))


def listed_units(db: Session, month: date, units: Collection[int]) -> dict[int, HelpFinding]:
    """What is listed of these units' sums of a month."""
    of = (HelpFinding.helper_id.is_(None), HelpFinding.month == month)
    return {row.unit_id: row for row in db.scalars(select(HelpFinding).where(among(HelpFinding.unit_id, units), *of))}


def roots_of(db: Session, units: Collection[int]) -> dict[int, int]:
    """The top of each unit's tree."""
    rows = db.execute(select(Unit.id, Unit.path).where(among(Unit.id, units)))
    return {row.id: int(row.path.split("/")[1]) for row in rows}


def deadlines(db: Session) -> dict[date, list[date]]:
    """The last days of the periods that programmes report on, by the first day of their month."""
    found: defaultdict[date, list[date]] = defaultdict(list)
    for day in db.scalars(select(HelpPeriod.last_day).distinct()):
        found[day.replace(day=1)].append(day)
    return found


def peers(db: Session, root: int, month: date) -> Peers:
    """What is usual in a tree in a month, counted from its entries by the database."""
    inside = _inside(db, root, month)
    a_day = select(func.count().label("times")).where(*inside).group_by(HelpEntry.helper_id, HelpEntry.given_on)
    days = a_day.subquery()
    histogram = {row[0]: row[1] for row in db.execute(select(days.c.times, func.count()).group_by(days.c.times))}
    by_kind: defaultdict[str, dict[int, int]] = defaultdict(dict)
    at_once = select(HelpEntry.kind, HelpEntry.people, func.count()).where(*inside)
    for kind, people, times in db.execute(at_once.group_by(HelpEntry.kind, HelpEntry.people)):
        by_kind[kind][people] = times
    hour = _hour(db)
    hours = {int(row[0]): row[1] for row in db.execute(select(hour, func.count()).where(*inside).group_by(hour))}
    spreads = {kind: spread(each) for kind, each in by_kind.items()}
    return Peers(
        spread(histogram), {kind: each for kind, each in spreads.items() if each is not None}, quiet_hours(hours)
    )


def _inside(db: Session, root: int, month: date) -> tuple[ColumnElement[bool], ...]:
    top = db.get_one(Unit, root).path
    below = HelpEntry.unit_id.in_(select(Unit.id).where(is_below(Unit.path, top)))
    in_time = (HelpEntry.given_on >= month, HelpEntry.given_on < first_of_next(month))
    return below, *in_time, HelpEntry.undone_at.is_(None), ~HelpEntry.is_tally


def _hour(db: Session) -> Any:
    """The hour in UTC in which an entry was noted, as SQL."""
    if db.get_bind().dialect.name == "postgresql":
        return extract("hour", func.timezone("UTC", HelpEntry.logged_at))
    return func.strftime("%H", HelpEntry.logged_at)


def unit_months(db: Session, root: int, month: date) -> Mapping[str, Sequence[UnitMonth]]:
    """What the units of a tree noted in a month, by their kind."""
    top = db.get_one(Unit, root).path
    is_many = HelpEntry.is_tally & (HelpEntry.people >= 10)
    numbers = (
        func.sum(HelpEntry.people),
        func.count(),
        func.max(HelpEntry.id),
        func.sum(case((is_many, 1), else_=0)),
        func.sum(case((is_many & (HelpEntry.people % 10 == 0), 1), else_=0)),
    )
    in_time = (HelpEntry.given_on >= month, HelpEntry.given_on < first_of_next(month), HelpEntry.undone_at.is_(None))
    rows = select(Unit.kind, HelpEntry.unit_id, *numbers).join(Unit, Unit.id == HelpEntry.unit_id)
    rows = rows.where(is_below(Unit.path, top), *in_time).group_by(Unit.kind, HelpEntry.unit_id)
    found: defaultdict[str, list[UnitMonth]] = defaultdict(list)
    for kind, *rest in db.connection().execution_options(yield_per=A_TIME).execute(rows):
        found[kind].append(UnitMonth(*rest))
    return found
