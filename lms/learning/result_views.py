"""What an attempt came to: passed or not yet, by outcome, question by question as far as the quiz allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.learning import queries
from lms.learning.course_views import card, lesson_card
from lms.learning.presentation import Review
from lms.learning.quiz_views import ReviewRow, bp, is_over, quiz_title, the_attempt, view_asked
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import Grade
from lms.quiz import queries as quizzes
from lms.quiz.rules import share
from lms.web.language import language
from lms.web.transaction import reading

__all__ = ["bp"]  # the blueprint of quiz_views, with these routes besides

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.learning.course_views import LessonCard
    from lms.quiz.models import Attempt


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome, the points it brought, and lessons to read again where it was weak."""

    name: str
    reached: float
    points: float
    lessons: Sequence[LessonCard]


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
        code=credentials.of_completion(reading(), f"{current_user.actor}/{course.id}"),
        start=quizzes.may_start(reading(), current_user.actor, course.id, found.id, found.settings, now()),
        standing=_standing_now(course.id),
        is_exam=attempt.quiz_id == course.exam,
    )


def _standing_now(course_id: str) -> queries.CourseStanding | None:
    current = content.current(reading(), course_id)
    return queries.standing(reading(), current_user.actor, current, language()) if current else None


def _may_explain(attempt: Attempt, found: CompiledQuiz) -> bool:
    if attempt.submitted_at is None or found.settings.review == "never":
        return False
    return attempt.passed is True if found.settings.review == "passed" else True


def _result_rows(attempt: Attempt, course: CompiledCourse) -> list[ReviewRow]:
    given, graded = quizzes.responses(reading(), attempt.id), quizzes.grades(reading(), attempt.id)
    rows = []
    for number, key in enumerate(attempt.questions, 1):
        kept = graded.get(key)
        grade = Grade(kept.score) if kept is not None else Grade(None, counts=False)
        shown = Review(grade, show_key=True, show_feedback=True)
        view = view_asked(attempt, course, key, given.get(key), review=shown)
        rows.append(ReviewRow(number, view, given.get(key) is not None, key in attempt.marked))
    return rows


def _critical_misses(attempt: Attempt, course: CompiledCourse, rows: Sequence[ReviewRow]) -> int:
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
