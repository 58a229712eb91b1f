"""One version of a course, for a colleague who has a link and no account: no keys, nothing kept, not for robots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from lms.authoring.drafts import relocated
from lms.authoring.looking import course_values, lesson_view
from lms.content import queries as content
from lms.learning.lesson_views import find_place
from lms.learning.presentation import view_question
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reviewing import queries
from lms.web.asking import wants_json
from lms.web.language import _, language
from lms.web.transaction import database, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse
    from lms.learning.lesson_views import LessonView

bp = Blueprint("looking", __name__, url_prefix="/look/<link_token>")
# What the trainee's pages link to, and what answers instead. There is no quiz: its questions stay for the exam.
INSTEAD = {
    "learning.course": "looking.course",
    "learning.enrol": "looking.begin",
    "declaring.declare": "looking.begin",
    "lessons.lesson": "looking.lesson",
    "lessons.practise": "looking.practise",
    "lessons.read": "looking.read",
    "lessons.place": "looking.place",
    "lessons.report": "looking.report",
    "quizzes.start_page": "looking.course",
    "quizzes.start": "looking.begin",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a link shows."""

    token: str
    version: int
    course: CompiledCourse

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of a page, inside the link where it is a page of this course."""
        if endpoint in INSTEAD and values.pop("course_id", None) == self.course.id:
            values.pop("quiz_id", None)
            return url_for(INSTEAD[endpoint], **{**values, "link_token": self.token})
        return url_for(endpoint, **values)


@bp.after_request
def _private(response: Response) -> Response:
    """Whoever knows the address may look; nobody should learn it from us."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _look(link_token: str) -> Look:
    version = queries.shown_by(reading(), link_token)
    if version is None:
        try:
            count_try(database(), "look", request.remote_addr or "", limit=60, seconds=3600)
        except TooOften:
            abort(429)
        abort(404, "link")
    address = url_for("looking.course", link_token=link_token)
    return Look(link_token, version, relocated(content.version(reading(), version), address, "/media/"))


def _page(template: str, look: Look, **values: Any) -> str:
    return render_template(template, look=look, url_for=look.url_for, **values)


@bp.get("")
@needs(Right.ANYONE)
def course(link_token: str) -> ResponseReturnValue:
    """The course page."""
    look = _look(link_token)
    return _page("reviewing/look_course.html", look, **course_values(look.course, look.version, []))


@bp.post("/begin")
@needs(Right.ANYONE)
def begin(link_token: str) -> ResponseReturnValue:
    """Go to the first lesson."""
    look = _look(link_token)
    if not look.course.lessons:
        abort(404)
    return redirect(url_for("looking.lesson", link_token=link_token, lesson_id=look.course.lessons[0].id), 303)


@bp.get("/lessons/<path:lesson_id>")
@needs(Right.ANYONE)
def lesson(link_token: str, lesson_id: str) -> ResponseReturnValue:
    """A lesson with its questions, without what is right."""
    look = _look(link_token)
    return _page("reviewing/look_lesson.html", look, page=_lesson(look, lesson_id))


def _lesson(look: Look, lesson_id: str, asked: str = "") -> LessonView:
    """A lesson; `asked` is the key of a question that somebody has answered."""
    shown, place = look.course, find_place(look.course, lesson_id)
    if place is None or place >= len(shown.lessons):
        abort(404)
    words = _("Answers are checked in the course itself, not here.")
    questions = {
        key: view_question(shown, key, language(), seed=0, name=f"q{number}", invalid=words if key == asked else "")
        for number, key in enumerate(shown.lessons[place].questions, 1)
    }
    return lesson_view(shown, place, questions)


@bp.post("/practise/<path:lesson_id>")
@needs(Right.ANYONE)
def practise(link_token: str, lesson_id: str) -> ResponseReturnValue:
    """Say that answers are not checked here; a link shows no keys."""
    look, key = _look(link_token), request.form.get("question", "")
    page = _lesson(look, lesson_id, key)
    if key not in page.questions:
        abort(404)
    if request.headers.get("X-Fragment"):
        return _page("learning/_question.html", look, page=page, item=page.questions[key]), 422
    return _page("reviewing/look_lesson.html", look, page=page), 422


@bp.post("/read/<path:lesson_id>")
@needs(Right.ANYONE)
def read(link_token: str, lesson_id: str) -> ResponseReturnValue:
    """Go on to the next lesson; nothing is noted."""
    look = _look(link_token)
    page = _lesson(look, lesson_id)
    if wants_json():
        return {"read": True}
    if page.after is None:
        return redirect(url_for("looking.course", link_token=link_token), 303)
    return redirect(url_for("looking.lesson", link_token=link_token, lesson_id=page.after.lesson.id), 303)


@bp.post("/place/<path:lesson_id>")
@needs(Right.ANYONE)
def place(link_token: str, lesson_id: str) -> ResponseReturnValue:
    """Take note of nothing."""
    _lesson(_look(link_token), lesson_id)
    return "", 204


@bp.post("/mistakes/<path:lesson_id>")
@needs(Right.ANYONE)
def report(link_token: str, lesson_id: str) -> ResponseReturnValue:
    """Say that nothing is sent from here."""
    _lesson(_look(link_token), lesson_id)
    flash(_("This is only a look at the course, so nothing was sent. Tell whoever gave you the link."))
    return redirect(url_for("looking.lesson", link_token=link_token, lesson_id=lesson_id), 303)
