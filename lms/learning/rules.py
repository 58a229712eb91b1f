"""Pure decisions about learning: what is still missing, what comes next, when a course is complete."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.content.compiled import CompiledCourse, CompiledLesson


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person in one course.

    `passed` are the ids of quizzes passed. `exam_version_lessons` are the ids of the lessons of the version in which
    the passing exam was taken: lessons published later are not asked for. `facts` sums values by kind and ref.
    `completed_courses` matter to programmes.
    """

    read: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    exam_version_lessons: frozenset[str] | None = None
    facts: Mapping[tuple[str, str], float] = field(default_factory=dict)
    completed_courses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is. `missing_*` is what the certificate still needs; times are minutes."""

    lessons: int
    read: int
    missing_lessons: int
    missing_quizzes: tuple[str, ...]
    is_exam_missing: bool
    missing_sessions: int
    missing_actions: tuple[str, ...]
    missing_courses: tuple[str, ...]
    missing_cascade: int
    minutes_left: float

    @property
    def is_complete(self) -> bool:
        """Whether every rule of the course is met."""
        return not (
            self.missing_lessons
            or self.missing_quizzes
            or self.is_exam_missing
            or self.missing_sessions
            or self.missing_actions
            or self.missing_courses
            or self.missing_cascade
        )


def required_lessons(course: CompiledCourse) -> list[CompiledLesson]:
    """The lessons that count, in order."""
    return [lesson for lesson in course.lessons if not lesson.optional]


def needs_exam(course: CompiledCourse) -> bool:
    """Whether nobody completes the course without its exam."""
    return bool(course.exam and course.complete.exam)


def is_read(lesson: CompiledLesson, read: frozenset[str]) -> bool:
    """Whether a lesson was read, under its present id or one it had before."""
    return lesson.id in read or any(old in read for old in lesson.was)


def earlier_keys(lesson: CompiledLesson) -> dict[str, str]:
    """Each name under which a practice question of a lesson was ever known -> the one it has now."""
    found = {key: key for key in lesson.questions}
    for key in lesson.questions:
        if key.startswith(f"{lesson.id}#"):
            for old in lesson.was:
                found.setdefault(f"{old}{key[len(lesson.id) :]}", key)
    return found


def progress(course: CompiledCourse, facts: Facts, language: str = "") -> Progress:
    """How far the facts lead, by the rules of this version."""
    rules, lessons = course.complete, required_lessons(course)
    unread = [lesson for lesson in lessons if not is_read(lesson, facts.read)]
    asked = [lesson for lesson in unread if _is_asked(lesson, facts)]
    needed = math.ceil(rules.lessons * len(lessons) - 1e-9)
    quizzes = [name for lesson in lessons for name in lesson.quizzes if name != course.exam]
    is_exam_missing = bool(course.exam) and rules.exam and course.exam not in facts.passed
    missing_quizzes = tuple(name for name in quizzes if name not in facts.passed) if rules.quizzes else ()
    return Progress(
        lessons=len(lessons),
        read=len(lessons) - len(unread),
        missing_lessons=min(len(asked), max(0, needed - (len(lessons) - len(unread)))),
        missing_quizzes=missing_quizzes,
        is_exam_missing=is_exam_missing,
        missing_sessions=max(0, rules.attendance - int(_sum(facts, "attendance"))),
        missing_actions=tuple(name for name in rules.actions if not facts.facts.get(("action", name))),
        missing_courses=tuple(
            name for name in (*course.requires, *course.courses) if name not in facts.completed_courses
        ),
        missing_cascade=max(0, rules.cascade - int(_sum(facts, "cascade"))),
        minutes_left=sum(_minutes(lesson, course, language) for lesson in asked)
        + sum(_quiz_minutes(course, name) for name in (*missing_quizzes, *([course.exam] if is_exam_missing else []))),
    )


def _is_asked(lesson: CompiledLesson, facts: Facts) -> bool:
    earlier = facts.exam_version_lessons
    return earlier is None or lesson.id in earlier or any(old in earlier for old in lesson.was)


def _sum(facts: Facts, kind: str) -> float:
    return sum(value for (name, _ref), value in facts.facts.items() if name == kind)


def _minutes(lesson: CompiledLesson, course: CompiledCourse, language: str) -> float:
    page = lesson.pages.get(language) or lesson.pages[course.language]
    return page.minutes


def _quiz_minutes(course: CompiledCourse, quiz: str) -> float:
    """A minute and a half for each question drawn, as FORMAT estimates."""
    found = course.quizzes.get(quiz)
    if found is None:
        return 0.0
    return 1.5 * (sum(found.settings.draw.values()) or len(found.questions))


def next_lesson(course: CompiledCourse, read: frozenset[str], last: str = "") -> CompiledLesson | None:
    """Where to go on: the lesson last opened if it is unread, else the first unread one after it, else the first."""
    lessons: Sequence[CompiledLesson] = course.lessons
    start = next((place for place, lesson in enumerate(lessons) if lesson.id == last or last in lesson.was), 0)
    for lesson in (*lessons[start:], *lessons[:start]):
        if not is_read(lesson, read):
            return lesson
    return None
