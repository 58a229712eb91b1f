"""First attempts as they were taken, a few at a time, in the order in which they were handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from lms.analysis.sums import Taken
from lms.quiz.models import Answer, Attempt, QuestionGrade
from lms.quiz.rules import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

SLICE = 500  # attempts read at a time
FIRST = 1  # the number of a first attempt


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last attempt that is counted."""

    at: datetime | None = None
    id: str = ""


def slices(db: Session, course: str, quiz: str, after: Cursor, until: datetime) -> Iterator[list[Taken]]:
    """The first attempts at a quiz after a cursor, handed in until a moment; some hundreds at a time."""
    while rows := _attempts(db, course, quiz, after, until):
        ids = [row.id for row in rows]
        grades, answers = _grades(db, ids), _answers(db, ids)
        yield [_taken(row, grades.get(row.id, {}), answers.get(row.id, [])) for row in rows]
        after = Cursor(rows[-1].submitted_at, rows[-1].id)


def _attempts(db: Session, course: str, quiz: str, after: Cursor, until: datetime) -> Sequence[Any]:
    asked = select(
        Attempt.id,
        Attempt.version_id,
        Attempt.language,
        Attempt.questions,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.points,
        Attempt.passed,
    ).where(*_of(course, quiz), Attempt.submitted_at <= until)
    if after.at is not None:
        asked = asked.where(beyond(after))
    return db.connection().execute(asked.order_by(Attempt.submitted_at, Attempt.id).limit(SLICE)).all()


def _of(course: str, quiz: str) -> tuple[ColumnElement[bool], ...]:
    return Attempt.course_id == course, Attempt.quiz_id == quiz, Attempt.number == FIRST


def beyond(cursor: Cursor) -> ColumnElement[bool]:
    """The condition that an attempt was handed in after the last one counted."""
    later = and_(Attempt.submitted_at == cursor.at, Attempt.id > cursor.id)
    return and_(Attempt.submitted_at >= cursor.at, or_(Attempt.submitted_at > cursor.at, later))


def _grades(db: Session, ids: Sequence[str]) -> dict[str, dict[str, tuple[float | None, float]]]:
    """The grades in force."""
    found: dict[str, dict[str, tuple[float | None, float]]] = {}
    rows = db.connection().execute(
        select(QuestionGrade.attempt_id, QuestionGrade.question_key, QuestionGrade.score, QuestionGrade.points).where(
            QuestionGrade.attempt_id.in_(ids), QuestionGrade.superseded_at.is_(None)
        )
    )
    for attempt, key, score, points in rows.all():
        found.setdefault(attempt, {})[key] = (score, points)
    return found


def _answers(db: Session, ids: Sequence[str]) -> dict[str, list[tuple[datetime, str, str, Any]]]:
    found: dict[str, list[tuple[datetime, str, str, Any]]] = {}
    rows = db.connection().execute(
        select(Answer.attempt_id, Answer.made_at, Answer.id, Answer.question_key, Answer.response).where(
            Answer.attempt_id.in_(ids)
        )
    )
    for attempt, made_at, answer, key, response in rows.all():
        found.setdefault(attempt, []).append((made_at, answer, key, response))
    return found


def _taken(
    row: Any, grades: dict[str, tuple[float | None, float]], answers: list[tuple[datetime, str, str, Any]]
) -> Taken:
    answers.sort(key=lambda answer: answer[:2])
    return Taken(
        id=row.id,
        version=row.version_id,
        language=row.language,
        questions=row.questions,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        share=share(row.score or 0.0, row.points or 0.0),
        passed=row.passed,
        responses={key: response for _made, _id, key, response in answers},
        grades=grades,
        moments=[(made_at, key) for made_at, _id, key, _response in answers],
    )


def has_more(db: Session, course: str, quiz: str, after: Cursor, until: datetime) -> bool:
    """Whether a first attempt was handed in after the last one counted."""
    asked = select(Attempt.id).where(*_of(course, quiz), Attempt.submitted_at <= until)
    if after.at is not None:
        asked = asked.where(beyond(after))
    return db.scalar(asked.limit(1)) is not None


def last_grade(db: Session) -> int:
    """The id of the newest grade of all."""
    return db.scalar(select(func.max(QuestionGrade.id))) or 0


def is_graded_anew(db: Session, course: str, quiz: str, counted: Cursor, seen: int) -> bool:
    """Whether a grade that came after `seen` is of an attempt that is counted already."""
    if counted.at is None:
        return False
    known = or_(Attempt.submitted_at < counted.at, and_(Attempt.submitted_at == counted.at, Attempt.id <= counted.id))
    asked = (
        select(QuestionGrade.id)
        .join(Attempt, Attempt.id == QuestionGrade.attempt_id)
        .where(QuestionGrade.id > seen, *_of(course, quiz), known)
    )
    return db.scalar(asked.limit(1)) is not None
