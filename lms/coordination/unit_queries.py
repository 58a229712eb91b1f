"""Reads of one unit: how it stands, the units below it compared, the units that lack something.

All figures come from what was counted; no statement grows with the number of people.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, cast, func, or_, select

from lms.coordination import target_queries as targets
from lms.coordination.charts import Growth, tiles
from lms.coordination.unit_pages import Gap, GapPage, GapRow, KindRow, Overview, Sort, Tile, UnitPage, UnitRow
from lms.db import lasting_alias
from lms.figures import queries as figures
from lms.figures.models import NONE, UnitFigure, UnitTally
from lms.figures.rules import Day, Figures
from lms.paging import At, page
from lms.people.models import RoleGrant, Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Grant, Right, Role, rights_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.coordination.target_pages import TargetRow
    from lms.coordination.unit_pages import Looked
    from lms.paging import Page

    Rows: TypeAlias = Select[*tuple[Any, ...]]

MOST_TILES = 120
LONGEST_SIGN = 5
DRAWN_DAYS = 180
WIDTH = 7  # a unit, and its figures
_register, _course = lasting_alias(UnitFigure), lasting_alias(UnitFigure)


def unit_page(db: Session, actor: int, unit: Unit, looked: Looked, at: At, today: date) -> UnitPage:
    """How a unit stands in a course, and the units right below it."""
    found = compared(db, actor, unit, looked, at)
    return UnitPage(overview(db, actor, unit, looked.course, today), above(db, actor, unit), unit_rows(found), found)


def unit_rows(found: Page) -> list[UnitRow]:
    """The units of a page that `compared` found."""
    return [UnitRow(row[0], Figures(*row[1:WIDTH])) for row in found.rows]


def overview(db: Session, actor: int, unit: Unit, course: str, today: date) -> Overview:
    """The figures of a unit in a course, its targets, how it grew, and what is below it."""
    running = targets.of_units(db, [unit], today)
    counted = figures.figures(db, [unit.id], course)[unit.id]
    days = figures.days(db, unit, course, today - timedelta(days=DRAWN_DAYS), today)
    aim = next((row for row in running if row.course == course and row.is_of_people), None)
    return Overview(
        unit=unit,
        figures=counted,
        targets=running,
        growth=_growth(counted, days, aim, today),
        days={day.day: day for day in days if day.day >= today - timedelta(days=1)},
        tiles=map_of(db, unit, course, aim, today),
        kinds=kinds_below(db, unit, course),
        rights=rights_at(db, actor, unit),
        counted=figures.counted_at(db),
    )


def rights_at(db: Session, actor: int, unit: Unit) -> frozenset[Right]:
    """What somebody may do in a unit."""
    ids = [int(part) for part in unit.path.strip("/").split("/")]
    here = or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_(ids))
    held = select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.person_id == actor, RoleGrant.ended_at.is_(None))
    rows = db.execute(held.where(here))
    return rights_of([Grant(Role(role), unit_id is not None) for role, unit_id in rows], signed_in=True)


def above(db: Session, actor: int, unit: Unit) -> Sequence[Unit]:
    """The units above this one that are in scope, the highest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    found = select(Unit).where(Unit.id.in_(ids), visible_units(actor, Right.OVERSEE))
    return db.scalars(found.order_by(func.length(Unit.path))).all()


def compared(db: Session, actor: int, unit: Unit, looked: Looked, at: At) -> Page:
    """A page of the units right below a unit, with their figures, sorted as asked."""
    chosen = with_figures(looked.course).where(
        Unit.parent_id == unit.id, Unit.closed_on.is_(None), visible_units(actor, Right.OVERSEE)
    )
    return page(db, chosen, (_order(looked.sort), Unit.id), at, newest_first=looked.is_falling)


def with_figures(course: str) -> Rows:
    """Units and their figures in a course: in the order of `Figures`."""
    columns = (_course.under_way, _course.failed, _course.certified, _course.exempt, _course.recognised)
    counted = [func.coalesce(column, 0) for column in (_register.people, *columns)]
    return (
        select(Unit, *counted)
        .outerjoin(_register, and_(_register.unit_id == Unit.id, _register.course_id == NONE))
        .outerjoin(_course, and_(_course.unit_id == Unit.id, _course.course_id == course))
    )


def _order(sort: Sort) -> Any:
    registered = func.coalesce(_register.people, 0)
    done = func.coalesce(_course.certified, 0) + func.coalesce(_course.exempt, 0)
    begun = func.coalesce(_course.under_way, 0) + func.coalesce(_course.failed, 0)
    orders: dict[Sort, ColumnElement[Any] | Any] = {
        Sort.NAME: Unit.folded_name,
        Sort.REGISTERED: registered,
        # in ten-thousandths, so that a mark can name it; units without anybody come below 0
        Sort.SHARE: func.coalesce(cast(done, BigInteger) * 10_000 // func.nullif(registered, 0, type_=BigInteger), -1),
        Sort.LEFT: registered - done,
        Sort.NOT_STARTED: registered - done - begun,
    }
    return orders[sort]


def map_of(db: Session, unit: Unit, course: str, aim: TargetRow | None, today: date) -> list[Tile]:
    """The units right below as tiles of a map; none where they are too many for one."""
    chosen = with_figures(course).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    rows = db.execute(chosen.order_by(Unit.folded_name, Unit.id).limit(MOST_TILES + 1)).all()
    if not 1 < len(rows) <= MOST_TILES:
        return []
    units = [row[0] for row in rows]
    places = [
        None if each.latitude is None or each.longitude is None else (each.latitude, each.longitude) for each in units
    ]
    signs, cells = signs_of([each.code for each in units]), tiles(places)
    planned = _planned(aim, today)
    found = []
    for row, cell, sign in zip(rows, cells, signs, strict=True):
        counted = Figures(*row[1:WIDTH])
        found.append(Tile(row[0], sign, cell, counted, bool(counted.registered) and counted.share < planned))
    return found


def _planned(aim: TargetRow | None, today: date) -> float:
    """The share that every unit would have by now if all went evenly from the day the target was made; less a tenth."""
    if aim is None:
        return 0.0
    made = aim.made.date()
    whole, gone = max(1, (aim.due - made).days), max(0, (today - made).days)
    return aim.share * (1.0 if gone >= whole else gone / whole * 0.9)


def signs_of(codes: Sequence[str]) -> list[str]:
    """What is written on tiles: the codes without what all of them begin with, as much of them as fits."""
    first, last = min(codes), max(codes)
    same = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    cut = max((first[:same].rfind(mark) + 1 for mark in "-._/ "), default=0)
    return [code[cut:][:LONGEST_SIGN] for code in codes]


def _growth(counted: Figures, days: Sequence[Day], aim: TargetRow | None, today: date) -> Growth | None:
    """How the number of certified people grew; nothing if nobody is certified yet."""
    done = [day for day in days if day.certified]
    if not counted.certified or not done:
        return None
    number = counted.certified - sum(day.certified for day in done)
    points = [(done[0].day - timedelta(days=1), number)]
    for day in done:
        number += day.certified
        points.append((day.day, number))
    if points[-1][0] < today:
        points.append((today, number))
    goal, due = (aim.aim.goal - aim.aim.exempt, aim.due) if aim is not None else (counted.registered, None)
    return Growth(points, counted.registered, max(0, goal), due)


def kinds_below(db: Session, unit: Unit, course: str) -> list[KindRow]:
    """The units below a unit by kind, the fewest first: how many there are, lack something, are done."""
    rows = db.scalars(select(UnitTally).where(UnitTally.unit_id == unit.id, UnitTally.course_id.in_({NONE, course})))
    known: dict[str, dict[bool, UnitTally]] = {}
    for row in rows:
        known.setdefault(row.kind, {})[row.course_id == NONE] = row
    found = []
    for kind, pair in known.items():
        if True not in pair:
            continue
        register, there = pair[True], pair.get(False)
        started, done = (there.started, (there.one, there.half, there.whole)) if there else (0, (0, 0, 0))
        nobody = register.units - register.staffed
        found.append(KindRow(kind, register.units, nobody, register.staffed - started, *done))
    return sorted(found, key=lambda row: (row.units, row.kind))


def lacking(db: Session, actor: int, unit: Unit, gap: Gap, kind: str, course: str, at: At) -> GapPage:
    """The units of a kind below a unit that have nobody, or where nobody has started; in the order of the tree."""
    inside = (is_below(Unit.path, unit.path), Unit.kind == kind, Unit.closed_on.is_(None), Unit.id != unit.id)
    chosen = with_figures(course).where(*inside, visible_units(actor, Right.OVERSEE))
    registered = func.coalesce(_register.people, 0)
    if gap is Gap.NOBODY:
        chosen = chosen.where(registered == 0)
    else:
        begun = _course.under_way + _course.failed + _course.certified
        chosen = chosen.where(registered > 0, func.coalesce(begun, 0) == 0)
    found = page(db, chosen, (Unit.path, Unit.id), at)
    units = [row[0] for row in found.rows]
    names = _names_above(db, units, unit)
    rows = [GapRow(each, names[each.id], row[1]) for each, row in zip(units, found.rows, strict=True)]
    return GapPage(unit, above(db, actor, unit), kinds_below(db, unit, course), rows, found, figures.counted_at(db))


def _names_above(db: Session, units: Sequence[Unit], top: Unit) -> Mapping[int, Sequence[str]]:
    """The names of the units between a unit and each of these, the highest first."""
    between = {unit.id: [int(part) for part in unit.path[len(top.path) :].strip("/").split("/")[:-1]] for unit in units}
    ids = {each for found in between.values() for each in found}
    names = {row[0]: row[1] for row in db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))}
    return {unit: [names[each] for each in found] for unit, found in between.items()}
