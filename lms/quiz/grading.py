"""Grades that people give, and what an attempt comes to then. A grade never changes: another takes its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.quiz import rules
from lms.quiz.models import Attempt, GradeNote, QuestionGrade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse


@dataclass(frozen=True, slots=True)
class NewGrade:
    """What a person says of an answer: its worth from 0 to 1, the points by criterion, words for the trainee."""

    score: float
    by: int
    client_id: str
    criteria: Sequence[float] = ()
    comment: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt comes to now. `was_passed` is what it was; `keeps_pass` that grades alone would take it away."""

    result: rules.Result
    was_passed: bool | None
    waiting: int
    keeps_pass: bool

    @property
    def is_newly_passed(self) -> bool:
        """Whether this was the grade that made it passed."""
        return self.result.passed is True and self.was_passed is not True


@dataclass(frozen=True, slots=True)
class Given:
    """The grade that is in force now, and the one before it."""

    grade: QuestionGrade
    before: QuestionGrade
    attempt: Attempt
    is_new: bool = field(default=True)


class GradedMeanwhile(Exception):
    """Somebody else graded this since the page was opened; `grade` is the id of the grade in force."""

    def __init__(self, grade: int) -> None:
        super().__init__(f"grade {grade}")
        self.grade = grade


def in_force(db: Session, grade_id: int) -> QuestionGrade | None:
    """The grade that counts now for the answer that this grade, perhaps superseded, was given to."""
    known = db.get(QuestionGrade, grade_id)
    if known is None or known.superseded_at is None:
        return known
    return db.scalars(
        select(QuestionGrade).where(
            QuestionGrade.attempt_id == known.attempt_id,
            QuestionGrade.question_key == known.question_key,
            QuestionGrade.superseded_at.is_(None),
        )
    ).one_or_none()


def give(db: Session, seen: int, new: NewGrade) -> Given:
    """Put a grade in the place of the one that was seen. The same form sent twice is one grade.

    The caller has locked the owner of the attempt. Raises `GradedMeanwhile`, `LookupError`.
    """
    current = in_force(db, seen)
    if current is None:
        raise LookupError(seen)
    attempt = db.get_one(Attempt, current.attempt_id)
    if db.scalar(select(GradeNote.grade_id).where(GradeNote.client_id == new.client_id)) is not None:
        return Given(current, current, attempt, is_new=False)
    if current.id != seen:
        raise GradedMeanwhile(current.id)
    moment = now()
    current.superseded_at = moment
    grade = QuestionGrade(
        attempt_id=current.attempt_id,
        question_key=current.question_key,
        score=new.score,
        points=current.points,
        outcome=current.outcome,
        graded_at=moment,
        graded_by=new.by,
    )
    db.add(grade)
    db.flush()
    note = {"criteria": list(new.criteria), "comment": new.comment, "reason": new.reason}
    db.add(GradeNote(grade_id=grade.id, client_id=new.client_id, **note))
    return Given(grade, current, attempt)


def judged(
    course: CompiledCourse, quiz_id: str, grades: Sequence[tuple[str, float | None, float, str]]
) -> rules.Result:
    """What grades (key, score, points, outcome) come to, by the rules of the version that was answered."""
    graded = [
        rules.Graded(key, score, points, outcome, course.questions[key][course.language].critical)
        for key, score, points, outcome in grades
    ]
    return rules.score(graded, course.quizzes[quiz_id].settings.passing)


def settle(db: Session, attempt: Attempt, course: CompiledCourse) -> Settled:
    """Add the grades up again. What was passed stays passed: only a person takes a pass away (`take_back`)."""
    db.flush()
    grades = db.execute(
        select(QuestionGrade.question_key, QuestionGrade.score, QuestionGrade.points, QuestionGrade.outcome)
        .where(QuestionGrade.attempt_id == attempt.id, QuestionGrade.superseded_at.is_(None))
        .order_by(QuestionGrade.id)
    ).all()
    result = judged(course, attempt.quiz_id, [(row[0], row[1], row[2], row[3]) for row in grades])
    was = attempt.passed
    keeps = was is True and result.passed is not True
    attempt.score, attempt.points = result.score, result.points
    attempt.passed = True if keeps else result.passed
    attempt.outcomes = {name: list(pair) for name, pair in result.outcomes.items()}
    return Settled(result, was, sum(row[1] is None for row in grades), keeps)


def take_back(db: Session, attempt_id: str) -> bool:
    """A person decided that an attempt is not passed after all; whether that changed anything."""
    taken = update(Attempt).where(Attempt.id == attempt_id, Attempt.passed.is_(True)).values(passed=False)
    return db.execute(taken.returning(Attempt.id)).one_or_none() is not None
