"""What an attempt came to: passed or not yet, by outcome, question by question as far as the quiz allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, redirect, render_template, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.learning import queries
from lms.learning.corrections import corrections, with_its_key
from lms.learning.course_views import card, lesson_card
from lms.learning.presentation import Review, in_language
from lms.learning.quiz_views import bp, is_over, quiz_title, the_attempt, view_asked
from lms.people.actions import record
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import Grade
from lms.quiz import queries as quizzes
from lms.quiz.rubrics import criteria
from lms.quiz.rules import share
from lms.web.language import language
from lms.web.received import sent_file
from lms.web.transaction import reading, writing

__all__ = ["bp"]  # the blueprint of quiz_views, with these routes besides

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.learning.course_views import LessonCard
    from lms.learning.presentation import QuestionView
    from lms.quiz.models import Attempt, Upload
    from lms.quiz.rubrics import Criterion


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome, the points it brought, and lessons to read again where it was weak."""

    name: str
    reached: float
    points: float
    lessons: Sequence[LessonCard]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A question with what was answered. `corrected` is since when it counts by another key; `most` are its points."""

    number: int
    item: QuestionView
    corrected: datetime | None
    most: float


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An answer that a person grades: its points by criterion and the words, or since when it waits.

    `again` is when a corrected key changed the points of a question that a rule grades.
    """

    number: int
    stem: str
    language: str
    points: float | None
    most: float
    criteria: Sequence[tuple[Criterion, float]]
    comment: str
    files: Sequence[Upload]
    again: datetime | None = None


@bp.get("/attempts/<attempt_id>/result")
@needs(Right.LEARN)
def result(attempt_id: str) -> ResponseReturnValue:
    """Passed or not yet, by outcome, with explanations as the quiz allows them."""
    attempt, course = the_attempt(attempt_id)
    if not is_over(attempt):
        return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)
    found = course.quizzes[attempt.quiz_id]
    rows = _result_rows(attempt, course) if attempt.submitted_at else []
    may_explain = _may_explain(attempt, found)
    return render_template(
        "learning/exam_result.html",
        attempt=attempt,
        course=card(course),
        quiz=found,
        title=quiz_title(course, attempt.quiz_id, attempt.language),
        share=share(attempt.score or 0.0, attempt.points or 0.0),
        right=sum(row.item.review.grade.is_right for row in rows if row.item.review),
        rows=rows if may_explain else [],
        total=len(rows),
        critical=_critical_misses(attempt, course, rows),
        outcomes=_outcome_rows(attempt, course),
        **_certificates(attempt, course),
        start=quizzes.may_start(reading(), current_user.actor, course.id, found.id, found.settings, now()),
        standing=_standing_now(course.id),
        is_exam=attempt.quiz_id == course.exam,
        work=_work_rows(attempt, course, may_explain=may_explain) if attempt.submitted_at else [],
    )


def _certificates(attempt: Attempt, course: CompiledCourse) -> dict[str, str | None]:
    """The code of the certificate that the exam led to, and of the one that a fresh exam renews."""
    if attempt.renews is None:
        return {"code": credentials.of_completion(reading(), f"{current_user.actor}/{course.id}"), "renews": None}
    old = credentials.certificate_by_id(reading(), attempt.renews, now().date())
    return {"code": old.replaced_by if old and attempt.passed else None, "renews": old.code if old else None}


def _work_rows(attempt: Attempt, course: CompiledCourse, *, may_explain: bool) -> list[WorkRow]:
    """What people grade or a corrected key changed, in the order of the attempt; criteria as far as keys are shown."""
    graded, notes = quizzes.grades(reading(), attempt.id), quizzes.notes(reading(), attempt.id)
    rows = []
    for number, key in enumerate(attempt.questions, 1):
        grade = graded.get(key)
        note = notes.get(grade.id) if grade is not None else None
        if grade is None or not (grade.score is None or note is not None or grade.regrading):
            continue
        asked = in_language(course, key, attempt.language)
        lines = list(zip(criteria(asked), note.criteria, strict=False)) if note is not None and may_explain else []
        rows.append(
            WorkRow(
                number,
                asked.stem,
                attempt.language if attempt.language in course.questions[key] else course.language,
                None if grade.score is None else grade.score * grade.points,
                grade.points,
                [line for line in lines if line[0].text],
                note.comment if note is not None else "",
                quizzes.uploads_named(reading(), attempt.id, key),
                grade.graded_at if grade.regrading else None,
            )
        )
    return rows


@bp.post("/attempts/<attempt_id>/files/<upload_id>")
@needs(Right.LEARN)
def own_file(attempt_id: str, upload_id: str) -> ResponseReturnValue:
    """A file that somebody handed in, for themselves. Each opening is written down, so it is a POST."""
    the_attempt(attempt_id)
    file = quizzes.upload(reading(), attempt_id, upload_id)
    response = sent_file(file.id, file.name) if file is not None else None
    if response is None:
        abort(404)
    record(writing(), "own-file-opened", current_user.actor, current_user.actor, upload=upload_id)
    return response


def _standing_now(course_id: str) -> queries.CourseStanding | None:
    current = content.current(reading(), course_id)
    return queries.standing(reading(), current_user.actor, current, language()) if current else None


def _may_explain(attempt: Attempt, found: CompiledQuiz) -> bool:
    if attempt.submitted_at is None or found.settings.review == "never":
        return False
    return attempt.passed is True if found.settings.review == "passed" else True


def _result_rows(attempt: Attempt, course: CompiledCourse) -> list[ResultRow]:
    given, graded = quizzes.responses(reading(), attempt.id), quizzes.grades(reading(), attempt.id)
    rows, corrected = [], corrections(attempt)
    for number, key in enumerate(attempt.questions, 1):
        kept = graded.get(key)
        grade = Grade(kept.score) if kept is not None else Grade(None, counts=False)
        shown = Review(grade, show_key=True, show_feedback=True)
        view = view_asked(attempt, course, key, given.get(key), review=shown)
        again = corrected.get(key)
        shown_now = with_its_key(attempt, view, again) if again else view
        rows.append(ResultRow(number, shown_now, again.moment if again else None, kept.points if kept else 0.0))
    return rows


def _critical_misses(attempt: Attempt, course: CompiledCourse, rows: Sequence[ResultRow]) -> int:
    """How many questions that have to be right are not, in an attempt that did not pass."""
    if attempt.passed is not False:
        return 0
    asked = [(row, course.questions[row.item.key][course.language]) for row in rows]
    return sum(
        question.critical and not (row.item.review and row.item.review.grade.is_right) for row, question in asked
    )


def _outcome_rows(attempt: Attempt, course: CompiledCourse) -> list[OutcomeRow]:
    """Each outcome with its points; where something was missed, lessons that practise it."""
    names: Mapping[str, str] = card(course).page.outcomes
    rows = []
    for name, (reached, points) in sorted(attempt.outcomes.items()):
        weak = reached < points
        lessons = _lessons_for(course, name) if weak else []
        rows.append(OutcomeRow(names.get(name, name), reached, points, lessons))
    return rows


def _lessons_for(course: CompiledCourse, outcome: str) -> list[LessonCard]:
    """Lessons whose practice questions belong to an outcome, at most three."""
    found = [
        lesson
        for lesson in course.lessons
        if any(course.questions[key][course.language].outcome == outcome for key in lesson.questions)
    ]
    return [lesson_card(course, lesson) for lesson in found[:3]]
