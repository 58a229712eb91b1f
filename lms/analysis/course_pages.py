"""How people fare in a course, as its page and its files show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.analysis.course_sums import CourseSums, LessonSums, PracticeSums, practice_order
from lms.analysis.rules import FEWEST, SHOWN_FROM
from lms.analysis.spreads import median
from lms.analysis.sums import add_counts
from lms.analysis.texts import OPINION
from lms.content.queries import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lms.analysis.queries import CourseCard
    from lms.content.compiled import CompiledCourse, CompiledLesson
    from lms.plugins import QuestionType

SLOWER, SLOWER_BY = 1.5, 120  # times the minutes stated, and at least so many seconds more
MOST_WRONG = 10  # practice questions in the list


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson: how many read it to its end and what share of all that is, how many stopped at it, how long it takes.

    `stopped` is None for a few people, `seconds` for fewer than `FEWEST` of `timed`; `stated` is in minutes.
    """

    id: str
    path: str
    title: str
    language: str
    read: int
    share: float
    stopped: int | None
    seconds: float | None
    timed: int
    stated: float

    @property
    def is_slow(self) -> bool:
        """Whether it takes much longer than it says."""
        stated = 60 * self.stated
        return self.seconds is not None and self.seconds >= max(SLOWER * stated, stated + SLOWER_BY)


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A practice question: first answers, and the share of them that did not earn everything."""

    key: str
    words: str
    lesson: str
    language: str
    answered: int
    wrong: float


@dataclass(frozen=True, slots=True)
class NeverDrawn:
    """A question that no first attempt had."""

    quiz: str
    path: str
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course: its quizzes, its lessons, its practice. `counted_at` is None before the first count."""

    card: CourseCard
    pack: str
    version: int
    counted_at: datetime | None
    enrolled: int
    completed: int
    stopped: int
    lessons: tuple[LessonRow, ...]
    practice: tuple[PracticeRow, ...]
    never: tuple[NeverDrawn, ...]

    @property
    def is_shown(self) -> bool:
        """Whether enough people take part that nobody can be told from a figure."""
        return self.enrolled >= SHOWN_FROM

    @property
    def where_most_stop(self) -> LessonRow | None:
        """The lesson at which most people stopped."""
        return max((row for row in self.lessons if row.stopped), key=lambda row: row.stopped or 0, default=None)

    @property
    def slow(self) -> tuple[LessonRow, ...]:
        """The lessons that take much longer than they say."""
        return tuple(row for row in self.lessons if row.is_slow)


def lesson_rows(course: CompiledCourse, sums: CourseSums, language: str) -> tuple[LessonRow, ...]:
    """Every lesson of a course in its order; what was counted under an earlier id counts for it."""
    return tuple(_lesson(course, lesson, sums, language) for lesson in course.lessons)


def _lesson(course: CompiledCourse, lesson: CompiledLesson, sums: CourseSums, language: str) -> LessonRow:
    every = LessonSums()
    for name in (lesson.id, *lesson.was):
        known = sums.lessons.get(name, LessonSums())
        every.read += known.read
        every.stopped += known.stopped
        add_counts(every.seconds, known.seconds)
    spoken = language if language in lesson.pages else course.language
    read, timed = min(every.read, sums.enrolled), sum(every.seconds.values())
    return LessonRow(
        lesson.id,
        lesson.path,
        lesson.pages[spoken].title,
        spoken,
        read,
        read / sums.enrolled if sums.enrolled else 0.0,
        every.stopped if every.stopped >= SHOWN_FROM or not every.stopped else None,
        median(every.seconds) if timed >= FEWEST else None,
        timed,
        lesson.pages[course.language].minutes,
    )


def practice_rows(
    course: CompiledCourse, sums: CourseSums, types: Mapping[str, QuestionType], language: str
) -> tuple[PracticeRow, ...]:
    """The practice questions of a course, the one most often wrong first; without opinions and rarely answered ones."""
    lessons = {key: lesson.id for lesson in course.lessons for key in lesson.questions}
    found = []
    for key, known in practice_order(sums, SHOWN_FROM):
        if key in lessons and not _is_opinion(course, key, types):
            found.append(_practice(course, key, known, lessons[key], language))
    return tuple(found)


def _practice(course: CompiledCourse, key: str, known: PracticeSums, lesson: str, language: str) -> PracticeRow:
    texts = course.questions[key]
    spoken = language if language in texts else course.language
    words = " ".join(plain_text(texts[spoken].stem).split())
    return PracticeRow(key, words, lesson, spoken, known.answered, known.wrong / known.answered)


def _is_opinion(course: CompiledCourse, key: str, types: Mapping[str, QuestionType]) -> bool:
    kind = types.get(course.questions[key][course.language].type)
    return kind is not None and kind.interaction == OPINION


def never_rows(course: CompiledCourse, never: list[tuple[str, str]]) -> tuple[NeverDrawn, ...]:
    """Questions that nobody got, with their words."""
    return tuple(
        NeverDrawn(
            quiz,
            course.quizzes[quiz].path,
            name,
            " ".join(plain_text(course.questions[f"{quiz}#{name}"][course.language].stem).split()),
        )
        for quiz, name in never
    )
