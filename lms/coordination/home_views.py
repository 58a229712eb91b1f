"""The desk's first page: how her units are getting on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, render_template, request
from flask_login import current_user

from lms.clock import now
from lms.coordination import home_queries as queries
from lms.coordination.desk import bp, courses_on_offer, desk_with, place_in_list, titles_of
from lms.coordination.home_pages import Looked
from lms.coordination.queries import unit_by_code
from lms.coordination.rules import State
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """The sentence, the figures, the units."""
    courses = courses_on_offer()
    desk = desk_with(courses)
    course = request.args.get("course") or next(
        (name for name, offer in desk.courses.items() if offer.gives_certificate), ""
    )
    course = course or next(iter(courses), "")
    if course and course not in courses:
        abort(404)
    looked = Looked(course, _unit(), all_levels=request.args.get("show") == "all")
    page = queries.home(reading(), desk, looked, place_in_list()) if course else None
    return render_template(
        "coordination/home.html",
        page=page,
        course=course,
        titles=titles_of(courses),
        gives_certificate=bool(course) and desk.courses[course].gives_certificate,
        all_levels=looked.all_levels,
        chosen={"unit": request.args.get("unit") or None, "show": "all" if looked.all_levels else None},
        State=State,
        moment=now(),
    )


def _unit() -> Unit | None:
    """The unit that the address names; a page that is not there if it is none of hers."""
    code = request.args.get("unit", "")
    if not code:
        return None
    unit = unit_by_code(reading(), current_user.actor, code)
    if unit is None:
        abort(404)
    return unit
