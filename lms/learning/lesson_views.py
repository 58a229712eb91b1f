"""Lessons: read, practise, remember the place, report a mistake."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.learning import actions, queries, rules
from lms.learning.course_views import card, lesson_card, published
from lms.learning.presentation import QuestionView, in_language, question_types, reviewed, view_question
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.session import acting, acting_to_write
from lms.plugins import UnclearAnswer
from lms.web.asking import wants_json
from lms.web.ids import client_id
from lms.web.language import _, language
from lms.web.transaction import database, reading, write_shared, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse, CompiledLesson
    from lms.learning.course_views import CourseCard, LessonCard
    from lms.learning.queries import Practised

bp = Blueprint("lessons", __name__)
YEAR = 31536000


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson as one reader sees it. `place` counts from 1; 0 is a page outside of the order."""

    course: CourseCard
    lesson: LessonCard
    place: int
    module: str
    before: LessonCard | None
    after: LessonCard | None
    read: tuple[bool, ...]
    is_read: bool
    questions: Mapping[str, QuestionView]

    @property
    def posts(self) -> list[str]:
        """For each lesson of the course, what its post along the rail looks like."""
        return ["here" if at == self.place else "done" if done else "" for at, done in enumerate(self.read, 1)]


@bp.get("/courses/<course_id>/lessons/<path:lesson_id>")
@needs(Right.ANYONE)
def lesson(course_id: str, lesson_id: str) -> ResponseReturnValue:
    """A lesson. The first of each course is open to everybody; the others ask to sign in."""
    current, place = _the_page(course_id, lesson_id)
    found = pages_of(current.course)[place]
    if found.id != lesson_id:
        return redirect(_address(current.course, found), 301)
    if place > 0 and not current_user.is_authenticated:
        return redirect(url_for("people.sign_in", next=request.path), 303)
    return render_template("learning/lesson.html", page=view_lesson(current, place))


def pages_of(course: CompiledCourse) -> tuple[CompiledLesson, ...]:
    """The lessons in order, then the pages outside of the order that links lead to."""
    return (*course.lessons, *course.aside)


def find_place(course: CompiledCourse, lesson_id: str) -> int | None:
    """The place of a page in `pages_of`, also by an id that it had before."""
    for place, item in enumerate(pages_of(course)):
        if item.id == lesson_id:
            return place
    return next((place for place, item in enumerate(pages_of(course)) if lesson_id in item.was), None)


def _the_page(course_id: str, lesson_id: str) -> tuple[content.Current, int]:
    """The course on offer and the place of one of its pages, or a page that says there is none."""
    current = published(course_id)
    place = find_place(current.course, lesson_id)
    if place is None:
        abort(404)
    return current, place


def _address(course: CompiledCourse, item: CompiledLesson) -> str:
    return url_for("lessons.lesson", course_id=course.id, lesson_id=item.id)


def view_lesson(current: content.Current, place: int) -> LessonView:
    """Everything that the lesson page shows, for whoever asks."""
    course, actor = current.course, acting()
    item, is_listed = pages_of(course)[place], place < len(course.lessons)
    read = queries.read_lessons(reading(), actor, course.id) if actor is not None else frozenset()
    given = queries.practised(reading(), actor, course.id, item) if actor is not None else {}
    marks = tuple(rules.is_read(other, read) for other in course.lessons)
    return LessonView(
        course=card(course),
        lesson=lesson_card(course, item),
        place=place + 1 if is_listed else 0,
        module=_module_title(course, item.module),
        before=lesson_card(course, course.lessons[place - 1]) if is_listed and place else None,
        after=lesson_card(course, course.lessons[place + 1]) if place + 1 < len(course.lessons) else None,
        read=marks,
        is_read=is_listed and marks[place],
        questions={
            key: _practice_view(course, key, number, given.get(key), actor)
            for number, key in enumerate(item.questions, 1)
        },
    )


def _module_title(course: CompiledCourse, module: str) -> str:
    titles = next((each.titles for each in course.modules if each.id == module), {})
    return titles.get(language()) or titles.get(course.language, "")


def _practice_view(
    course: CompiledCourse, key: str, number: int, given: Practised | None, actor: int | None
) -> QuestionView:
    """A practice question with the last answer, unless the reader asks to try it again."""
    answered = given is not None and request.args.get("again") != key
    response = given.response if given is not None and answered else None
    return view_question(
        course,
        key,
        language(),
        seed=actor or 0,
        name=f"q{number}",
        response=response,
        review=reviewed(course, key, language(), response) if answered else None,
    )


@bp.post("/courses/<course_id>/read/<path:lesson_id>")
@needs(Right.ANYONE)
def read(course_id: str, lesson_id: str) -> ResponseReturnValue:
    """Note that a lesson was read, and go on to the next one (or say so, to the script)."""
    current, place = _the_page(course_id, lesson_id)
    is_again = _note_read(current, pages_of(current.course)[place].id)
    if wants_json():
        return {"read": True}
    if is_again:
        flash(_("Read again. What is left before your next attempt stands on the page of the renewal, in My learning."))
    lessons = current.course.lessons
    if place + 1 < len(lessons):
        return redirect(_address(current.course, lessons[place + 1]), 303)
    return redirect(url_for("learning.course", course_id=course_id), 303)


def _note_read(current: content.Current, lesson_id: str) -> bool:
    """Together with what others read at this moment, unless more hangs on it; whether a renewal asked for it."""
    actor = acting()
    if actor is not None and rules.needs_exam(current.course):
        with suppress(actions.MoreToDo):
            write_shared(partial(actions.only_note_read, actor=actor, current=current, lesson=lesson_id))
            return False
    return actions.read_lesson(writing(), acting_to_write(), current, lesson_id)


@bp.post("/courses/<course_id>/place/<path:lesson_id>")
@needs(Right.LEARN)
def place(course_id: str, lesson_id: str) -> ResponseReturnValue:
    """Remember that this lesson is open, so that another device goes on here."""
    current, found = _the_page(course_id, lesson_id)
    actions.be_at(writing(), current_user.actor, course_id, pages_of(current.course)[found].id)
    return "", 204


@bp.post("/courses/<course_id>/practise/<path:lesson_id>")
@needs(Right.ANYONE)
def practise(course_id: str, lesson_id: str) -> ResponseReturnValue:
    """Answer a practice question: at once the verdict, and why."""
    current = published(course_id)
    course, key = current.course, request.form.get("question", "")
    spot = find_place(course, lesson_id)
    if spot is None or key not in pages_of(course)[spot].questions:
        abort(404)
    item = pages_of(course)[spot]
    question = in_language(course, key, language())
    kind, number = question_types()[question.type], item.questions.index(key) + 1
    invalid, response = "", None
    try:
        response = kind.read(question, request.form.to_dict(flat=False))
    except UnclearAnswer as unclear:
        invalid = _(str(unclear))
    if response is None:
        again = view_question(
            course, key, language(), seed=acting() or 0, name=f"q{number}",
            invalid=invalid or _("Nothing is chosen yet. Answer first, then press Check."),
        )  # fmt: skip
        return _practice_answer(current, spot, again), 422
    actor = acting_to_write()
    score = kind.grade(question, response).score
    actions.answer_practice(writing(), actor, current, key, response, score, answer_id=client_id("answer_id"))
    review = reviewed(course, key, language(), response)
    done = view_question(course, key, language(), seed=actor, name=f"q{number}", response=response, review=review)
    if request.headers.get("X-Fragment"):
        return _practice_answer(current, spot, done)
    return redirect(_address(course, item) + f"#q-{question.id}", 303)


def _practice_answer(current: content.Current, spot: int, view: QuestionView) -> str:
    """The question alone for the script, else the whole lesson with it."""
    lesson_view = view_lesson(current, spot)
    if request.headers.get("X-Fragment"):
        return render_template("learning/_question.html", page=lesson_view, item=view)
    questions = {**lesson_view.questions, view.key: view}
    return render_template("learning/lesson.html", page=lesson_view, questions=questions)


@bp.post("/courses/<course_id>/mistakes/<path:lesson_id>")
@needs(Right.ANYONE)
def report(course_id: str, lesson_id: str) -> ResponseReturnValue:
    """Tell the trainers about a mistake on this page."""
    current, spot = _the_page(course_id, lesson_id)
    item = pages_of(current.course)[spot]
    text = request.form.get("text", "").strip()
    if text:
        _slow_down_reports()
        actions.report_mistake(
            writing(), acting(), current, item.id, language(), text, client_id=client_id("report_id")
        )
        flash(_("Thank you. Your note went to the people who write this course."))
    else:
        flash(_("Your note was empty, so nothing was sent."))
    return redirect(_address(current.course, item), 303)


def _slow_down_reports() -> None:
    """Each report is a letter to every trainer: twenty an hour from one place are plenty."""
    try:
        count_try(database(), "mistake report", request.remote_addr or "", limit=20, seconds=3600)
    except TooOften:
        abort(429)


@bp.get("/media/<digest>/<path:name>")
@needs(Right.ANYONE)
def media(digest: str, name: str) -> ResponseReturnValue:
    """A file of a published version. Its address is its content, so browsers may keep it for ever."""
    found = content.blob(reading(), digest)
    if found is None:
        abort(404)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if found.media_type.partition("/")[0] not in {"image", "audio", "video"}:
        response.headers.set("Content-Disposition", "attachment", filename=name.rsplit("/", 1)[-1])
    return response
