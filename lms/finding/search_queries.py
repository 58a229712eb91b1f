"""Points by place: what words mean, what lies there, what is near, and the map of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists, func, or_, select, union_all

from lms.finding import name_queries as names_of
from lms.finding import queries, rules
from lms.finding.drawing import Spot, distance, draw
from lms.finding.models import FindName, HelpPoint, HelpPointHours, HelpPointTag
from lms.finding.pages import Choices, FindPage, Row
from lms.finding.rules import Access
from lms.paging import Page, page
from lms.people.models import Unit, UnitName
from lms.people.queries import is_below

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.finding.drawing import Drawing
    from lms.finding.pages import Wish

    Degrees: TypeAlias = tuple[float, float]

MOST_PLACES = 30  # units that words may mean
MOST_SAID = 200  # points whose address has the words
MOST_ROWS, MOST_NEAR = 20, 8
MOST_DOTS, CELLS = 300, 18  # from so many points on, those in one of CELLS x CELLS fields are drawn as one


def find(db: Session, wish: Wish, moment: datetime) -> FindPage:
    """The page for what somebody looks for, at a moment in the time of the site."""
    places = places_named(db, wish.words) if wish.words else []
    conditions = [queries.is_shown(moment.date()), *_wishes(wish, moment)]
    here = _inside(db, places, wish.words) if wish.words else None
    inside = [*conditions, here] if here is not None else conditions
    if wish.near is not None:
        found = Page(_nearest(db, inside, wish.near, MOST_ROWS))
    else:
        shown = select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id).where(*inside)
        found = page(db, shown, (Unit.folded_name, HelpPoint.id), wish.at, size=MOST_ROWS)
    middle = wish.near or (_middle(db, places[0]) if places else None)
    others: Sequence[Any] = ()
    if places and here is not None and len(found.rows) < MOST_NEAR and not (wish.at.after or wish.at.before):
        others = _others(db, [*conditions, ~here], places[0], middle)
    rows = _rows(db, [*found.rows, *others], middle, moment)
    return FindPage(
        wish,
        [place.name for place in places],
        rows[: len(found.rows)],
        rows[len(found.rows) :],
        db.scalar(select(func.count()).select_from(HelpPoint).join(Unit, Unit.id == HelpPoint.unit_id).where(*inside))
        or 0,
        found,
        _drawing(db, inside, [*found.rows, *others]),
        _choices(db),
        queries.roots(db),
    )


def places_named(db: Session, words: str) -> list[Unit]:
    """The open units that words mean, the best first: those of that name, else that begin so, else that have them."""
    wanted = names_of.forms(words)
    if not wanted:
        return []
    named = union_all(
        *(
            select(unit.label("unit"), name.label("name")).where(names_of.has(name, wanted))
            for unit, name in (
                (Unit.id, Unit.folded_name),
                (UnitName.unit_id, UnitName.folded_name),
                (FindName.unit_id, FindName.folded_name),
            )
        )
    ).subquery()
    starts = or_(*(named.c.name.startswith(form, autoescape=True) for form in wanted))
    rank = func.min(case((named.c.name.in_(wanted), 0), (starts, 1), else_=2))
    best = (
        select(Unit, rank)
        .join(named, named.c.unit == Unit.id)
        .where(Unit.closed_on.is_(None))
        .group_by(Unit.id)
        .order_by(rank, func.min(func.length(named.c.name)), func.length(Unit.path), Unit.id)
        .limit(MOST_PLACES)
    )
    rows = db.execute(best).all()
    return [row[0] for row in rows if row[1] == rows[0][1]]


def _inside(db: Session, places: Sequence[Unit], words: str) -> ColumnElement[bool]:
    """In or below one of the places, or with the words in what says where the point is."""
    paths = [place.path for place in places]
    tops = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    wanted = names_of.forms(words)
    # read once: as a part of the condition it would be looked for in all points by each statement
    said = select(HelpPoint.unit_id).where(HelpPoint.folded_place != "", names_of.has(HelpPoint.folded_place, wanted))
    ids = db.scalars(said.limit(MOST_SAID)).all() if wanted else ()
    return or_(Unit.code == words.strip(), *(is_below(Unit.path, path) for path in tops), Unit.id.in_(ids))


def _wishes(wish: Wish, moment: datetime) -> list[ColumnElement[bool]]:
    tags = (("service", wish.service), ("language", wish.language), ("access", wish.step_free and Access.STEP_FREE))
    found: list[ColumnElement[bool]] = [
        exists(
            select(HelpPointTag.point_id)
            .where(HelpPointTag.point_id == HelpPoint.id, HelpPointTag.field == field, HelpPointTag.value == value)
            .correlate(HelpPoint)
        )
        for field, value in tags
        if value
    ]
    if wish.open_now:
        minute = 60 * moment.hour + moment.minute
        is_now = (HelpPointHours.opens <= minute, HelpPointHours.closes > minute)
        on = (HelpPointHours.point_id == HelpPoint.id, HelpPointHours.weekday == moment.isoweekday())
        found.append(exists(select(HelpPointHours.point_id).where(*on, *is_now).correlate(HelpPoint)))
    return found


def _nearest(db: Session, conditions: Sequence[Any], middle: Degrees, most: int) -> Sequence[Any]:
    """Points by distance; over a country's width a plane is near enough to the earth to tell which is nearer."""
    latitude, longitude = middle
    north, east = Unit.latitude - latitude, (Unit.longitude - longitude) * math.cos(math.radians(latitude))
    known = _points(conditions).where(Unit.latitude.is_not(None), Unit.longitude.is_not(None))
    return db.execute(known.order_by(north * north + east * east, HelpPoint.id).limit(most)).all()


def _points(conditions: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id).where(*conditions)


def _others(db: Session, conditions: Sequence[Any], place: Unit, middle: Degrees | None) -> Sequence[Any]:
    """What is nearest; where no place is known, what lies in the same district, or in the one above it."""
    if middle is not None:
        return _nearest(db, conditions, middle, MOST_NEAR)
    for top in _tops(place.path)[1:]:
        found = db.execute(
            _points([*conditions, is_below(Unit.path, top)]).order_by(Unit.folded_name, HelpPoint.id).limit(MOST_NEAR)
        ).all()
        if found:
            return found
    return ()


def _tops(path: str) -> list[str]:
    """The path and those above it, the nearest first."""
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:size])}/" for size in range(len(parts), 0, -1)]


def _middle(db: Session, place: Unit) -> Degrees | None:
    """Where a unit is: its own place, else the middle of those below it, else the same of the unit above."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    for top in _tops(place.path)[:-1]:
        inside = (is_below(Unit.path, top), Unit.latitude.is_not(None), Unit.longitude.is_not(None))
        latitude, longitude = db.execute(select(func.avg(Unit.latitude), func.avg(Unit.longitude)).where(*inside)).one()
        if latitude is not None:
            return latitude, longitude
    return None


def _rows(db: Session, found: Sequence[Any], middle: Degrees | None, moment: datetime) -> list[Row]:
    points = [row[0].id for row in found]
    tags, weeks = queries.tags_of(db, points), queries.weeks_of(db, points)
    names = queries.names_above(db, [row[1].path for row in found])
    rows = []
    for number, (point, unit) in enumerate((tuple(row)[:2] for row in found), 1):
        above, offers = queries.above_of(unit.path), tags[point.id]
        place = None if unit.latitude is None or unit.longitude is None else (unit.latitude, unit.longitude)
        rows.append(
            Row(
                number if place else 0,
                unit.code,
                unit.name,
                names.get(above[-1], "") if above else "",
                point.place,
                rules.today(weeks[point.id], moment),
                offers.get("service", ()),
                offers.get("language", ()),
                offers.get("access", ()),
                distance(middle, place) if middle and place else None,
            )
        )
    return rows


def _choices(db: Session) -> Choices:
    """What points have; three short statements over an index."""
    values = select(HelpPointTag.value).distinct().order_by(HelpPointTag.value)
    step_free = select(HelpPointTag.point_id).where(
        HelpPointTag.field == "access", HelpPointTag.value == Access.STEP_FREE
    )
    return Choices(
        db.scalars(values.where(HelpPointTag.field == "service")).all(),
        db.scalars(values.where(HelpPointTag.field == "language")).all(),
        db.scalar(step_free.limit(1)) is not None,
    )


def _drawing(db: Session, conditions: Sequence[Any], listed: Sequence[Any]) -> Drawing | None:
    """The map: the points of the list with their numbers, and all others that were found as dots."""
    numbered = {
        row[1].id: Spot(row[1].latitude, row[1].longitude, 1, number, queries.above_of(row[1].path))
        for number, row in enumerate(listed, 1)
        if row[1].latitude is not None and row[1].longitude is not None
    }
    cells = _cells(db, [*conditions, Unit.id.not_in(list(numbered))])
    paths = {row[0]: row[1] for row in db.execute(select(Unit.id, Unit.path).where(Unit.id.in_(list(cells))))}
    spots = [
        Spot(latitude, longitude, count, 0, queries.above_of(paths[unit]))
        for unit, (latitude, longitude, count) in cells.items()
    ]
    every = [*numbered.values(), *spots]
    wanted = {each for spot in every for each in spot.above}
    names = {row[0]: row[1] for row in db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))}
    return draw(every, names)


def _cells(db: Session, conditions: Sequence[Any]) -> dict[int, tuple[float, float, int]]:
    """The dots by one of their units: each point by itself, or where there are many, those of a field together."""
    known = (Unit.latitude.is_not(None), Unit.longitude.is_not(None), *conditions)
    latitude: Any = Unit.latitude
    longitude: Any = Unit.longitude
    bounds = (func.count(), func.min(latitude), func.max(latitude), func.min(longitude), func.max(longitude))
    joined = select(*bounds).select_from(HelpPoint).join(Unit, Unit.id == HelpPoint.unit_id).where(*known)
    count, south, north, west, east = db.execute(joined).one()
    if not count:
        return {}
    dots = select(Unit.id, latitude, longitude, 1)
    if count > MOST_DOTS:
        high, wide = max(north - south, 1e-9) / CELLS, max(east - west, 1e-9) / CELLS
        fields = func.round((latitude - south) / high), func.round((longitude - west) / wide)
        dots = select(func.min(Unit.id), func.avg(latitude), func.avg(longitude), func.count()).group_by(*fields)
    rows = db.execute(dots.select_from(HelpPoint).join(Unit, Unit.id == HelpPoint.unit_id).where(*known))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}
