"""How a question stands on a page: its order of options, what was answered, what may be shown by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app

from lms.plugins import Grade
from lms.quiz.rules import option_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.content.compiled import CompiledCourse
    from lms.content.structure import Question
    from lms.plugins import QuestionType


@dataclass(frozen=True, slots=True)
class Review:
    """What a page may show about an answer. `show_key` also marks what would have been right."""

    grade: Grade
    show_key: bool
    show_feedback: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question on a page. `name` makes ids unique; `template` is the type's own.

    `language` is the one that its words are in, which may be the course's own for want of a translation.
    """

    key: str
    question: Question
    type: QuestionType
    order: tuple[int, ...]
    name: str
    response: Any = None
    review: Review | None = None
    invalid: str = ""
    language: str = ""

    @property
    def template(self) -> str:
        """The template with the inputs of this type."""
        return self.type.template

    @property
    def answer(self) -> str:
        """What was answered, in plain words; empty if nothing."""
        return "" if self.response is None else self.type.describe(self.question, self.response)


def question_types() -> Mapping[str, QuestionType]:
    """The question types in force."""
    found: Mapping[str, QuestionType] = current_app.extensions["lms_question_types"]
    return found


def in_language(course: CompiledCourse, key: str, language: str) -> Question:
    """A question in a language, else in the course's own."""
    texts = course.questions[key]
    return texts.get(language) or texts[course.language]


def view_question(  # noqa: PLR0913 - each is one fact about the page
    course: CompiledCourse,
    key: str,
    language: str,
    *,
    seed: int,
    name: str,
    shuffle: bool = True,
    response: Any = None,
    review: Review | None = None,
    invalid: str = "",
) -> QuestionView:
    """A question as a page shows it."""
    question = in_language(course, key, language)
    kind = question_types()[question.type]
    mixed = shuffle and kind.shuffles and not question.fixed_order
    order = option_order(key, len(question.options), seed, shuffle=mixed)
    spoken = language if language in course.questions[key] else course.language
    return QuestionView(key, question, kind, order, name, response, review, invalid, spoken)


def reviewed(course: CompiledCourse, key: str, language: str, response: Any) -> Review:
    """Everything shown after a practice answer."""
    question = in_language(course, key, language)
    return Review(question_types()[question.type].grade(question, response), show_key=True, show_feedback=True)
