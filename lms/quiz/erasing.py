"""What of somebody's attempts tells who it is: texts, files, and what others wrote about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from lms.content import queries as content
from lms.quiz.models import Allowance, Answer, Attempt, GradeNote, QuestionGrade, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse


CHOSEN = frozenset({"single", "multiple", "true-false", "matching", "ordering", "scale"})  # nothing can be written


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete texts and names of files; what was chosen, and every grade, stays. The ids of the files."""
    mine = select(Attempt.id).where(Attempt.actor_id == person)
    rows = select(Answer, Attempt.version_id).join(Attempt, Attempt.id == Answer.attempt_id)
    for answer, version in db.execute(rows.where(Attempt.actor_id == person)).all():
        if is_written(content.version(db, version), answer.question_key):
            answer.response = without_texts(answer.response)
    db.execute(update(Allowance).where(Allowance.actor_id == person).values(reason=""))
    graded = select(QuestionGrade.id).where(QuestionGrade.attempt_id.in_(mine))
    db.execute(update(GradeNote).where(GradeNote.grade_id.in_(graded)).values(comment="", reason=""))
    files = list(db.scalars(select(Upload.id).where(Upload.attempt_id.in_(mine))))
    db.execute(update(Upload).where(Upload.attempt_id.in_(mine)).values(name=""))
    db.flush()
    return files


def is_written(course: CompiledCourse, key: str) -> bool:
    """Whether the answer to a question may be a person's own words; also if the question is not known any more."""
    return all(question.type not in CHOSEN for question in course.questions.get(key, {}).values())


def without_texts(response: Any) -> Any:
    """The same response with every text that a person wrote left out; numbers, marks and their order stay."""
    if isinstance(response, str):
        return ""
    if isinstance(response, list):
        return [without_texts(each) for each in response]
    if isinstance(response, dict):
        return {key: without_texts(each) for key, each in response.items()}
    return response
