"""Quizzes and exams: start, answer, look again, hand in, see the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.learning import actions, queries
from lms.learning.course_views import card, published
from lms.learning.presentation import QuestionView, Review, in_language, question_types, reviewed, view_question
from lms.learning.uploads import MOST_FILES, keep_uploads, own_uploads
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import UnclearAnswer
from lms.quiz import actions as quiz
from lms.quiz import queries as quizzes
from lms.quiz.rules import is_late, share
from lms.web.asking import wants_json
from lms.web.ids import client_id, new_id
from lms.web.language import _, language, show_time
from lms.web.received import MOST_BYTES, BadUpload
from lms.web.transaction import read_connection, reading, write_shared, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.learning.course_views import CourseCard
    from lms.quiz.models import Attempt
    from lms.quiz.queries import Sitting

bp = Blueprint("quizzes", __name__)
ROOM_FOR_FIELDS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ExamPage:
    """One question of an attempt. `number` counts from 1; `answered` and `marked` go by question key."""

    attempt: Attempt
    course: CourseCard
    title: str
    number: int
    item: QuestionView
    answered: frozenset[str]
    saved_at: datetime | None
    seconds_left: int | None
    explains_each: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A question in the list before handing in, or in the result."""

    number: int
    item: QuestionView
    is_answered: bool
    is_marked: bool


def the_quiz(course: CompiledCourse, quiz_id: str) -> CompiledQuiz:
    """A graded quiz of a course, or a page that says there is none."""
    found = course.quizzes.get(quiz_id)
    if found is None:
        abort(404)
    return found


def quiz_title(course: CompiledCourse, quiz_id: str, tag: str) -> str:
    """A quiz's title in a language, else in the course's own."""
    titles = course.quizzes[quiz_id].titles
    return titles.get(tag) or titles.get(course.language) or quiz_id


@bp.get("/courses/<course_id>/quizzes/<path:quiz_id>")
@needs(Right.LEARN)
def start_page(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """What to expect, what has been tried, and the button that begins."""
    current = published(course_id)
    found = the_quiz(current.course, quiz_id)
    return render_template("learning/quiz_start.html", **_start_values(current, found))


def _start_values(current: content.Current, found: CompiledQuiz) -> dict[str, Any]:
    db, actor, course = reading(), current_user.actor, current.course
    tries = quizzes.attempts(db, actor, course.id, found.id)
    standing = queries.standing(db, actor, current, language())
    return {
        "course": card(course),
        "quiz": found,
        "title": quiz_title(course, found.id, language()),
        "introduction": found.introductions.get(language()) or found.introductions.get(course.language, ""),
        "start": quizzes.may_start(db, actor, course.id, found.id, found.settings, now()),
        "tries": [attempt for attempt in tries if attempt.submitted_at is not None],
        "amount": sum(found.settings.draw.values()) or len(found.questions),
        "extra_minutes": quizzes.allowed(db, actor, course.id, found.id).minutes,
        "attempt_id": new_id(),
        "share": share,
        "lessons_left": standing.progress.missing_lessons,
        "is_exam": found.id == course.exam,
    }


@bp.post("/courses/<course_id>/quizzes/<path:quiz_id>")
@needs(Right.LEARN)
def start(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """Begin, or come back to what was begun."""
    current = published(course_id)
    found = the_quiz(current.course, quiz_id)
    db = writing()
    quiz.lock_actor(db, current_user.actor)
    _close_overdue(current_user.actor, course_id, quiz_id)
    actions.enrol(db, current_user.actor, course_id)
    try:
        attempt = quiz.start_attempt(
            db,
            current_user.actor,
            current.course,
            current.version,
            found,
            attempt_id=client_id("attempt_id"),
            language=language(),
        )
    except quiz.MayNotStart:
        return render_template("learning/quiz_start.html", **_start_values(current, found)), 409
    return redirect(url_for("quizzes.question", attempt_id=attempt.id, number=1), 303)


def _close_overdue(actor: int, course_id: str, quiz_id: str) -> None:
    """An attempt whose time is over is closed by the next POST; what was saved counts."""
    for attempt in quizzes.attempts(writing(), actor, course_id, quiz_id):
        if attempt.submitted_at is None and is_late(now(), attempt.deadline_at):
            actions.submit_quiz(writing(), attempt, question_types(), by="time")


def the_attempt(attempt_id: str) -> tuple[Attempt, CompiledCourse]:
    """An attempt of the person who asks, with the version that it stays on."""
    attempt = quizzes.attempt(reading(), attempt_id, current_user.actor)
    if attempt is None:
        abort(404)
    return attempt, content.version(reading(), attempt.version_id)


def _the_question(attempt_id: str, number: int) -> tuple[Sitting, CompiledCourse, str]:
    """An attempt to answer in, its version, and the key of a question of it, counted from 1."""
    attempt = quizzes.sitting(read_connection(), attempt_id, current_user.actor)
    if attempt is None or not 1 <= number <= len(attempt.questions):
        abort(404)
    return attempt, content.version(read_connection(), attempt.version_id), attempt.questions[number - 1]


def is_over(attempt: Attempt | Sitting) -> bool:
    """Whether an attempt was handed in, or its time has run out."""
    return attempt.submitted_at is not None or is_late(now(), attempt.deadline_at)


@bp.get("/attempts/<attempt_id>/<int:number>")
@needs(Right.LEARN)
def question(attempt_id: str, number: int) -> ResponseReturnValue:
    """One question, its fate beside the clock."""
    attempt, course = the_attempt(attempt_id)
    if is_over(attempt):
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    if not 1 <= number <= len(attempt.questions):
        abort(404)
    return render_template("learning/exam.html", page=_exam_page(attempt, course, number))


def _exam_page(attempt: Attempt, course: CompiledCourse, number: int, invalid: str = "") -> ExamPage:
    key = attempt.questions[number - 1]
    given = quizzes.responses(reading(), attempt.id)
    explains_each = course.quizzes[attempt.quiz_id].settings.review == "each"
    response = given.get(key)
    shown = reviewed(course, key, attempt.language, response) if explains_each and response is not None else None
    return ExamPage(
        attempt,
        card(course),
        quiz_title(course, attempt.quiz_id, attempt.language),
        number,
        view_asked(attempt, course, key, response, review=shown, invalid=invalid),
        frozenset(name for name, response in given.items() if response is not None),
        quizzes.last_saved(reading(), attempt.id),
        _seconds_left(attempt),
        explains_each,
    )


def view_asked(
    attempt: Attempt,
    course: CompiledCourse,
    key: str,
    response: Any,
    *,
    review: Review | None = None,
    invalid: str = "",
) -> QuestionView:
    """A question of an attempt, in the order of options that this attempt always shows."""
    return view_question(
        course,
        key,
        attempt.language,
        seed=attempt.seed,
        name=f"q{attempt.questions.index(key) + 1}",
        shuffle=course.quizzes[attempt.quiz_id].settings.shuffle,
        response=response,
        review=review,
        invalid=invalid,
    )


def _seconds_left(attempt: Attempt | Sitting) -> int | None:
    if attempt.deadline_at is None:
        return None
    return max(0, int((attempt.deadline_at - now()).total_seconds()))


@bp.post("/attempts/<attempt_id>/<int:number>")
@needs(Right.LEARN)
def save(attempt_id: str, number: int) -> ResponseReturnValue:
    """Save an answer the moment it is given; then go where the button says."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = MOST_FILES * MOST_BYTES + ROOM_FOR_FIELDS
    attempt, course, key = _the_question(attempt_id, number)
    as_json = wants_json()
    asked = in_language(course, key, attempt.language)
    if is_over(attempt):
        return _closed(attempt_id, as_json=as_json)
    try:
        response = _read_response(attempt, asked, key)
    except (UnclearAnswer, BadUpload) as unclear:
        words = _(str(unclear))
        if as_json:
            return {"invalid": words}, 422
        return render_template("learning/exam.html", page=_exam_page(*the_attempt(attempt_id), number, words)), 422
    given, is_final = _given(key, response), course.quizzes[attempt.quiz_id].settings.review == "each"
    keep = partial(quiz.keep_given, actor=current_user.actor, attempt=attempt, given=given, is_final=is_final)
    try:
        moment = write_shared(keep)
    except quiz.AttemptClosed:
        return _closed(attempt_id, as_json=as_json)
    except quiz.NotInAttempt:
        abort(409)
    if as_json:
        return {"saved": show_time(moment, "medium"), "left": _seconds_left(attempt)}
    return redirect(_where_next(attempt, number), 303)


def _closed(attempt_id: str, *, as_json: bool) -> ResponseReturnValue:
    """Say that the attempt is over, and where its result is."""
    result = url_for("quizzes.result", attempt_id=attempt_id)
    return ({"closed": result}, 409) if as_json else redirect(result, 303)


def _read_response(attempt: Sitting, asked: Any, key: str) -> Any:
    form = request.form.to_dict(flat=False)
    response = question_types()[asked.type].read(asked, form)
    if asked.type != "upload":
        return response
    files = request.files.getlist("file")
    try:
        if any(file.filename for file in files):
            return keep_uploads(attempt, asked, key, files)
    finally:
        for file in files:
            file.close()
    return own_uploads(attempt, key, response)


def _given(key: str, response: Any) -> quiz.Given:
    marked = "marked" in request.form if "marking" in request.form else None
    return quiz.Given(key, response, client_id("answer_id"), _made_at(), marked)


def _made_at() -> datetime:
    """When the client says that the answer was made (milliseconds since 1970); now, if it does not say."""
    try:
        return datetime.fromtimestamp(int(request.form.get("made_at", "")) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now()


def _where_next(attempt: Sitting, number: int) -> str:
    go = request.form.get("go", "")
    if go == "review" or (go == "next" and number >= len(attempt.questions)):
        return url_for("quizzes.review", attempt_id=attempt.id)
    step = {"next": 1, "back": -1}.get(go, 0)
    if go.isdecimal():
        target = min(max(1, int(go)), len(attempt.questions))
    else:
        target = min(max(1, number + step), len(attempt.questions))
    return url_for("quizzes.question", attempt_id=attempt.id, number=target)


@bp.get("/attempts/<attempt_id>/review")
@needs(Right.LEARN)
def review(attempt_id: str) -> ResponseReturnValue:
    """What is answered, marked and empty, before handing in."""
    attempt, course = the_attempt(attempt_id)
    if is_over(attempt):
        return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
    given = quizzes.responses(reading(), attempt.id)
    rows = [
        ReviewRow(
            number, view_asked(attempt, course, key, given.get(key)), given.get(key) is not None, key in attempt.marked
        )
        for number, key in enumerate(attempt.questions, 1)
    ]
    return render_template(
        "learning/exam_review.html",
        attempt=attempt,
        course=card(course),
        title=quiz_title(course, attempt.quiz_id, attempt.language),
        rows=rows,
        seconds_left=_seconds_left(attempt),
        saved_at=quizzes.last_saved(reading(), attempt.id),
    )


@bp.post("/attempts/<attempt_id>/submit")
@needs(Right.LEARN)
def submit(attempt_id: str) -> ResponseReturnValue:
    """Hand in. Twice is once."""
    db = writing()
    attempt = quizzes.attempt(db, attempt_id, current_user.actor)
    if attempt is None:
        abort(404)
    by = "time" if is_late(now(), attempt.deadline_at) else "person"
    actions.submit_quiz(db, attempt, question_types(), by=by)
    return redirect(url_for("quizzes.result", attempt_id=attempt_id), 303)
