"""Everything that the pages show as tables for a spreadsheet. The columns are explained in docs/analysis.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.analysis.rules import SHOWN_FROM, Figures
from lms.analysis.spreads import THIRDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lms.analysis.course_pages import CoursePage
    from lms.analysis.picture import Row
    from lms.analysis.queries import QuizPage

    Table = tuple[Sequence[str], Iterator[Sequence[Any]]]

FIGURES = ("asked", "answered", "skipped", "waiting", "facility", "discrimination", "median_seconds")
EXAM = (
    *("course", "quiz", "version", "drawn", "people", "complete", "mean", "standard_deviation", "pass_rate"),
    *("reliability", "standard_error", "not_said"),
)
QUESTIONS = ("course", "quiz", "version", "question", "type", "language", *FIGURES, "flags")
CHOICES = ("course", "quiz", "version", "question", "language", "choice", "right", "people", *THIRDS)
LESSONS = ("course", "lesson", "enrolled", "read", "stopped", "median_seconds", "timed", "stated_minutes")
PRACTICE = ("course", "question", "lesson", "answered", "wrong")


def exam_table(page: QuizPage) -> Table:
    """The exam as a whole: one line."""
    exam, number = page.exam, _number(page)
    said = exam.reliability
    line = (
        *(page.course.id, page.quiz.id, number, int(exam.is_drawn), exam.people, exam.complete),
        *((exam.mean, exam.spread, exam.pass_rate) if exam.people >= SHOWN_FROM else (None, None, None)),
        *(said.value, said.error, said.reason),
    )
    return EXAM, iter([line])


def question_table(page: QuizPage) -> Table:
    """Each question in all languages together, then in each alone."""
    return QUESTIONS, _questions(page)


def _questions(page: QuizPage) -> Iterator[Sequence[Any]]:
    for row in page.questions:
        head = (page.course.id, page.quiz.id, _number(page), row.id, row.question.type)
        flags = " ".join(raised.flag for raised in row.flags)
        yield (*head, page.chosen.language, *_figures(row.figures), flags)
        if not page.chosen.language:
            for tongue, figures in row.by_language.items():
                yield (*head, tongue, *_figures(figures), "")


def _figures(found: Figures) -> tuple[Any, ...]:
    if not found.is_shown:
        return (found.asked, *[None] * (len(FIGURES) - 1))
    return (
        *(found.asked, found.answered, found.skipped, found.waiting),
        *(found.facility, found.discrimination, found.seconds),
    )


def choice_table(page: QuizPage) -> Table:
    """Who chose what, opinions too. Questions asked of fewer than five people are left out."""
    return CHOICES, _choices(page)


def _choices(page: QuizPage) -> Iterator[Sequence[Any]]:
    for row in page.questions:
        if not row.figures.is_shown:
            continue
        head = (page.course.id, page.quiz.id, _number(page), row.id, page.chosen.language)
        for choice in row.choices.rows:
            thirds = [choice.of_thirds[third] for third in THIRDS]
            yield (*head, choice.name, _is_right(row, choice.name), choice.people, *thirds)


def _is_right(row: Row, name: str) -> int | None:
    if row.is_choice and name.isdigit():
        return int(row.question.options[int(name)].right)
    return None


def _number(page: QuizPage) -> int:
    return next((each.number for each in page.versions if each.id == page.chosen.version), 0)


def lesson_table(page: CoursePage) -> Table:
    """Each lesson: who read it, who stopped at it, how long it took."""
    lines = (
        (page.card.id, row.id, page.enrolled, row.read, row.stopped, row.seconds, row.timed, row.stated)
        for row in page.lessons
        if page.is_shown
    )
    return LESSONS, lines


def practice_table(page: CoursePage) -> Table:
    """Each practice question: first answers, and the share that did not earn everything."""
    return PRACTICE, ((page.card.id, row.key, row.lesson, row.answered, row.wrong) for row in page.practice)
