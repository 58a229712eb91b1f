"""Pages of the coordinator's desk: figures of her units, people and courses, one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.coordination import home_views, queries
from lms.coordination.desk import bp
from lms.coordination.export import as_csv, cells
from lms.coordination.forms import AllowanceForm
from lms.coordination.pages import Asked, Desk, Offer
from lms.coordination.rules import State
from lms.paging import At
from lms.people.needs import needs
from lms.people.rules import Right
from lms.quiz import actions as quizzes
from lms.web.language import _, language, lazy, zone
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse
    from lms.people.models import Unit

STATES = {
    State.NOT_STARTED: lazy("Not started"),
    State.UNDER_WAY: lazy("Under way"),
    State.CERTIFIED: lazy("Certified"),
}
Courses = dict[str, "CompiledCourse"]
__all__ = ("bp", "home_views")


@bp.get("/people")
@needs(Right.COORDINATE)
def people() -> ResponseReturnValue:
    """People and courses, filtered."""
    courses = _courses()
    asked = _asked(courses)
    desk = _desk(courses, asked.course)
    return render_template(
        "coordination/people.html",
        page=queries.people(reading(), desk, asked, _at()),
        asked=asked,
        chosen=asked.arguments,
        titles=_titles(courses),
        shown=list(desk.courses),
        states=STATES,
        State=State,
    )


@bp.get("/people.csv")
@needs(Right.COORDINATE)
def people_csv() -> ResponseReturnValue:
    """Exactly the people that the list shows, as CSV."""
    courses = _courses()
    asked, titles = _asked(courses), _titles(courses)
    desk = _desk(courses, asked.course)
    head = [_("Name"), _("Name in Latin letters"), _("Units"), _("Unit codes")]
    for name in desk.courses:
        head += [
            _("%(course)s: state", course=titles[name]),
            _("%(course)s: last active", course=titles[name]),
            _("%(course)s: certified on", course=titles[name]),
        ]
    states, here, source = {state: str(words) for state, words in STATES.items()}, zone(), database()

    def rows() -> Iterator[list[str]]:
        # a session of its own: this runs after the request's has been closed
        with source.reading() as db:
            for row in queries.all_people(db, desk, asked):
                yield cells(row, states, here)

    answer = Response(as_csv(head, rows()), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="people-{desk.today.isoformat()}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/people/<int:person_id>")
@needs(Right.COORDINATE)
def person(person_id: int) -> ResponseReturnValue:
    """One person in scope."""
    courses = _courses()
    return _person_page(person_id, courses, AllowanceForm(_quizzes(courses), formdata=None))


@bp.post("/people/<int:person_id>/allow")
@needs(Right.COORDINATE)
def allow(person_id: int) -> ResponseReturnValue:
    """Give further attempts or time."""
    courses = _courses()
    desk, form = _desk(courses), AllowanceForm(_quizzes(courses))
    if not queries.is_visible(reading(), desk, person_id):
        abort(404)
    if not form.validate():
        return _person_page(person_id, courses, form), 422
    db = writing()
    if not queries.is_visible(db, desk, person_id):
        abort(404)
    course, _slash, quiz = form.quiz.data.partition("/")
    quizzes.allow(
        db,
        person_id,
        course,
        quiz,
        attempts=form.attempts.data or 0,
        minutes=form.minutes.data or 0,
        reason=form.reason.data or "",
        by=current_user.actor,
    )
    flash(_("Given. It holds from now on and is listed below."))
    return redirect(url_for("coordination.person", person_id=person_id), 303)


def _person_page(person_id: int, courses: Courses, form: AllowanceForm) -> str:
    page = queries.person(reading(), _desk(courses), person_id)
    if page is None:
        abort(404)
    return render_template(
        "coordination/person.html",
        page=page,
        form=form,
        courses=courses,
        titles=_titles(courses),
        quiz_titles=_quiz_titles(courses),
        states=STATES,
        State=State,
    )


def _courses() -> Courses:
    return {current.course.id: current.course for current in content.catalogue(reading())}


def _desk(courses: Courses, only: str = "") -> Desk:
    offers = {
        name: Offer(course.certificate is not None, course.courses)
        for name, course in courses.items()
        if only in {"", name}
    }
    return Desk(current_user.actor, now().date(), offers)


def _titles(courses: Courses) -> dict[str, str]:
    return {
        name: (course.pages.get(language()) or course.pages[course.language]).title for name, course in courses.items()
    }


def _quiz_titles(courses: Courses) -> dict[tuple[str, str], str]:
    return {
        (name, quiz.id): quiz.titles.get(language()) or quiz.titles.get(course.language) or quiz.id
        for name, course in courses.items()
        for quiz in course.quizzes.values()
    }


def _quizzes(courses: Courses) -> list[tuple[str, str]]:
    titles = _titles(courses)
    named = _quiz_titles(courses).items()
    return [(f"{course}/{quiz}", f"{titles[course]}: {words}") for (course, quiz), words in named]


def _at() -> At:
    return At(request.args.get("after", ""), request.args.get("before", ""))


def _unit() -> Unit | None:
    """The unit that the address names; a page that is not there if it is none of hers."""
    code = request.args.get("unit", "")
    if not code:
        return None
    unit = queries.unit_by_code(reading(), current_user.actor, code)
    if unit is None:
        abort(404)
    return unit


def _asked(courses: Courses) -> Asked:
    course, state = request.args.get("course", ""), request.args.get("state", "")
    if (course and course not in courses) or (state and state not in set(State)):
        abort(404)
    return Asked(course, State(state) if state else None, _unit(), request.args.get("q", "").strip()[:200])
