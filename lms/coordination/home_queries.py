"""Reads of the desk's first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import aliased

from lms.coordination.home_pages import HomePage, UnitRow
from lms.coordination.queries import tops
from lms.coordination.rules import Figures
from lms.credentials.models import Certificate
from lms.learning.models import Enrolment
from lms.paging import At, page
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_current, visible_units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.coordination.home_pages import Looked
    from lms.coordination.pages import Desk

    Rows: TypeAlias = Select[*tuple[Any, ...]]


def home(db: Session, desk: Desk, looked: Looked, at: At) -> HomePage:
    """The figures of a unit (or of the whole scope) in one course, and of the units right below it or all of them."""
    highest, unit, course = tops(db, desk.coordinator), looked.unit, looked.course
    if unit is None and len(highest) == 1:
        unit = highest[0]
    found = page(db, _below(desk, highest, unit, all_levels=looked.all_levels), (Unit.name, Unit.id), at)
    units = [row[0] for row in found.rows]
    figures, parents = _figures_of(db, desk, course, units), _with_units(db, units)
    return HomePage(
        tops=highest,
        unit=unit,
        above=_above(db, desk, unit),
        figures=_total(db, desk, course, unit),
        rows=[UnitRow(each, figures.get(each.id, Figures()), each.id in parents) for each in units],
        page=found,
    )


def _below(desk: Desk, highest: Sequence[Unit], unit: Unit | None, *, all_levels: bool) -> Rows:
    rows = select(Unit).where(visible_units(desk.coordinator))
    if unit is not None:
        below = and_(Unit.path.startswith(unit.path), Unit.id != unit.id) if all_levels else Unit.parent_id == unit.id
        return rows.where(below)
    return rows if all_levels else rows.where(Unit.id.in_([each.id for each in highest]))


def _above(db: Session, desk: Desk, unit: Unit | None) -> Sequence[Unit]:
    """The units above this one that are in scope, the highest first."""
    if unit is None:
        return ()
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    found = select(Unit).where(Unit.id.in_(ids), visible_units(desk.coordinator))
    return db.scalars(found.order_by(func.length(Unit.path))).all()


def _with_units(db: Session, units: Sequence[Unit]) -> set[int | None]:
    below = select(Unit.parent_id).where(Unit.parent_id.in_([unit.id for unit in units])).distinct()
    return set(db.scalars(below))


def _total(db: Session, desk: Desk, course: str, unit: Unit | None) -> Figures:
    counted = _count_members(select(*_counts(desk, course)).select_from(Unit), desk, course)
    in_scope = visible_units(desk.coordinator)
    row = db.execute(counted.where(in_scope if unit is None else and_(_inside(unit), in_scope))).one()
    return Figures(*row)


def _figures_of(db: Session, desk: Desk, course: str, units: Sequence[Unit]) -> dict[int, Figures]:
    """The figures of each of these units, in one statement. A unit with nobody is left out."""
    top = aliased(Unit)
    counted = select(top.id, *_counts(desk, course)).select_from(top).join(Unit, Unit.path.startswith(top.path))
    counted = counted.where(top.id.in_([unit.id for unit in units]))
    rows = db.execute(_count_members(counted, desk, course).group_by(top.id))
    return {row[0]: Figures(*row[1:]) for row in rows}


def _counts(desk: Desk, course: str) -> tuple[ColumnElement[int], ...]:
    completed = and_(Enrolment.course_id == course, Enrolment.completed_at.is_not(None))
    is_certified = Certificate.id.is_not(None) if desk.courses[course].gives_certificate else completed
    is_begun = or_(Enrolment.id.is_not(None), is_certified)
    person = Membership.person_id
    return (
        func.count(distinct(person)),
        func.count(distinct(case((is_begun, person)))),
        func.count(distinct(case((is_certified, person)))),
    )


def _count_members(counted: Rows, desk: Desk, course: str) -> Rows:
    """Members today of `Unit`, with their enrolments and valid certificate in a course, if they have them."""
    return (
        counted.join(Membership, and_(Membership.unit_id == Unit.id, is_current(desk.today)))
        .join(Person, and_(Person.id == Membership.person_id, Person.closed_at.is_(None)))
        .outerjoin(Enrolment, and_(Enrolment.actor_id == Person.id, Enrolment.course_id.in_(desk.names(course))))
        .outerjoin(
            Certificate,
            and_(Certificate.actor_id == Person.id, Certificate.course_id == course, _is_valid(desk.today)),
        )
    )


def _is_valid(today: date) -> ColumnElement[bool]:
    """The SQL condition on `Certificate` that holds while it is worth something (`credentials.rules.state`)."""
    return and_(
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
    )


def _inside(unit: Unit) -> ColumnElement[bool]:
    return Unit.path.startswith(unit.path)
