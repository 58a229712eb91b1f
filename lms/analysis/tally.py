"""Adding attempts up: the sums of one quiz in memory, from the tables and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import select

from lms.analysis.models import QuestionFigure, QuizFigure
from lms.analysis.sums import ChoiceSums, FormSums, QuestionSums, add_attempt, add_result
from lms.analysis.texts import asked, form_of
from lms.content.queries import version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from lms.analysis.sums import Taken
    from lms.analysis.texts import Asked, Form
    from lms.plugins import QuestionType

    Place = tuple[str, str, str]  # a question's key, a language, a text

Sums = TypeVar("Sums")


def decode(text: str, kind: type[Sums]) -> Sums:
    """Sums as they were kept."""
    return msgspec.json.decode(text, type=kind)


def encode(sums: object) -> str:
    """Sums as they are kept."""
    return msgspec.json.encode(sums).decode()


@dataclass(slots=True)
class Tally:
    """The sums of one generation of one quiz. It grows with the questions and their texts, not with the attempts."""

    course: str
    quiz: str
    generation: int
    questions: dict[Place, tuple[QuestionSums, ChoiceSums]] = field(default_factory=dict)
    forms: dict[str, FormSums] = field(default_factory=dict)
    changed: set[Place] = field(default_factory=set)
    changed_forms: set[str] = field(default_factory=set)
    attempts: int = 0

    def add(self, taken: Taken, form: Form, questions: Mapping[str, Asked]) -> None:
        """Count one attempt in."""
        of = {}
        for key in taken.questions:
            if key in questions:
                place = (key, taken.language, questions[key].text)
                if place not in self.questions:
                    self.questions[place] = (QuestionSums(), ChoiceSums())
                of[key] = self.questions[place]
                self.changed.add(place)
        add_attempt(taken, questions, of)
        add_result(taken, form, questions, self.forms.setdefault(form.name, FormSums()))
        self.changed_forms.add(form.name)
        self.attempts += 1

    def question_rows(self) -> list[tuple[Any, ...]]:
        """The rows of `QuestionFigure` that changed."""
        head = (self.course, self.quiz, self.generation)
        return [(*head, *place, *map(encode, self.questions[place])) for place in sorted(self.changed)]

    def form_rows(self) -> list[tuple[Any, ...]]:
        """The rows of `QuizFigure` that changed."""
        head = (self.course, self.quiz, self.generation)
        return [(*head, name, encode(self.forms[name])) for name in sorted(self.changed_forms)]


def load(db: Session, course: str, quiz: str, generation: int) -> Tally:
    """The sums of a generation as they are kept."""
    tally = Tally(course, quiz, generation)
    here = (QuestionFigure.course_id == course, QuestionFigure.quiz_id == quiz, QuestionFigure.generation == generation)
    for row in db.execute(select(*QuestionFigure.__table__.columns).where(*here)):
        sums = decode(row.sums, QuestionSums), decode(row.choices, ChoiceSums)
        tally.questions[row.question_key, row.language, row.text] = sums
    there = (QuizFigure.course_id == course, QuizFigure.quiz_id == quiz, QuizFigure.generation == generation)
    for name, text in db.execute(select(QuizFigure.form, QuizFigure.sums).where(*there)):
        tally.forms[name] = decode(text, FormSums)
    return tally


class Versions:
    """What each version of a course asked, in each language: worked out once."""

    def __init__(self, db: Session, quiz: str, types: Mapping[str, QuestionType]) -> None:
        self.db, self.quiz, self.types = db, quiz, types
        self._known: dict[tuple[int, str], tuple[Form, Mapping[str, Asked]]] = {}

    def of(self, taken: Taken) -> tuple[Form, Mapping[str, Asked]]:
        """The form that somebody took, and its questions."""
        name = taken.version, taken.language
        if name not in self._known:
            course = version(self.db, taken.version)
            questions = asked(course, self.quiz, taken.language, self.types)
            self._known[name] = form_of(course, course.quizzes[self.quiz], questions), questions
        return self._known[name]
