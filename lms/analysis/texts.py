"""Which questions are the same: by their key and by what a person sees of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from lms.content.queries import plain_text
from lms.quiz.rules import TOTAL

if TYPE_CHECKING:
    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.content.structure import Question
    from lms.plugins import QuestionType

OPINION = "likert"
CHOICES = frozenset({"choice", "true-false"})
_PICTURE = re.compile(r"/([0-9a-f]{32})/")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one version of a course asks it in one language.

    `text` names what is seen of it. `interaction` is its type's, empty for a type that is not there any more.
    """

    key: str
    text: str
    interaction: str
    options: int
    points: float

    @property
    def is_opinion(self) -> bool:
        """Whether nothing is right or wrong about it."""
        return self.interaction == OPINION

    @property
    def is_choice(self) -> bool:
        """Whether its options are chosen from."""
        return self.interaction in CHOICES


@dataclass(frozen=True, slots=True)
class Form:
    """What people had to answer: the same questions for everybody, or so many drawn out of a bank."""

    name: str
    is_drawn: bool


def asked(course: CompiledCourse, quiz: str, language: str, types: Mapping[str, QuestionType]) -> dict[str, Asked]:
    """The questions of a quiz as they are asked in a language; in the course's own where they are not translated."""
    found = {}
    for key in course.quizzes[quiz].questions:
        source = course.questions[key][course.language]
        shown = course.questions[key].get(language, source)
        kind = types.get(source.type)
        interaction = kind.interaction if kind is not None else ""
        text = text_of(shown, is_opinion=interaction == OPINION)
        found[key] = Asked(key, text, interaction, len(source.options), source.points)
    return found


def text_of(question: Question, *, is_opinion: bool) -> str:
    """A name, 16 hexadecimal digits, for what a person sees of a question: its words, its options, its pictures.

    Not its key, hint, explanation or feedback: who answers does not see them, so the answers stay comparable when they
    are mended. An opinion's scale is seen.
    """
    options = [(_seen(option.text), _seen(option.match)) for option in question.options]
    seen = (question.type, _seen(question.stem), _seen(question.body), options, question.spec if is_opinion else {})
    return _digest(seen)


def _seen(markup: str) -> tuple[str, Sequence[str]]:
    """The words and the pictures, whatever HTML they stand in: a newer program may write other HTML."""
    return " ".join(plain_text(markup).split()), _PICTURE.findall(markup)


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]


def form_of(course: CompiledCourse, quiz: CompiledQuiz, questions: Mapping[str, Asked]) -> Form:
    """The form that everybody gets who takes this version. Changed words go on counting, other questions do not."""
    amounts, outcomes = quiz.settings.draw, _outcomes(course, quiz)
    every = [key for key in quiz.questions if not questions[key].is_opinion]
    if not _is_drawn(amounts, outcomes):
        given = [key for key in every if not amounts or TOTAL in amounts or outcomes[key] in amounts]
        return Form(_digest(sorted((key, questions[key].points) for key in given)), is_drawn=False)
    return Form(_digest(["drawn", dict(amounts)]), is_drawn=True)


def _outcomes(course: CompiledCourse, quiz: CompiledQuiz) -> dict[str, str]:
    return {key: course.questions[key][course.language].outcome for key in quiz.questions}


def _is_drawn(amounts: Mapping[str, int], outcomes: Mapping[str, str]) -> bool:
    if TOTAL in amounts:
        return amounts[TOTAL] < len(outcomes)
    return any(amount < list(outcomes.values()).count(outcome) for outcome, amount in amounts.items())
