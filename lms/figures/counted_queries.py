"""Reads of what was counted, for whoever counts again: rows as plain tuples, and what the figures rest on."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from lms.figures.adding import Place, ids_of
from lms.figures.models import Counted, Standing, UnitFigure
from lms.figures.rules import Figures, Stand
from lms.people.models import Person, PersonChange, Unit, UnitPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Table

    from lms.db import Base
    from lms.figures.fact_queries import Whom
    from lms.figures.rules import Kind


def everybody(db: Session) -> list[int]:
    """Who is to be counted, or was: accounts that are gone may still have rows."""
    known = set(db.scalars(select(Person.id)))
    known.update(db.scalars(select(Counted.person_id)))
    known.update(db.scalars(select(Standing.person_id).distinct()))
    return sorted(known)


def units(db: Session, today: date, which: Whom | None = None) -> dict[int, Place]:
    """All units, or some, as they stand today."""
    found = select(Unit.id, Unit.path, Unit.kind, Unit.closed_on)
    rows = db.connection().execute(found if which is None else found.where(which(Unit.id)))
    return {row[0]: Place(ids_of(row[1]), row[2], row[3] is None or row[3] > today) for row in rows.all()}


def standings_counted(db: Session, whom: Whom) -> dict[int, dict[str, Stand]]:
    """Where people stood when they were counted last."""
    rows = db.connection().execute(
        select(
            Standing.person_id,
            Standing.course_id,
            Standing.state,
            Standing.since,
            Standing.begun_on,
            Standing.valid_until,
            Standing.is_recognised,
        ).where(whom(Standing.person_id))
    )
    found: dict[int, dict[str, Stand]] = {}
    for row in rows.all():
        found.setdefault(row[0], {})[row[1]] = Stand._make(row[2:])
    return found


def paths_counted(db: Session, whom: Whom) -> dict[int, str]:
    """In which units people were counted last, as `Counted.paths`."""
    rows = db.connection().execute(select(Counted.person_id, Counted.paths).where(whom(Counted.person_id)))
    return {row[0]: row[1] for row in rows.all()}


def rows_of(db: Session, model: type[Base], whom: Whom) -> Iterable[tuple[Any, ...]]:
    """The rows of a table of figures for some units, with all columns in order."""
    table = cast("Table", model.__table__)
    return map(tuple, db.connection().execute(select(*table.columns).where(whom(table.c.unit_id))).all())


def figures_counted(db: Session, whom: Whom) -> dict[int, dict[str, Figures]]:
    """The figures of some units by course, as they were counted last."""
    found: dict[int, dict[str, list[int]]] = {}
    for unit, course, *numbers in rows_of(db, UnitFigure, whom):
        found.setdefault(unit, {})[course] = numbers
    return {unit: as_figures(rows) for unit, rows in found.items()}


def as_figures(rows: Mapping[str, Sequence[int]]) -> dict[str, Figures]:
    """Rows of one unit by course as figures: the register stands in one of them, and belongs to all."""
    registered = rows.get("", (0,))[0]
    return {course: Figures(registered, *numbers[1:]) for course, numbers in rows.items()}


def changes(db: Session, most: int) -> list[tuple[int, int]]:
    """The changes that wait longest: their ids and whom they are about."""
    rows = db.execute(select(PersonChange.id, PersonChange.person_id).order_by(PersonChange.id).limit(most))
    return [(row[0], row[1]) for row in rows]


def waiting(db: Session, most: int) -> int:
    """How many changes wait; more than `most` are not counted."""
    return db.scalar(select(func.count()).select_from(select(PersonChange.id).limit(most).subquery())) or 0


def digest_of_courses(kinds: Mapping[str, Kind]) -> str:
    """A name for what counting knows of the courses: when it changes, everybody is counted again."""
    known = [(name, kind.exam, kind.certifies, sorted(kind.parts)) for name, kind in sorted(kinds.items())]
    return hashlib.sha256(repr(known).encode()).hexdigest()


def digest_of_units(db: Session, today: date) -> str:
    """A name for the shape of the trees, from sums that the database makes: when it changes, tallies change."""
    product = sql_cast(Unit.id, BigInteger) * func.coalesce(Unit.parent_id, 0)
    shape = (
        select(Unit.kind, func.count(), func.sum(Unit.id), func.sum(product))
        .where((Unit.closed_on.is_(None)) | (Unit.closed_on > today))
        .group_by(Unit.kind)
        .order_by(Unit.kind)
    )
    kinds = [(row[0], *(int(number) for number in row[1:])) for row in db.execute(shape)]
    return hashlib.sha256(repr((kinds, db.scalar(select(func.max(UnitPlace.id))))).encode()).hexdigest()
