"""The places in a course where an answer may belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.content.queries import plain_text

if TYPE_CHECKING:
    from lms.content.compiled import CompiledCourse


def lessons_of(course: CompiledCourse) -> dict[str, str]:
    """The lessons of a course: id -> title in the course's own language."""
    return {lesson.id: lesson.pages[course.language].title for lesson in course.lessons}


def questions_of(course: CompiledCourse) -> dict[str, str]:
    """The questions of a course: key -> the words of the question in the course's own language."""
    return {key: " ".join(plain_text(texts[course.language].stem).split()) for key, texts in course.questions.items()}
