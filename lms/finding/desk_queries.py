"""What a coordinator reads of the help points of her units, and a helper of how she is found."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.finding import name_queries as names_of
from lms.finding import queries
from lms.finding.models import FindName, HelperListing, HelpPoint, HelpSaidTally
from lms.finding.pages import DeskPage, DeskRow, EditPage, MyPage
from lms.finding.rules import WARN_DAYS, State, is_shown
from lms.finding.score import score
from lms.paging import At, page
from lms.people.models import Membership, Person, Unit, UnitName
from lms.people.queries import is_below, is_current, nearest_coordinators, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

ENDING, NONE = "ending", "none"  # besides the states themselves
CHOSEN = (State.PUBLIC, State.PROPOSED, State.HIDDEN, ENDING, NONE)
MOST_MONTHS = 24


def desk(db: Session, person: int, words: str, chosen: str, at: At, day: date) -> DeskPage:
    """The points of somebody's units, or the units with these words, also those without an entry."""
    mine = visible_units(person, Right.COORDINATE)
    listed = select(Unit, HelpPoint).outerjoin(HelpPoint, HelpPoint.unit_id == Unit.id)
    listed = listed.where(mine, Unit.closed_on.is_(None))
    if words:
        listed = listed.where(_named(words))
    if chosen or not words:
        listed = listed.where(_is(chosen, day))
    found = page(db, listed, (Unit.folded_name, Unit.id), at)
    return DeskPage(words, chosen, _rows(db, found.rows, day), found, _counts(db, person, day))


def _is(chosen: str, day: date) -> ColumnElement[bool]:
    if chosen == NONE:
        return HelpPoint.id.is_(None)
    if chosen == ENDING:
        soon = day + timedelta(days=WARN_DAYS)
        ends = or_(HelpPoint.stands_until.is_(None), HelpPoint.stands_until <= soon)
        return and_(HelpPoint.state == State.PUBLIC, ends)
    return HelpPoint.state == chosen if chosen else HelpPoint.id.is_not(None)


def _named(words: str) -> ColumnElement[bool]:
    wanted = names_of.forms(words)
    other = select(UnitName.unit_id).where(names_of.has(UnitName.folded_name, wanted))
    latin = select(FindName.unit_id).where(names_of.has(FindName.folded_name, wanted))
    if not wanted:
        return Unit.code == words.strip()
    named = names_of.has(Unit.folded_name, wanted)
    return or_(named, Unit.id.in_(other), Unit.id.in_(latin), Unit.code == words.strip())


def _rows(db: Session, found: Sequence[object], day: date) -> list[DeskRow]:
    pairs: list[tuple[Unit, HelpPoint | None]] = [(row[0], row[1]) for row in found]  # type: ignore[index]
    names, soon = queries.names_above(db, [unit.path for unit, _point in pairs]), day + timedelta(days=WARN_DAYS)
    rows = []
    for unit, point in pairs:
        above = queries.above_of(unit.path)
        state, until = (point.state, point.stands_until) if point is not None else ("", None)
        shown = is_shown(state, until, day)
        ends = state == State.PUBLIC and (until is None or until <= soon)
        has_place = unit.latitude is not None
        rows.append(
            DeskRow(unit.code, unit.name, names[above[-1]] if above else "", state, until, shown, ends, has_place)
        )
    return rows


def _counts(db: Session, person: int, day: date) -> dict[str, int]:
    mine = select(HelpPoint.state, func.count()).join(Unit, Unit.id == HelpPoint.unit_id)
    mine = mine.where(visible_units(person, Right.COORDINATE), Unit.closed_on.is_(None))
    counts = {row[0]: row[1] for row in db.execute(mine.group_by(HelpPoint.state))}
    ending = select(func.count()).select_from(HelpPoint).join(Unit, Unit.id == HelpPoint.unit_id)
    ending = ending.where(visible_units(person, Right.COORDINATE), Unit.closed_on.is_(None), _is(ENDING, day))
    return {**counts, ENDING: db.scalar(ending) or 0}


def unit_by_code(db: Session, person: int, code: str) -> Unit | None:
    """The open unit with this code, if somebody coordinates it."""
    found = select(Unit).where(Unit.code == code, Unit.closed_on.is_(None))
    return db.scalar(found.where(visible_units(person, Right.COORDINATE)))


def units_by_code(db: Session, codes: Iterable[str]) -> dict[str, Unit]:
    """The open units with these codes."""
    found = select(Unit).where(Unit.code.in_(sorted(set(codes))), Unit.closed_on.is_(None))
    return {unit.code: unit for unit in db.scalars(found)}


def point_of(db: Session, unit: Unit) -> HelpPoint | None:
    """The entry of a unit."""
    return db.scalar(select(HelpPoint).where(HelpPoint.unit_id == unit.id))


def edit_page(db: Session, unit: Unit, moment: datetime) -> EditPage:
    """One entry as its coordinator sees it at a moment in the time of the site."""
    point, day = point_of(db, unit), moment.date()
    ids = [point.id] if point is not None else []
    weeks = queries.answers(db, ids[0], moment.tzinfo) if ids else []
    until = queries.stands_until(db, unit.id, unit.path, day, day.max)
    return EditPage(
        unit.code,
        unit.name,
        unit.id,
        int(unit.path.split("/")[1]),
        point,
        queries.weeks_of(db, ids)[ids[0]] if ids else {},
        queries.tags_of(db, ids)[ids[0]] if ids else {},
        point is not None and is_shown(point.state, until, day),
        until,
        score(weeks, day),
        sum(week.said for week in weeks),
        _months(db, ids[0]) if ids else (),
        unit.latitude is not None,
    )


def _months(db: Session, point: int) -> list[tuple[date, int, int, int]]:
    rows = select(HelpSaidTally).where(HelpSaidTally.point_id == point).order_by(HelpSaidTally.month.desc())
    return [(row.month, row.yes, row.partly, row.no) for row in db.scalars(rows.limit(MOST_MONTHS))]


def listing(db: Session, person: int) -> HelperListing | None:
    """What somebody lets the public see."""
    return db.get(HelperListing, person)


def my_page(db: Session, person: int, day: date) -> MyPage:
    """Where a helper is found: the points that the public sees of her units and of those above them."""
    home = aliased(Unit)
    inside = (
        select(Membership.id)
        .join(home, home.id == Membership.unit_id)
        .where(Membership.person_id == person, is_current(day), is_below(home.path, Unit.path))
        .correlate(Unit)
    )
    shown = select(Unit.code, Unit.name, Unit.path).join(HelpPoint, HelpPoint.unit_id == Unit.id)
    points = db.execute(shown.where(exists(inside), queries.is_shown(day)).order_by(Unit.path.desc()).limit(20)).all()
    path = select(home.path).join(Membership, Membership.unit_id == home.id)
    path = path.where(Membership.person_id == person, is_current(day)).order_by(Membership.id.desc()).limit(1)
    own, row = db.scalar(path), listing(db, person)
    name = db.scalar(select(Person.name).where(Person.id == person)) or ""
    is_certified = db.scalar(select(queries.is_certified(person, day)))
    return MyPage(
        [(each.code, each.name) for each in points],
        bool(is_certified),
        int(own.split("/")[1]) if own else None,
        queries.as_shown(row, name) if row is not None else None,
    )


def to_tell(db: Session, point_id: int) -> tuple[HelpPoint, Unit, list[tuple[str, str]]] | None:
    """A point, its unit, and who is told of it: proved addresses and languages of the nearest coordinators."""
    point = db.get(HelpPoint, point_id)
    unit = db.get(Unit, point.unit_id) if point is not None else None
    if point is None or unit is None:
        return None
    return point, unit, nearest_coordinators(db, unit.path)
