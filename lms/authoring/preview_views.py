"""A course as a trainee gets it, from the folder or from a version: the same templates, nothing recorded.

The trainee's templates ask `url_for` for their addresses. Here they get another one, which keeps every link and
form of the course inside the desk; the forms grade and answer, and write nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from lms.authoring import drafts
from lms.authoring.course_views import version_of
from lms.authoring.desk import bp, draft_of
from lms.authoring.looking import course_values, lesson_view
from lms.content import queries as content
from lms.learning.course_views import card
from lms.learning.lesson_views import find_place
from lms.learning.presentation import QuestionView, in_language, question_types, reviewed, view_question
from lms.learning.quiz_views import quiz_title, the_quiz
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import UnclearAnswer
from lms.web.asking import wants_json
from lms.web.language import _, language, languages, speaking
from lms.web.security import POLICY
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse
    from lms.learning.lesson_views import LessonView

MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# What the trainee's pages link to, and what answers instead. Everything else keeps its address.
INSTEAD = {
    "declaring.declare": "authoring.preview_begin",
    "learning.course": "authoring.preview",
    "learning.enrol": "authoring.preview_begin",
    "lessons.lesson": "authoring.preview_lesson",
    "lessons.practise": "authoring.preview_practise",
    "lessons.read": "authoring.preview_read",
    "lessons.place": "authoring.preview_place",
    "lessons.report": "authoring.preview_report",
    "quizzes.start_page": "authoring.preview_quiz",
    "quizzes.start": "authoring.preview_quiz",
}
FRAMED = frozenset({*INSTEAD.values(), "authoring.preview_phone"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at: a course of a pack's draft, or a version. `version` is 0 for a draft."""

    pack: str
    version: int
    course: CompiledCourse

    @property
    def place(self) -> dict[str, Any]:
        """What an address of this preview needs."""
        if self.version:
            return {"course_id": self.course.id, "version_id": self.version}
        return {"pack": self.pack, "course_id": self.course.id}

    @property
    def tongues(self) -> tuple[str, ...]:
        """The languages in which it can be looked at."""
        return tuple(tag for tag in self.course.pages if tag in languages())

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of a page, inside the preview where it is a page of this course."""
        if endpoint in INSTEAD and values.get("course_id") == self.course.id:
            return url_for(INSTEAD[endpoint], **{"speak": request.args.get("speak"), **values, **self.place})
        return url_for(endpoint, **values)


def seen(course_id: str, pack: str, version_id: int) -> Seen:
    """What an address names, or a page that says there is none."""
    if version_id:
        course = version_of(course_id, version_id)
        address = url_for("authoring.preview", course_id=course_id, version_id=version_id)
        return Seen("", version_id, drafts.version_at(version_id, course, address))
    found = draft_of(pack).courses.get(course_id)
    if found is None:
        abort(404)
    return Seen(pack, 0, found)


def _page(template: str, shown: Seen, **values: Any) -> str:
    return render_template(template, seen=shown, url_for=shown.url_for, **values)


def both(rule: str) -> tuple[str, str]:
    """The two addresses of a preview page: of a pack's draft, of a version."""
    return f"/packs/<pack>/drafts/<course_id>{rule}", f"/courses/<course_id>/versions/<int:version_id>{rule}"


def at(rule: str, method: str = "GET") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Serve a view at both addresses."""

    def join(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def spoken(**values: Any) -> Any:
            with speaking(request.args.get("speak") or language()):
                return view(**values)

        for address in both(rule):
            bp.add_url_rule(address, view_func=spoken, methods=[method])
        return view

    return join


@bp.after_request
def _may_stand_in_a_phone(response: Response) -> Response:
    """A page of a preview may be shown in the frame of `preview_phone`, on this site alone."""
    if request.endpoint in FRAMED:
        policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


@at("")
@needs(Right.AUTHOR)
def preview(course_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """The course page, as somebody sees it who has not begun."""
    shown = seen(course_id, pack, version_id)
    parts = [content.current(reading(), name) for name in shown.course.courses]
    cards = [card(part.course) for part in parts if part is not None]
    return _page("authoring/preview_course.html", shown, **course_values(shown.course, version_id, cards))


@at("/phone")
@needs(Right.AUTHOR)
def preview_phone(course_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """The same on a narrow screen: the course page or a lesson in a frame of a telephone's width."""
    shown, lesson_id = seen(course_id, pack, version_id), request.args.get("lesson", "")
    if lesson_id:
        _spot(shown, lesson_id)
    inside = {"lesson_id": lesson_id} if lesson_id else {}
    address = shown.url_for("lessons.lesson" if lesson_id else "learning.course", course_id=course_id, **inside)
    return _page("authoring/preview_phone.html", shown, address=address, title=card(shown.course).page.title)


@at("/begin", "POST")
@needs(Right.AUTHOR)
def preview_begin(course_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """Go to the first lesson without joining the course."""
    shown = seen(course_id, pack, version_id)
    if not shown.course.lessons:
        abort(404)
    first = shown.course.lessons[0].id
    return redirect(shown.url_for("lessons.lesson", course_id=course_id, lesson_id=first), 303)


@at("/lessons/<path:lesson_id>")
@needs(Right.AUTHOR)
def preview_lesson(course_id: str, lesson_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """A lesson."""
    shown = seen(course_id, pack, version_id)
    return _page("authoring/preview_lesson.html", shown, page=_lesson(shown, lesson_id))


def _spot(shown: Seen, lesson_id: str) -> int:
    place = find_place(shown.course, lesson_id)
    if place is None:
        abort(404)
    return place


def _lesson(shown: Seen, lesson_id: str) -> LessonView:
    place = _spot(shown, lesson_id)
    keys = shown.course.lessons[place].questions
    return lesson_view(shown.course, place, {key: _question(shown, key, place) for key in keys})


def _question(shown: Seen, key: str, place: int, **values: Any) -> QuestionView:
    number = shown.course.lessons[place].questions.index(key) + 1
    return view_question(shown.course, key, language(), seed=0, name=f"q{number}", **values)


@at("/practise/<path:lesson_id>", "POST")
@needs(Right.AUTHOR)
def preview_practise(course_id: str, lesson_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """Answer a practice question: the verdict, and nothing kept."""
    shown = seen(course_id, pack, version_id)
    place, key = _spot(shown, lesson_id), request.form.get("question", "")
    if key not in shown.course.lessons[place].questions:
        abort(404)
    question = in_language(shown.course, key, language())
    invalid, response = _("Nothing is chosen yet. Answer first, then press Check."), None
    try:
        response = question_types()[question.type].read(question, request.form.to_dict(flat=False))
    except UnclearAnswer as unclear:
        invalid = str(unclear)
    if response is None:
        return _answered(shown, lesson_id, _question(shown, key, place, invalid=invalid)), 422
    review = reviewed(shown.course, key, language(), response)
    return _answered(shown, lesson_id, _question(shown, key, place, response=response, review=review))


def _answered(shown: Seen, lesson_id: str, view: QuestionView) -> str:
    """The question alone for the script, else the whole lesson with it."""
    page = _lesson(shown, lesson_id)
    if request.headers.get("X-Fragment"):
        return _page("learning/_question.html", shown, page=page, item=view)
    return _page("authoring/preview_lesson.html", shown, page=page, questions={**page.questions, view.key: view})


@at("/read/<path:lesson_id>", "POST")
@needs(Right.AUTHOR)
def preview_read(course_id: str, lesson_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """Go on to the next lesson; nothing is noted as read."""
    shown = seen(course_id, pack, version_id)
    if wants_json():
        return {"read": True}
    rest = shown.course.lessons[_spot(shown, lesson_id) + 1 :]
    if not rest:
        return redirect(shown.url_for("learning.course", course_id=course_id), 303)
    return redirect(shown.url_for("lessons.lesson", course_id=course_id, lesson_id=rest[0].id), 303)


@at("/place/<path:lesson_id>", "POST")
@needs(Right.AUTHOR)
def preview_place(course_id: str, lesson_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """Take note of nothing: a preview has no place to go on from."""
    _spot(seen(course_id, pack, version_id), lesson_id)
    return "", 204


@at("/mistakes/<path:lesson_id>", "POST")
@needs(Right.AUTHOR)
def preview_report(course_id: str, lesson_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """Say that a preview sends nothing."""
    shown = seen(course_id, pack, version_id)
    _spot(shown, lesson_id)
    flash(_("This is a preview, so nothing was sent."))
    return redirect(shown.url_for("lessons.lesson", course_id=course_id, lesson_id=lesson_id), 303)


@at("/quizzes/<path:quiz_id>")
@needs(Right.AUTHOR)
def preview_quiz(course_id: str, quiz_id: str, pack: str = "", version_id: int = 0) -> ResponseReturnValue:
    """All questions of a quiz with their keys. Only trainers come here."""
    shown = seen(course_id, pack, version_id)
    course, quiz = shown.course, the_quiz(shown.course, quiz_id)
    items = [
        view_question(course, key, language(), seed=0, name=f"q{number}", shuffle=False)
        for number, key in enumerate(quiz.questions, 1)
    ]
    return _page(
        "authoring/preview_quiz.html",
        shown,
        page=card(course),
        quiz=quiz,
        title=quiz_title(course, quiz.id, language()),
        introduction=quiz.introductions.get(language()) or quiz.introductions.get(course.language, ""),
        items=items,
        outcomes=card(course).page.outcomes,
        solutions={item.key: item.type.solution(item.question) for item in items},
    )


@bp.get("/packs/<pack>/media/<digest>/<path:name>")
@needs(Right.AUTHOR)
def draft_media(pack: str, digest: str, name: str) -> ResponseReturnValue:
    """A file that a draft shows."""
    found = draft_of(pack).media.get(digest)
    if found is None:
        abort(404)
    media_type, body = found
    response = Response(body, mimetype=media_type)
    response.headers["Content-Security-Policy"] = MEDIA_POLICY
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    if media_type.partition("/")[0] not in {"image", "audio", "video"}:
        response.headers.set("Content-Disposition", "attachment", filename=name.rsplit("/", 1)[-1])
    return response
