"""Reads of attempts, answers and grades."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from lms.among import among, among_given
from lms.quiz import rules
from lms.quiz.models import Allowance, Answer, Attempt, GradeNote, QuestionGrade, Upload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    from lms.content.structure import QuizSettings

OWN_ATTEMPT = select(Attempt).where(Attempt.id == bindparam("id"), Attempt.actor_id == bindparam("actor"))
_attempt, _answer = Attempt.__table__.c, Answer.__table__.c
# asked by every answer: built once, and read without the ORM's loading
SITTING = select(
    _attempt.id,
    _attempt.quiz_id,
    _attempt.version_id,
    _attempt.language,
    _attempt.questions,
    _attempt.marked,
    _attempt.started_at,
    _attempt.deadline_at,
    _attempt.submitted_at,
).where(_attempt.id == bindparam("id"), _attempt.actor_id == bindparam("actor"))
RESPONSE = select(_answer.made_at, _answer.id, _answer.response).where(
    _answer.attempt_id == bindparam("attempt"), _answer.question_key == bindparam("key")
)
# asked by every page of a course
HAVE_PASSED = (
    select(_attempt.actor_id, _attempt.quiz_id, _attempt.version_id)
    .where(among_given(_attempt.actor_id), _attempt.course_id == bindparam("course"), _attempt.passed.is_(True))
    .order_by(_attempt.actor_id, _attempt.quiz_id, _attempt.number)
)
PASSES = (
    select(_attempt.actor_id, _attempt.score, _attempt.points, _attempt.outcomes)
    .where(
        among_given(_attempt.actor_id),
        _attempt.course_id == bindparam("course"),
        _attempt.quiz_id == bindparam("quiz"),
        _attempt.passed.is_(True),
    )
    .order_by(_attempt.actor_id, _attempt.number)
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What an attempt that was passed came to. `outcomes` maps an outcome to points reached and reachable."""

    actor: int
    score: float | None
    points: float | None
    outcomes: Mapping[str, Any]

    @property
    def share(self) -> float:
        """The share of all points, 0 to 1."""
        return rules.share(self.score or 0, self.points or 0)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody was given beyond the quiz's own limits."""

    attempts: int = 0
    minutes: int = 0


def attempt(db: Session, attempt_id: str, actor: int) -> Attempt | None:
    """An attempt, if it is this actor's."""
    return db.scalars(OWN_ATTEMPT, {"id": attempt_id, "actor": actor}).one_or_none()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What saving an answer needs to know of an attempt; all but `marked` and the last two never change."""

    id: str
    quiz_id: str
    version_id: int
    language: str
    questions: Sequence[str]
    marked: Sequence[str]
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None


def sitting(db: Connection, attempt_id: str, actor: int) -> Sitting | None:
    """An attempt to answer in, if it is this actor's."""
    row = db.execute(SITTING, {"id": attempt_id, "actor": actor}).one_or_none()
    return None if row is None else Sitting(*row)


def attempts(db: Session, actor: int, course: str, quiz: str | None = None) -> Sequence[Attempt]:
    """Somebody's attempts in a course (at one quiz), oldest first."""
    found = select(Attempt).where(Attempt.actor_id == actor, Attempt.course_id == course)
    if quiz is not None:
        found = found.where(Attempt.quiz_id == quiz)
    return db.scalars(found.order_by(Attempt.quiz_id, Attempt.number)).all()


def passed(db: Session, actors: Sequence[int], course: str) -> Iterable[Any]:
    """Who of these people passed which quiz of a course in which version: the oldest attempt of each quiz first."""
    return db.connection().execute(HAVE_PASSED, {"given": actors, "course": course})


def best_passes(db: Session, actors: Sequence[int], course: str, quiz: str) -> dict[int, Pass]:
    """The best attempt of each of these people who passed a quiz; the first one where two are equal."""
    best: dict[int, Pass] = {}
    for row in db.connection().execute(PASSES, {"given": actors, "course": course, "quiz": quiz}):
        found = Pass(*row)
        if found.actor not in best or found.share > best[found.actor].share:
            best[found.actor] = found
    return best


def as_pass(attempt: Attempt) -> Pass:
    """What an attempt that was passed came to."""
    return Pass(attempt.actor_id, attempt.score, attempt.points, attempt.outcomes)


def renewals_passed(db: Session, actors: Sequence[int], course: str) -> Sequence[Attempt]:
    """The attempts of these people in a course that were begun to renew a certificate, and passed; oldest first."""
    found = select(Attempt).where(
        among(Attempt.actor_id, actors),
        Attempt.course_id == course,
        Attempt.renews.is_not(None),
        Attempt.passed.is_(True),
    )
    return db.scalars(found.order_by(Attempt.actor_id, Attempt.number)).all()


def has_failed_renewal(db: Session | Connection, actor: int, course: str) -> bool:
    """Whether somebody has tried to renew a certificate by an exam of a course, and did not pass."""
    found = select(Attempt.id).where(
        Attempt.actor_id == actor, Attempt.course_id == course, Attempt.renews.is_not(None), Attempt.passed.is_(False)
    )
    return db.execute(found.limit(1)).first() is not None


def open_attempts(db: Session, actor: int) -> Sequence[Attempt]:
    """What somebody has begun and not handed in."""
    return db.scalars(
        select(Attempt).where(Attempt.actor_id == actor, Attempt.submitted_at.is_(None)).order_by(Attempt.started_at)
    ).all()


def overdue(db: Session, moment: datetime) -> Sequence[Attempt]:
    """Attempts whose time is over, grace included, and which nobody has closed."""
    return db.scalars(
        select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < moment - rules.GRACE).limit(100)
    ).all()


def responses(db: Session, attempt_id: str) -> dict[str, Any]:
    """The response that counts for each question answered."""
    given: dict[str, list[tuple[datetime, str, object]]] = {}
    rows = db.execute(
        select(Answer.question_key, Answer.made_at, Answer.id, Answer.response).where(Answer.attempt_id == attempt_id)
    )
    for key, made_at, answer_id, response in rows:
        given.setdefault(key, []).append((made_at, answer_id, response))
    return {key: rules.newest(answers) for key, answers in given.items()}


def response(db: Session | Connection, attempt_id: str, key: str) -> Any:
    """The response that counts for one question; None if there is none."""
    rows = db.execute(RESPONSE, {"attempt": attempt_id, "key": key}).all()
    return rules.newest([(row[0], row[1], row[2]) for row in rows]) if rows else None


def last_saved(db: Session, attempt_id: str) -> datetime | None:
    """When the newest answer of an attempt arrived."""
    return db.scalar(
        select(Answer.received_at).where(Answer.attempt_id == attempt_id).order_by(Answer.received_at.desc()).limit(1)
    )


def grades(db: Session, attempt_id: str) -> dict[str, QuestionGrade]:
    """The grades in force of an attempt."""
    rows = db.scalars(
        select(QuestionGrade).where(QuestionGrade.attempt_id == attempt_id, QuestionGrade.superseded_at.is_(None))
    )
    return {row.question_key: row for row in rows}


def notes(db: Session, attempt_id: str) -> dict[int, GradeNote]:
    """What people noted with the grades in force of an attempt, by grade."""
    rows = db.scalars(
        select(GradeNote)
        .join(QuestionGrade, QuestionGrade.id == GradeNote.grade_id)
        .where(QuestionGrade.attempt_id == attempt_id, QuestionGrade.superseded_at.is_(None))
    )
    return {row.grade_id: row for row in rows}


def allowed(db: Session, actor: int, course: str, quiz: str) -> Allowed:
    """What somebody was given at a quiz."""
    row = db.execute(
        select(func.coalesce(func.sum(Allowance.attempts), 0), func.coalesce(func.sum(Allowance.minutes), 0)).where(
            Allowance.actor_id == actor, Allowance.course_id == course, Allowance.quiz_id == quiz
        )
    ).one()
    return Allowed(int(row[0]), int(row[1]))


def seen(tries: Sequence[Attempt]) -> Counter[str]:
    """How often each question was drawn in these attempts."""
    return Counter(key for attempt in tries for key in attempt.questions)


def may_start(
    db: Session, actor: int, course: str, quiz: str, settings: QuizSettings, moment: datetime, renews: int | None = None
) -> rules.Start:
    """Whether somebody may begin a quiz now. To renew a certificate (`renews`) it may be tried any number of times."""
    tries = [attempt for attempt in attempts(db, actor, course, quiz) if attempt.renews == renews]
    return rules.may_start(
        submitted=[attempt.submitted_at for attempt in tries if attempt.submitted_at is not None],
        is_open=any(attempt.submitted_at is None for attempt in tries),
        limit=settings.attempts if renews is None else None,
        extra=allowed(db, actor, course, quiz).attempts,
        retry_after=settings.retry_after,
        moment=moment,
    )


def uploads(db: Session, attempt_id: str, key: str) -> Sequence[Upload]:
    """The files handed in for one question of an attempt."""
    return db.scalars(select(Upload).where(Upload.attempt_id == attempt_id, Upload.question_key == key)).all()


def uploads_named(db: Session, attempt_id: str, key: str) -> list[Upload]:
    """The files that the answer in force to one question names, in its order."""
    given = responses(db, attempt_id).get(key)
    named = given.get("files", ()) if isinstance(given, dict) else ()
    known = {row.id: row for row in uploads(db, attempt_id, key)} if named else {}
    return [known[file["id"]] for file in named if file["id"] in known]


def upload(db: Session, attempt_id: str, upload_id: str) -> Upload | None:
    """One file that was handed in within an attempt."""
    return db.scalars(select(Upload).where(Upload.attempt_id == attempt_id, Upload.id == upload_id)).one_or_none()
