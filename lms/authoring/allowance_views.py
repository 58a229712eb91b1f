"""Further attempts and more time for somebody who is stuck at a quiz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import allowance_queries as queries
from lms.authoring.desk import bp
from lms.authoring.forms import AllowanceForm
from lms.authoring.queries import title_of
from lms.learning.course_views import published
from lms.learning.quiz_views import quiz_title
from lms.people.needs import needs
from lms.people.rules import Right
from lms.quiz import actions as quiz
from lms.web.language import _, language
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse


def _titles(course: CompiledCourse) -> dict[str, str]:
    return {name: quiz_title(course, name, language()) for name in course.quizzes}


@bp.get("/courses/<course_id>/allowances")
@needs(Right.AUTHOR)
def allowances(course_id: str) -> ResponseReturnValue:
    """Who waits at a quiz of this course, or whoever has the name asked for."""
    course = published(course_id).course
    words, after = request.args.get("q", "").strip()[:200], request.args.get("after", 0, type=int)
    return render_template(
        "authoring/allowances.html",
        course=course,
        title=title_of(course, language()),
        titles=_titles(course),
        page=queries.allowances_page(reading(), course, words, after),
    )


@bp.get("/courses/<course_id>/allowances/<int:person_id>")
@needs(Right.AUTHOR)
def allowance(course_id: str, person_id: int) -> ResponseReturnValue:
    """One person: how they stand at each quiz, and the form to give more."""
    course = published(course_id).course
    return _allowance_page(course, person_id, AllowanceForm(_titles(course)))


def _allowance_page(course: CompiledCourse, person_id: int, form: AllowanceForm) -> str:
    page = queries.allowance_page(reading(), course, person_id)
    if page is None or not course.quizzes:
        abort(404)
    return render_template(
        "authoring/allowance.html",
        course=course,
        title=title_of(course, language()),
        titles=_titles(course),
        page=page,
        form=form,
    )


@bp.post("/courses/<course_id>/allowances/<int:person_id>")
@needs(Right.AUTHOR)
def allow(course_id: str, person_id: int) -> ResponseReturnValue:
    """Give further attempts or more time, with a reason that is kept."""
    course = published(course_id).course
    form = AllowanceForm(_titles(course))
    if not form.validate_on_submit():
        return _allowance_page(course, person_id, form), 422
    page = queries.allowance_page(reading(), course, person_id)
    if page is None:
        abort(404)
    quiz.allow(
        writing(),
        person_id,
        course_id,
        form.quiz.data,
        attempts=form.attempts.data or 0,
        minutes=form.minutes.data or 0,
        reason=form.reason.data or "",
        by=current_user.actor,
    )
    flash(_("Given to %(name)s. It holds at once.", name=page.person.name))
    return redirect(url_for("authoring.allowances", course_id=course_id), 303)
