"""The desk's first page: how her units are getting on, and what needs her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, render_template
from flask_login import current_user

from lms.clock import now
from lms.coordination import home_queries as queries
from lms.coordination.desk import bp, courses_on_offer
from lms.coordination.unit_views import about, course_asked, drawn
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("")
@needs(Right.OVERSEE)
def home() -> ResponseReturnValue:
    """The sentence, the forecast, who is missing, what needs her."""
    courses = courses_on_offer()
    course = course_asked(courses)
    page = queries.home(reading(), current_user.actor, course, place_in_list(), now().date()) if course else None
    return render_template(
        "coordination/home.html",
        page=page,
        days=queries.EXPIRING_DAYS,
        most=queries.MOST_WAITING,
        doors=current_app.view_functions,
        **drawn(page.overview if page else None, course),
        **about(courses),
    )
