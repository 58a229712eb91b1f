"""A course as somebody sees it who has not begun: for previews, and for colleagues who have a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.content import queries as content
from lms.learning import queries as learning
from lms.learning.course_views import card, grouped_lessons, lesson_card
from lms.learning.lesson_views import LessonView
from lms.learning.outside_rules import Source
from lms.web.language import language
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.content.compiled import CompiledCourse
    from lms.learning.course_views import CourseCard
    from lms.learning.presentation import QuestionView


def course_values(course: CompiledCourse, version: int, parts: Sequence[CourseCard]) -> dict[str, Any]:
    """What the template of the course page asks for. `parts` are the courses of a programme."""
    return {
        "page": card(course),
        "standing": learning.standing(reading(), None, content.Current(version, course), language()),
        "parts": parts,
        "missing": [],
        "groups": grouped_lessons(course),
        "lessons": {lesson.id: lesson_card(course, lesson) for lesson in course.lessons},
        "exam": course.quizzes.get(course.exam),
        "is_read": {lesson.id: False for lesson in course.lessons},
        "code": None,
        "given": None,
        "said": {},
        "Source": Source,
    }


def lesson_view(course: CompiledCourse, place: int, questions: Mapping[str, QuestionView]) -> LessonView:
    """The lesson at a place, counted from 0, with its questions as they are to be shown."""
    lessons = course.lessons
    titles = next((each.titles for each in course.modules if each.id == lessons[place].module), {})
    return LessonView(
        course=card(course),
        lesson=lesson_card(course, lessons[place]),
        place=place + 1,
        module=titles.get(language()) or titles.get(course.language, ""),
        before=lesson_card(course, lessons[place - 1]) if place else None,
        after=lesson_card(course, lessons[place + 1]) if place + 1 < len(lessons) else None,
        read=(False,) * len(lessons),
        is_read=False,
        questions=questions,
    )
