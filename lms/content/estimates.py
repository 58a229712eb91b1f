"""How long a course takes: FORMAT's honest estimate."""

from __future__ import annotations

from lms.content.compiled import CompiledCourse, CompiledQuiz

WORDS_A_MINUTE = 120
MINUTES_A_QUESTION = 1.5
ACADEMIC_HOUR = 45


def drawn(quiz: CompiledQuiz) -> int:
    """How many questions one attempt at a quiz has."""
    draw, available = quiz.settings.draw, len(quiz.questions)
    if not draw:
        return available
    return min(draw.get("total", 0) or sum(draw.values()), available)


def course_estimate(course: CompiledCourse, practical: float) -> dict[str, float]:
    """Minutes by part: reading in the source language, questions, stated practical time, and their total.

    Questions are those of practice and those that one attempt at the exam and at each graded quiz draws.
    """
    words = sum(next(iter(lesson.pages.values())).words for lesson in course.lessons)
    practice = len({key for lesson in course.lessons for key in lesson.questions})
    placed = {quiz for lesson in course.lessons for quiz in lesson.quizzes} | {course.exam}
    graded = sum(drawn(quiz) for name, quiz in course.quizzes.items() if name in placed)
    reading, questions = words / WORDS_A_MINUTE, MINUTES_A_QUESTION * (practice + graded)
    parts = {"reading": reading, "questions": questions, "practical": practical}
    return {**{name: round(value, 1) for name, value in parts.items()}, "total": round(sum(parts.values()), 1)}
