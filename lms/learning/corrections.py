"""Questions whose key was corrected after an attempt: its result shows the key by which it counts now.

Who corrects keys stands above; `lms.app` says where to ask.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import current_app

from lms.content import queries as content
from lms.learning.presentation import in_language, view_question
from lms.quiz import keys
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    from lms.learning.presentation import QuestionView
    from lms.quiz.models import Attempt


@dataclass(frozen=True, slots=True)
class Correction:
    """Since when a question counts by the key of another version."""

    version: int
    moment: datetime


Corrections: TypeAlias = "Callable[[Session, str], Mapping[str, Correction]]"


def corrections(attempt: Attempt) -> Mapping[str, Correction]:
    """Question -> how its key was corrected for this attempt."""
    asked: Corrections = current_app.extensions["lms_corrections"]
    return asked(reading(), attempt.id)


def with_its_key(attempt: Attempt, was: QuestionView, correction: Correction) -> QuestionView:
    """A question as it reads now, with its corrected key and with the answer that was given to the older words.

    Where nobody can tell what the answer means by now, the question stands as it was asked, without a key.
    """
    course = content.version(reading(), correction.version)
    question = in_language(course, was.key, attempt.language)
    try:
        response = None if was.response is None else keys.carried(was.type, was.question, question, was.response)
    except keys.Unclear:
        return replace(was, review=replace(was.review, show_key=False) if was.review else None)
    number = attempt.questions.index(was.key) + 1
    shown = view_question(
        course, was.key, attempt.language, seed=attempt.seed, name=f"q{number}", response=response, review=was.review
    )
    return replace(shown, order=was.order) if len(shown.order) == len(was.order) else shown
