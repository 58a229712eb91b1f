"""Lessons of two versions beside each other, in the words that a reader sees. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.authoring.differences import Line, differences
from lms.updating.rules import paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.content.compiled import CompiledCourse, CompiledLesson, LessonPage
    from lms.plugins import QuestionType


@dataclass(frozen=True, slots=True)
class LessonChange:
    """A lesson whose words differ between two versions, or that the older one did not have."""

    lesson: CompiledLesson
    is_new: bool


def changed_lessons(old: CompiledCourse, new: CompiledCourse) -> list[LessonChange]:
    """The lessons of the newer version that say something else, in their order."""
    found = []
    for lesson in new.lessons:
        before = lesson_before(old, lesson)
        if before is None or any(changed(before.pages.get(tag), page) for tag, page in lesson.pages.items()):
            found.append(LessonChange(lesson, before is None))
    return found


def lesson_before(old: CompiledCourse, lesson: CompiledLesson) -> CompiledLesson | None:
    """The same lesson in an older version, also under a name that it had then."""
    names = (lesson.id, *lesson.was)
    return next((each for each in old.lessons if each.id in names), None)


def lesson_of(course: CompiledCourse, lesson_id: str) -> CompiledLesson | None:
    """The lesson with an id."""
    return next((each for each in course.lessons if each.id == lesson_id), None)


def changed(old: LessonPage | None, new: LessonPage) -> tuple[Line, ...]:
    """The paragraphs that differ, those of before ahead of those of now; none if the older version had no such page."""
    if old is None:
        return ()
    lines = differences("\n".join(_words(old)), "\n".join(_words(new)))
    return tuple(line for line in lines if line.kind in ("theirs", "ours"))


def _words(page: LessonPage) -> list[str]:
    return [page.title, *(words for part in page.parts for words in paragraphs(part.html))]


def questions_of(course: CompiledCourse, lesson: CompiledLesson, types: Mapping[str, QuestionType]) -> list[str]:
    """The practice questions of a lesson that a rule can grade; none that an exam or a quiz may ask."""
    asked = {key for quiz in course.quizzes.values() for key in quiz.questions}
    return [
        key
        for key in lesson.questions
        if key not in asked
        and types[_type(course, key)].model_response(course.questions[key][course.language]) is not None
    ]


def _type(course: CompiledCourse, key: str) -> str:
    return course.questions[key][course.language].type
