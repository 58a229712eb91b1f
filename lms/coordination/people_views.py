"""Who is missing: the list of people with its filters, and the same list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, abort, render_template, request
from flask_login import current_user

from lms.coordination import export_queries
from lms.coordination import people_queries as queries
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.export import RECOGNISED, cells
from lms.coordination.missing_queries import asked_for
from lms.coordination.people_rules import MOST_DAYS, WITH_DAYS, Stand
from lms.figures.rules import State
from lms.people.needs import needs
from lms.people.rules import Right
from lms.spreadsheets import as_csv
from lms.web.asking import place_in_list
from lms.web.language import _, language, lazy, zone
from lms.web.transaction import database, reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse
    from lms.coordination.desk import Courses
    from lms.coordination.people_pages import Asked

STATES = {
    State.NOT_STARTED: lazy("Not started"),
    State.UNDER_WAY: lazy("Under way"),
    State.FAILED: lazy("Exam not passed"),
    State.CERTIFIED: lazy("Certified"),
    State.EXEMPT: lazy("Exempt"),
}
STANDS = {
    Stand.LEFT: lazy("Still to be certified"),
    Stand.NOT_STARTED: STATES[State.NOT_STARTED],
    Stand.UNDER_WAY: STATES[State.UNDER_WAY],
    Stand.STUCK: lazy("Stuck: nothing done for a while"),
    Stand.FAILED: STATES[State.FAILED],
    Stand.CERTIFIED: STATES[State.CERTIFIED],
    Stand.EXPIRING: lazy("Certificate runs out soon"),
    Stand.EXPIRED: lazy("Certificate has run out"),
    Stand.EXEMPT: STATES[State.EXEMPT],
}
# one tap away; what they ask for beside course and unit
SHORT_WAYS = (
    (lazy("Not started"), {"state": Stand.NOT_STARTED.value}),
    (lazy("Stuck for 14 days"), {"state": Stand.STUCK.value, "days": "14"}),
    (lazy("Exam not passed"), {"state": Stand.FAILED.value}),
    (lazy("Certificate runs out in 30 days"), {"state": Stand.EXPIRING.value, "days": "30"}),
    (lazy("Deadline passed"), {"late": "1"}),
)


@bp.get("/people")
@needs(Right.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    """People and courses, filtered."""
    courses = courses_on_offer()
    asked = asked_in(request.args, courses)
    desk = desk_with(courses, asked.course)
    return render_template(
        "coordination/people.html",
        page=queries.people(reading(), desk, asked, place_in_list()),
        asked=asked,
        chosen=asked.arguments,
        query=urlencode(asked.arguments),
        titles=titles_of(courses),
        shown=list(desk.courses),
        lesson_title=lambda course, lesson: lesson_title(courses[course], lesson),
        may_act=Right.COORDINATE in current_user.rights,
        most_days=MOST_DAYS,
        short_ways=SHORT_WAYS,
        stands=STANDS,
        states=STATES,
        State=State,
        with_days=WITH_DAYS,
    )


@bp.get("/people.csv")
@needs(Right.SEE_PEOPLE)
def people_csv() -> ResponseReturnValue:
    """Exactly the people that the list shows, as CSV."""
    courses = courses_on_offer()
    asked = asked_in(request.args, courses)
    desk = desk_with(courses, asked.course)
    head = _head([titles_of(courses)[name] for name in desk.courses])
    states, here, source = {state.value: str(words) for state, words in STATES.items()}, zone(), database()
    states[RECOGNISED] = _("Certified by earlier learning")

    def rows() -> Iterator[list[str]]:
        # a session of its own: this runs after the request's has been closed
        with source.reading() as db:
            for row in export_queries.all_people(db, desk, asked):
                yield cells(row, states, here)

    answer = Response(as_csv(head, rows()), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="people-{desk.today.isoformat()}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _head(titles: list[str]) -> list[str]:
    head = [_("Name"), _("Name in Latin letters"), _("Units"), _("Unit codes")]
    for title in titles:
        head += [
            _("%(course)s: state", course=title),
            _("%(course)s: since", course=title),
            _("%(course)s: last active", course=title),
            _("%(course)s: certified on", course=title),
            _("%(course)s: valid until", course=title),
        ]
    return head


def asked_in(arguments: Mapping[str, str], courses: Courses) -> Asked:
    """What an address or a form asks for; a page that is not there if it names what is not, or not in scope."""
    asked = asked_for(reading(), current_user.actor, arguments)
    if asked is None or (asked.course and asked.course not in courses):
        abort(404)
    return asked


def lesson_title(course: CompiledCourse, lesson_id: str) -> str:
    """The title of a lesson in the reader's language as far as there is one; empty if it is no more."""
    lesson = next((lesson for lesson in course.lessons if lesson.id == lesson_id), None)
    if lesson is None:
        return ""
    return (lesson.pages.get(language()) or lesson.pages[course.language]).title
