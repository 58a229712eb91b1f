"""What one made-up person does in a course, by the same actions as a real one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.clock import now
from lms.content import queries as content
from lms.learning import actions as learning
from lms.quiz import actions as quiz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from lms.people.rules import Role
    from lms.plugins import QuestionType

ESSAY = (
    "Thank you for your trust, but I would rather not know your password: then nobody can ever ask me for it. Shall we "
    "look together for a safe place for it at your home?"
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who somebody is in the story. `reads` is how many lessons of the course they have read; -1 means all.

    All of it happened `ago` days before today. `also` is a second course, completed like the first one; `knows` is the
    share of reviews that they answer rightly as long as the course is fresh.
    """

    login: str
    name: str
    story: str
    unit: str = ""
    role: Role | None = None
    scope: str = ""
    course: str = ""
    reads: int = 0
    exam: str = ""
    quiz: str = ""
    latin_name: str = ""
    language: str = "en"
    ago: int = 0
    also: str = ""
    knows: float = 0.93


def learn(db: Session, actor: int, someone: DemoPerson, types: Mapping[str, QuestionType]) -> None:
    """Read lessons and sit the exam of each of somebody's courses, as far as these are on offer."""
    for name in (someone.course, someone.also):
        current = content.current(db, name) if name else None
        if current is None:
            continue
        lessons = current.course.lessons if someone.reads < 0 else current.course.lessons[: someone.reads]
        for lesson in lessons:
            learning.read_lesson(db, actor, current, lesson.id)
        if someone.exam:
            _exam(db, actor, current, someone, types)


def _exam(
    db: Session, actor: int, current: content.Current, someone: DemoPerson, types: Mapping[str, QuestionType]
) -> None:
    """Sit the exam: half of it, or all of it and hand in."""
    course = current.course
    attempt = quiz.start_attempt(
        db,
        actor,
        course,
        current.version,
        course.quizzes[someone.quiz or course.exam],
        attempt_id=str(uuid.uuid4()),
        language=course.language,
    )
    is_whole = someone.exam in ("passed", "waits")
    asked = attempt.questions if is_whole else attempt.questions[: len(attempt.questions) // 2]
    for key in asked:
        question = course.questions[key][course.language]
        response = ESSAY if question.type == "essay" else types[question.type].model_response(question)
        if response is not None:
            quiz.save_answer(db.connection(), attempt, key, response, answer_id=str(uuid.uuid4()), made_at=now())
    if is_whole:
        db.flush()
        learning.submit_quiz(db, attempt, types)
