"""Reads of the units in which nobody holds a valid certificate today: whoever needs help there finds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.figures import queries as figures
from lms.figures.models import ANY, NONE, UnitFigure, UnitTally
from lms.helping import counting_queries
from lms.paging import SIZE, At, Page, page
from lms.people.models import Unit
from lms.people.queries import is_below
from lms.reach.pages import GapKind, GapRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

counted_at = figures.counted_at
has_help = counting_queries.has_entries


def kinds(db: Session, unit: Unit) -> list[GapKind]:
    """The kinds of open units below a unit, the fewest first, and how many of each have no valid helper."""
    there = select(UnitTally.kind, UnitTally.units).where(UnitTally.unit_id == unit.id, UnitTally.course_id == NONE)
    helped = select(UnitTally.kind, UnitTally.one).where(UnitTally.unit_id == unit.id, UnitTally.course_id == ANY)
    done = {row[0]: row[1] for row in db.execute(helped)}
    found = [GapKind(row[0], row[1], row[1] - done.get(row[0], 0)) for row in db.execute(there) if row[1]]
    return sorted(found, key=lambda each: (each.units, each.kind))


def leading(found: Sequence[GapKind]) -> str:
    """The kind to begin with: the highest one that has such units, else the highest; empty if there is none."""
    lacking = [each.kind for each in found if each.without]
    return next(iter([*lacking, *(each.kind for each in found)]), "")


def without(db: Session, unit: Unit, kind: str, at: At, size: int = SIZE) -> tuple[list[GapRow], Page]:
    """The open units of a kind below a unit in which nobody holds a valid certificate, by name."""
    register, counted = aliased(UnitFigure), aliased(UnitFigure)
    begun = func.coalesce(counted.under_way + counted.failed, 0)
    rows = (
        select(Unit, func.coalesce(register.people, 0).label("people"), begun.label("begun"))
        .outerjoin(register, and_(register.unit_id == Unit.id, register.course_id == NONE))
        .outerjoin(counted, and_(counted.unit_id == Unit.id, counted.course_id == ANY))
        .where(is_below(Unit.path, unit.path), Unit.id != unit.id, Unit.kind == kind, Unit.closed_on.is_(None))
        .where(func.coalesce(counted.certified, 0) == 0)
    )
    found = page(db, rows, (Unit.folded_name, Unit.id), at, size=size)
    names = _above(db, [row[0] for row in found.rows], unit)
    return [GapRow(row[0], names[row[0].id], row.people, row.begun) for row in found.rows], found


def _above(db: Session, units: Sequence[Unit], top: Unit) -> dict[int, str]:
    """The names of what stands between a unit and the top, the highest first."""
    paths = {unit.id: [int(each) for each in unit.path[len(top.path) :].strip("/").split("/")][:-1] for unit in units}
    wanted = {each for path in paths.values() for each in path}
    names = {row[0]: row[1] for row in db.execute(select(Unit.id, Unit.name).where(among(Unit.id, wanted)))}
    return {unit: ", ".join(names[each] for each in path) for unit, path in paths.items()}
