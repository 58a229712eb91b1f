"""One person: where they stand, further attempts and time, a name to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.clock import now
from lms.coordination import person_queries as queries
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.forms import AllowanceForm
from lms.coordination.missing_queries import is_visible
from lms.coordination.people_views import STATES, lesson_title
from lms.coordination.person_forms import ExemptionForm, NameForm
from lms.figures.rules import State
from lms.people import names
from lms.people.needs import needs
from lms.people.rules import Right
from lms.quiz import actions as quizzes
from lms.web.language import _, language
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.coordination.desk import Courses


@bp.get("/people/<int:person_id>")
@needs(Right.SEE_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """One person in scope."""
    return person_page(person_id, courses_on_offer())


@bp.post("/people/<int:person_id>/allow")
@needs(Right.COORDINATE)
def allow(person_id: int) -> ResponseReturnValue:
    """Give further attempts or time."""
    courses = courses_on_offer()
    form = AllowanceForm(_quizzes(courses))
    must_be_mine(reading(), person_id)
    if not form.validate():
        return person_page(person_id, courses, gift=form), 422
    db = writing()
    must_be_mine(db, person_id)
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


@bp.post("/people/<int:person_id>/name")
@needs(Right.COORDINATE)
def correct_name(person_id: int) -> ResponseReturnValue:
    """Correct the name of somebody who has never signed in; the one before is kept."""
    form = NameForm()
    must_be_mine(reading(), person_id)
    if not form.validate():
        return person_page(person_id, courses_on_offer(), naming=form), 422
    db = writing()
    must_be_mine(db, person_id)
    try:
        changed = names.correct_name(
            db, person_id, name=form.name.data or "", latin_name=form.latin_name.data or "", by=current_user.actor
        )
    except names.HasSignedIn:
        flash(_("The name is as it was: this person has signed in by now, and corrects it in “My account”."))
    else:
        flash(_("The name is corrected. The one before is kept below.") if changed else _("The name is as it was."))
    return redirect(url_for("coordination.person", person_id=person_id), 303)


def must_be_mine(db: Session, person_id: int) -> None:
    """A page that is not there, unless the person is in the units that the reader coordinates."""
    if not is_visible(db, current_user.actor, person_id, now().date(), Right.COORDINATE):
        abort(404)


def person_page(
    person_id: int,
    courses: Courses,
    *,
    gift: AllowanceForm | None = None,
    freeing: ExemptionForm | None = None,
    naming: NameForm | None = None,
) -> str:
    """The page of one person, with whichever form was filled in and has to be mended."""
    page = queries.person(reading(), desk_with(courses), person_id)
    if page is None:
        abort(404)
    titles = titles_of(courses)
    return render_template(
        "coordination/person.html",
        page=page,
        form=gift or AllowanceForm(_quizzes(courses), formdata=None),
        freeing=(freeing or ExemptionForm(formdata=None)).offer(
            [(name, title) for name, title in titles.items() if name not in page.exempt_from]
        ),
        naming=naming
        or NameForm(formdata=None, name=page.row.name, latin_name=page.row.latin_name or page.known.computed_latin),
        courses=courses,
        titles=titles,
        quiz_titles=_quiz_titles(courses),
        lesson_title=lambda course, lesson: lesson_title(courses[course], lesson),
        today=now().date(),
        states=STATES,
        State=State,
    )


def _quiz_titles(courses: Courses) -> dict[tuple[str, str], str]:
    return {
        (name, quiz.id): quiz.titles.get(language()) or quiz.titles.get(course.language) or quiz.id
        for name, course in courses.items()
        for quiz in course.quizzes.values()
    }


def _quizzes(courses: Courses) -> list[tuple[str, str]]:
    titles = titles_of(courses)
    named = _quiz_titles(courses).items()
    return [(f"{course}/{quiz}", f"{titles[course]}: {words}") for (course, quiz), words in named]
