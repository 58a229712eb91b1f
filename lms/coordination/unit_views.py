"""Pages of any unit: how it stands, its units compared, its matrix, what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, render_template, request
from flask_login import current_user

from lms.clock import now
from lms.coordination import matrix_queries
from lms.coordination import unit_queries as queries
from lms.coordination.charts import NARROW, WIDE, burn_up, readings
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.matrix import Stage
from lms.coordination.queries import unit_by_code
from lms.coordination.target_queries import leading_course
from lms.coordination.target_views import WORDS
from lms.coordination.unit_pages import Gap, Looked, Sort
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.coordination.desk import Courses
    from lms.coordination.unit_pages import Overview
    from lms.people.models import Unit


@bp.get("/units/<unit_code>")
@needs(Right.OVERSEE)
def unit(unit_code: str) -> ResponseReturnValue:
    """How a unit stands, and the units right below it compared."""
    found, courses = the_unit(unit_code), courses_on_offer()
    course = course_asked(courses, found)
    sort = request.args.get("sort", Sort.NAME)
    if sort not in set(Sort):
        abort(404)
    looked = Looked(course, Sort(sort), request.args.get("order") == "falling")
    page = queries.unit_page(reading(), current_user.actor, found, looked, place_in_list(), now().date())
    return render_template(
        "coordination/unit.html", page=page, looked=looked, Sort=Sort, **drawn(page.overview, course), **about(courses)
    )


@bp.get("/units/<unit_code>/courses")
@needs(Right.OVERSEE)
def unit_courses(unit_code: str) -> ResponseReturnValue:
    """The units right below a unit by courses."""
    found, courses = the_unit(unit_code), courses_on_offer()
    page = matrix_queries.matrix(
        reading(), current_user.actor, found, desk_with(courses).courses, place_in_list(), now().date()
    )
    shown = request.args.get("show", "people")
    if shown not in {"people", "share", "dates"}:
        abort(404)
    return render_template("coordination/unit_courses.html", page=page, shown=shown, Stage=Stage, **about(courses))


@bp.get("/units/<unit_code>/lacking")
@needs(Right.OVERSEE)
def unit_lacking(unit_code: str) -> ResponseReturnValue:
    """The units below a unit that have nobody, or where nobody has started."""
    found, courses = the_unit(unit_code), courses_on_offer()
    course = course_asked(courses, found)
    gap, kind = request.args.get("gap", Gap.NOBODY), request.args.get("kind", "")
    if gap not in set(Gap):
        abort(404)
    page = queries.lacking(reading(), current_user.actor, found, Gap(gap), kind, course, place_in_list())
    return render_template(
        "coordination/unit_lacking.html", page=page, gap=Gap(gap), kind=kind, course=course, Gap=Gap, **about(courses)
    )


def the_unit(code: str) -> Unit:
    """The unit with this code; a page that is not there if its figures are not the reader's to see."""
    found = unit_by_code(reading(), current_user.actor, code, Right.OVERSEE)
    if found is None:
        abort(404)
    return found


def course_asked(courses: Courses, unit: Unit | None = None) -> str:
    """The course that the address names; else the one aimed at soonest, else the first one that certifies."""
    asked = request.args.get("course", "")
    if asked:
        if asked not in courses:
            abort(404)
        return asked
    aimed = leading_course(reading(), current_user.actor, unit)
    if aimed in courses:
        return aimed
    certified = (name for name, course in courses.items() if course.certificate is not None)
    return next(certified, next(iter(courses), ""))


def drawn(overview: Overview | None, course: str) -> dict[str, Any]:
    """The drawings of a unit's growth in a course, and the same as a table."""
    if overview is None or overview.growth is None:
        return {"course": course, "wide": None, "narrow": None, "readings": ()}
    target = overview.target_in(course)
    forecast = target.forecast if target is not None else None
    return {
        "course": course,
        "wide": burn_up(overview.growth, forecast, WIDE),
        "narrow": burn_up(overview.growth, forecast, NARROW),
        "readings": readings(overview.growth),
    }


def about(courses: Courses) -> dict[str, Any]:
    """What all these pages need to speak of courses, kinds of units and rights."""
    return {
        "titles": titles_of(courses),
        "offers": desk_with(courses).courses,
        "Right": Right,
        "today": now().date(),
        **WORDS,
    }
