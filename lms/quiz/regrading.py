"""Many attempts at once: what was answered to one question, the grades beside it, and writing what they come to now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import bindparam, func, insert, or_, select, update

from lms.among import among
from lms.people.models import Actor
from lms.quiz import rules
from lms.quiz.models import Answer, Attempt, GradeNote, QuestionGrade

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_HANDED_IN = select(Attempt.id).where(Attempt.submitted_at.is_not(None))
Grade: TypeAlias = tuple[str, float | None, float, str]  # key, score, points, outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """One attempt that was handed in, and how the question in hand stands in it.

    `grade_id` is the grade in force; None where the question was not drawn or a person graded it. `newest` is the id
    of the newest grade of the attempt: another one says that somebody graded meanwhile.
    """

    id: str
    actor: int
    quiz: str
    version: int
    language: str
    passed: bool | None
    grade_id: int | None
    score: float | None
    response: Any
    grades: Sequence[Grade]
    newest: int


@dataclass(frozen=True, slots=True)
class Change:
    """One attempt as it is to be written: the new worth of the question, and what everything comes to."""

    taken: Taken
    score: float
    result: rules.Result

    @property
    def is_newly_passed(self) -> bool:
        """Whether this makes it passed."""
        return self.result.passed is True and self.taken.passed is not True

    @property
    def loses_pass(self) -> bool:
        """Whether grades alone would take the pass away."""
        return self.result.passed is not True and self.taken.passed is True


def count_attempts(db: Session, course: str) -> int:
    """How many attempts of a course were handed in."""
    handed_in = select(func.count()).select_from(Attempt)
    return db.scalar(handed_in.where(Attempt.course_id == course, Attempt.submitted_at.is_not(None))) or 0


def versions_answered(db: Session, course: str) -> list[int]:
    """The versions in which a course was answered, oldest first."""
    found = select(Attempt.version_id).where(Attempt.course_id == course, Attempt.submitted_at.is_not(None))
    return sorted(db.scalars(found.distinct()))


def next_attempts(db: Session, course: str, key: str, after: str, most: int) -> list[Taken]:
    """The next attempts of a course, by id, with the grades of each in which a rule graded this question."""
    return _taken(db, key, _rows(db, _HANDED_IN.where(Attempt.course_id == course, Attempt.id > after).limit(most)))


def one_attempt(db: Session, attempt: str, key: str) -> list[Taken]:
    """The same for one attempt; empty if it was not handed in."""
    return _taken(db, key, _rows(db, _HANDED_IN.where(Attempt.id == attempt)))


def _rows(db: Session, wanted: Select[str]) -> Sequence[Any]:
    columns = (Attempt.actor_id, Attempt.quiz_id, Attempt.version_id, Attempt.language, Attempt.passed)
    return db.execute(wanted.add_columns(*columns).order_by(Attempt.id)).all()


def _taken(db: Session, key: str, rows: Sequence[Any]) -> list[Taken]:
    attempts = [row[0] for row in rows]
    grades, given = _grades(db, attempts), _responses(db, attempts, key)
    return [_one_taken(key, row, grades.get(row[0], ()), given.get(row[0])) for row in rows]


def _one_taken(key: str, row: Any, grades: Sequence[Any], response: Any) -> Taken:
    """One attempt; what waits for a person in it, or got a grade from one, is left alone."""
    mine = next((each for each in grades if each[1] == key and each[2] is not None and each[5] is None), None)
    return Taken(
        id=row[0],
        actor=row[1],
        quiz=row[2],
        version=row[3],
        language=row[4],
        passed=row[5],
        grade_id=mine[0] if mine else None,
        score=mine[2] if mine else None,
        response=response,
        grades=[(name, score, points, outcome) for _, name, score, points, outcome, _ in grades],
        newest=grades[-1][0] if grades else 0,
    )


def still_so(db: Session, attempts: Collection[str], taken: Sequence[Taken]) -> set[str]:
    """Which of these attempts are as they were read. From here to the end of the transaction they stay so."""
    if db.get_bind().dialect.name != "sqlite":
        owners = select(Attempt.actor_id).where(among(Attempt.id, attempts))
        db.execute(select(Actor.id).where(Actor.id.in_(owners)).order_by(Actor.id).with_for_update())
    newest = (
        select(QuestionGrade.attempt_id, func.max(QuestionGrade.id))
        .where(among(QuestionGrade.attempt_id, attempts), QuestionGrade.superseded_at.is_(None))
        .group_by(QuestionGrade.attempt_id)
    )
    grades = {row[0]: row[1] for row in db.execute(newest)}
    asked = _HANDED_IN.where(among(Attempt.id, attempts)).add_columns(Attempt.actor_id, Attempt.passed)
    found = {row[0]: (row[1], row[2]) for row in db.execute(asked)}
    return {
        each.id
        for each in taken
        if found.get(each.id) == (each.actor, each.passed) and grades.get(each.id, 0) == each.newest
    }


def _grades(db: Session, attempts: Collection[str]) -> dict[str, list[Any]]:
    """Attempt -> its grades in force by id: id, key, score, points, outcome, and the id of a person's note if any."""
    found: dict[str, list[Any]] = {}
    grade, note = QuestionGrade.__table__.c, GradeNote.__table__.c
    rows = db.connection().execute(
        select(grade.attempt_id, grade.id, grade.question_key, grade.score, grade.points, grade.outcome, note.grade_id)
        .outerjoin_from(QuestionGrade.__table__, GradeNote.__table__, note.grade_id == grade.id)
        .where(among(grade.attempt_id, attempts), grade.superseded_at.is_(None))
        .order_by(grade.id)
    )
    for attempt, *columns in rows:
        found.setdefault(attempt, []).append(columns)
    return found


def _responses(db: Session, attempts: Collection[str], key: str) -> dict[str, Any]:
    given: dict[str, list[tuple[datetime, str, object]]] = {}
    rows = db.execute(
        select(Answer.attempt_id, Answer.made_at, Answer.id, Answer.response).where(
            among(Answer.attempt_id, attempts), Answer.question_key == key
        )
    )
    for attempt, made_at, answer, response in rows:
        given.setdefault(attempt, []).append((made_at, answer, response))
    return {attempt: rules.newest(answers) for attempt, answers in given.items()}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What new grades bear: the question, who said so, which regrading, and when. No two batches have the same."""

    key: str
    by: int
    regrading: str
    moment: datetime


def write(db: Session, attempts: Collection[str], changes: Sequence[Change], stamp: Stamp) -> None:
    """Put new grades in the place of the old ones and keep what the attempts come to. A pass is never taken away."""
    if not changes:
        return
    common = {"question_key": stamp.key, "graded_at": stamp.moment, "graded_by": stamp.by, "regrading": stamp.regrading}
    db.execute(
        insert(QuestionGrade.__table__),  # type: ignore[arg-type]
        [
            {**common, "attempt_id": change.taken.id, "score": change.score, "points": points, "outcome": outcome}
            for change in changes
            for points, outcome in (_grade_of(change, stamp.key),)
        ],
    )
    db.execute(
        update(QuestionGrade)
        .where(
            QuestionGrade.attempt_id.in_(_stamped(attempts, stamp)),
            QuestionGrade.question_key == stamp.key,
            QuestionGrade.superseded_at.is_(None),
            or_(QuestionGrade.regrading.is_(None), QuestionGrade.graded_at != stamp.moment),
        )
        .values(superseded_at=stamp.moment)
        .execution_options(synchronize_session=False)
    )
    db.connection().execute(_RESULT, [_result(change) for change in changes])


def _stamped(attempts: Collection[str], stamp: Stamp) -> Select[str]:
    """The attempts in which this batch gave a grade."""
    return select(QuestionGrade.attempt_id).where(
        among(QuestionGrade.attempt_id, attempts),
        QuestionGrade.regrading == stamp.regrading,
        QuestionGrade.graded_at == stamp.moment,
        QuestionGrade.superseded_at.is_(None),
    )


def _grade_of(change: Change, key: str) -> tuple[float, str]:
    return next((points, outcome) for name, _score, points, outcome in change.taken.grades if name == key)


_attempt = Attempt.__table__
_RESULT = (
    _attempt.update()  # type: ignore[attr-defined]
    .where(_attempt.c.id == bindparam("attempt"))
    .values(
        score=bindparam("new_score"),
        points=bindparam("new_points"),
        passed=bindparam("new_passed"),
        outcomes=bindparam("new_outcomes", type_=_attempt.c.outcomes.type),
    )
)


def _result(change: Change) -> Mapping[str, Any]:
    result = change.result
    return {
        "attempt": change.taken.id,
        "new_score": result.score,
        "new_points": result.points,
        "new_passed": True if change.loses_pass else result.passed,
        "new_outcomes": {name: list(pair) for name, pair in result.outcomes.items()},
    }


def owners(attempts: Collection[str], stamp: Stamp) -> Select[int]:
    """Whose attempts got a grade in this batch."""
    return select(Attempt.actor_id).where(Attempt.id.in_(_stamped(attempts, stamp)))
