"""The reads of one unit's matrix: the units right below it by the courses that are used there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, cast, func, null, select, true
from sqlalchemy.orm import aliased

from lms.coordination.matrix import Plan, stage
from lms.coordination.models import Target
from lms.coordination.unit_pages import MatrixCell, MatrixPage, MatrixRow
from lms.coordination.unit_queries import above
from lms.figures import queries as figures
from lms.figures.models import ANY, NONE, UnitFigure
from lms.figures.rules import Figures
from lms.learning.models import EnrolmentRule, Group
from lms.paging import At, page
from lms.people.models import Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.coordination.pages import Offer

    Rows: TypeAlias = Select[*tuple[Any, ...]]
    Plans = Mapping[tuple[int, str], Plan]

NO_DAY = cast(null(), Date)
# what plans a course for a unit, the day on which it begins, the day by which it shall be done
PLANNERS: tuple[tuple[Any, Any, Any], ...] = (
    (EnrolmentRule, NO_DAY, EnrolmentRule.due_on),
    (Group, Group.starts_on, Group.ends_on),
    (Target, NO_DAY, Target.due_on),
)


def matrix(db: Session, actor: int, unit: Unit, offers: Mapping[str, Offer], at: At, today: date) -> MatrixPage:
    """The units right below a unit by courses, as planned, running and complete."""
    below = select(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None), visible_units(actor, Right.OVERSEE))
    found = page(db, below, (Unit.folded_name, Unit.id), at)
    units = [row[0] for row in found.rows]
    plans = planned(db, unit, [each.id for each in units])
    own = figures.figures_by_course(db, unit.id, [*offers, ANY])
    courses = used(own, plans, offers)
    cells = _figures_of(db, [each.id for each in units], courses)
    rows = [_row(each, courses, cells[each.id], plans, today) for each in units]
    is_all = not found.earlier and not found.later
    return MatrixPage(
        unit=unit,
        above=above(db, actor, unit),
        courses=courses,
        rows=rows,
        page=found,
        total=_row(unit, courses, own, plans, today),
        once=own[ANY],
        stages=Counter(cell.stage for row in rows for cell in row.cells.values()) if is_all else {},
        person_courses=sum(own[course].certified for course in courses if not offers[course].parts),
        counted=figures.counted_at(db),
    )


def used(own: Mapping[str, Figures], plans: Plans, offers: Mapping[str, Offer]) -> list[str]:
    """The courses that somebody has started, or that are planned; all of them if there are none.

    Whoever starts a course has also started the programme it is a part of: that alone makes it no column.
    """
    planned_ones = {course for _unit, course in plans}
    begun = {course for course, offer in offers.items() if not offer.parts and _has_begun(own[course])}
    return [course for course in offers if course in begun or course in planned_ones] or list(offers)


def _has_begun(counted: Figures) -> bool:
    return counted.under_way + counted.failed + counted.certified + counted.exempt > 0


def _row(unit: Unit, courses: Sequence[str], counted: Mapping[str, Figures], plans: Plans, today: date) -> MatrixRow:
    cells = {}
    for course in courses:
        reached, day = stage(counted[course], plans.get((unit.id, course), Plan()), today)
        cells[course] = MatrixCell(reached, counted[course], day)
    registered = max((each.registered for each in counted.values()), default=0)
    return MatrixRow(unit, registered, cells)


def _figures_of(db: Session, ids: Sequence[int], courses: Sequence[str]) -> dict[int, dict[str, Figures]]:
    """The figures of these units in these courses, in one statement."""
    rows = db.scalars(
        select(UnitFigure).where(UnitFigure.unit_id.in_(ids), UnitFigure.course_id.in_({NONE, *courses}))
    ).all()
    people = {row.unit_id: row.people for row in rows if row.course_id == NONE}
    found = {unit: dict.fromkeys(courses, Figures(people.get(unit, 0))) for unit in ids}
    for row in rows:
        if row.course_id != NONE:
            counts = (row.under_way, row.failed, row.certified, row.exempt, row.recognised)
            found[row.unit_id][row.course_id] = Figures(people.get(row.unit_id, 0), *counts)
    return found


def planned(db: Session, unit: Unit, below: Sequence[int]) -> dict[tuple[int, str], Plan]:
    """What is planned for a unit and for each of those below it, by unit and course.

    What is planned above holds for all of them; what is planned deeper down holds for whom it lies below.
    """
    found: dict[tuple[int, str], Plan] = {}
    ids = [int(part) for part in unit.path.strip("/").split("/")]
    for planner, starts, due in PLANNERS:
        columns = (planner.course_id, func.min(starts), func.max(due))
        here = select(*columns).where(planner.unit_id.in_(ids), planner.ended_at.is_(None))
        for course, first, last in db.execute(here.group_by(planner.course_id)):
            for each in (unit.id, *below):
                _add(found, (each, course), Plan(True, first, last))
        deeper = _deeper(planner, starts, due, unit, below)
        for each, course, first, last in db.execute(deeper):
            _add(found, (each, course), Plan(True, first, last))
            _add(found, (unit.id, course), Plan(True, first, last))
    return found


def _deeper(planner: Any, starts: Any, due: Any, unit: Unit, below: Sequence[int]) -> Rows:
    """What is planned below a unit, by the unit right below it. Read from the plans: they are few, the units many."""
    place, top = aliased(Unit), aliased(Unit)
    plan = (
        select(planner.course_id.label("course"), starts.label("starts"), due.label("due"), place.path.label("path"))
        .join_from(planner, place, place.id == planner.unit_id)
        .where(planner.ended_at.is_(None))
        .cte("plan")
        .prefix_with("MATERIALIZED")
    )
    inside = (is_below(plan.c.path, unit.path), is_below(plan.c.path, top.path), top.id.in_(below))
    counted = select(top.id, plan.c.course, func.min(plan.c.starts), func.max(plan.c.due)).join_from(plan, top, true())
    return counted.where(*inside).group_by(top.id, plan.c.course)


def _add(found: dict[tuple[int, str], Plan], key: tuple[int, str], plan: Plan) -> None:
    found[key] = found.get(key, Plan()).with_also(plan)
