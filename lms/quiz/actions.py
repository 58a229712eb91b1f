"""Begin an attempt, save an answer, close and grade. All of them bear being repeated."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from lms import events
from lms.clock import now
from lms.db import INSERTS
from lms.people.actions import record, touch
from lms.people.models import Actor
from lms.quiz import queries, rules
from lms.quiz.models import Allowance, Answer, Attempt, QuestionGrade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.content.structure import Question
    from lms.plugins import QuestionType

OPINION = "likert"  # xAPI's name for questions without a right answer


class MayNotStart(Exception):
    """No further attempt now; `start` says why and from when."""

    def __init__(self, start: rules.Start) -> None:
        super().__init__(start.verdict)
        self.start = start


class AttemptClosed(Exception):
    """The attempt was handed in, or its time is over; this answer cannot count any more."""


class NotInAttempt(LookupError):
    """There is no such attempt of this person, or the question was not drawn in it."""


def lock_actor(db: Session | Connection, actor: int) -> None:
    """Let one thing at a time happen to somebody; SQLite's write transaction does it already."""
    connection = db.connection() if isinstance(db, Session) else db
    if connection.dialect.name != "sqlite":
        connection.execute(select(Actor.id).where(Actor.id == actor).with_for_update())


@dataclass(frozen=True, slots=True)
class Renewal:
    """A fresh exam that renews a certificate, with questions drawn for it. Its time is a part of the exam's."""

    certificate: int
    questions: Sequence[str]


def start_attempt(
    db: Session,
    actor: int,
    course: CompiledCourse,
    version: int,
    quiz: CompiledQuiz,
    *,
    attempt_id: str,
    language: str,
    renewal: Renewal | None = None,
) -> Attempt:
    """Begin a quiz, or come back to the attempt that is open. Raises `MayNotStart`."""
    lock_actor(db, actor)
    earlier = queries.attempts(db, actor, course.id, quiz.id)
    renews = renewal.certificate if renewal else None
    known = _begun(earlier, attempt_id, renews)
    if known is not None:
        return known
    moment = now()
    start = queries.may_start(db, actor, course.id, quiz.id, quiz.settings, moment, renews)
    if start.verdict != "yes":
        raise MayNotStart(start)
    seed = secrets.randbits(31)
    attempt = Attempt(id=attempt_id, actor_id=actor, course_id=course.id, quiz_id=quiz.id, version_id=version)
    attempt.language, attempt.seed, attempt.number = language, seed, len(earlier) + 1
    attempt.questions = list(renewal.questions) if renewal else _drawn(course, quiz, queries.seen(earlier), seed)
    attempt.marked, attempt.outcomes, attempt.started_at, attempt.renews = [], {}, moment, renews
    attempt.deadline_at = _deadline(db, attempt, quiz)
    db.add(attempt)
    db.flush()
    touch(db, actor)
    return attempt


def _begun(earlier: Sequence[Attempt], attempt_id: str, renews: int | None) -> Attempt | None:
    """The attempt to come back to: the one with this id, else the one that is open, for the same purpose."""
    known = (each for each in reversed(earlier) if each.id == attempt_id or _is_open(each, renews))
    return next(known, None)


def _is_open(attempt: Attempt, renews: int | None) -> bool:
    return attempt.submitted_at is None and attempt.renews == renews


def _deadline(db: Session, attempt: Attempt, quiz: CompiledQuiz) -> datetime | None:
    limit = seconds_for(quiz, len(attempt.questions), is_renewal=attempt.renews is not None)
    if not limit:
        return None
    extra = queries.allowed(db, attempt.actor_id, attempt.course_id, attempt.quiz_id).minutes
    return attempt.started_at + timedelta(seconds=limit, minutes=extra)


def seconds_for(quiz: CompiledQuiz, questions: int, *, is_renewal: bool) -> int | None:
    """The time for an attempt; for the fewer questions of a renewal as much less."""
    limit, amount = quiz.settings.time_limit, amount_of(quiz)
    return limit if not limit or not is_renewal else max(60, limit * questions // amount)


def amount_of(quiz: CompiledQuiz) -> int:
    """How many questions an attempt draws."""
    return min(sum(quiz.settings.draw.values()) or len(quiz.questions), len(quiz.questions))


def _drawn(course: CompiledCourse, quiz: CompiledQuiz, seen: Mapping[str, int], seed: int) -> list[str]:
    candidates = [rules.Candidate(key, _source(course, key).outcome, seen.get(key, 0)) for key in quiz.questions]
    return rules.draw(candidates, quiz.settings.draw, shuffle=quiz.settings.shuffle, seed=seed)


def _source(course: CompiledCourse, key: str) -> Question:
    return course.questions[key][course.language]


@dataclass(frozen=True, slots=True)
class Given:
    """What a browser sent about one question. `is_marked` is None where the page has no such box."""

    key: str
    response: Any
    answer_id: str
    made_at: datetime
    is_marked: bool | None


def keep_given(db: Connection, actor: int, attempt: queries.Sitting, given: Given, *, is_final: bool) -> datetime:
    """Keep an answer and whether to look at it again. An empty form that changes nothing is not an answer.

    A final answer has been explained (`review: each`): the first one counts. Raises as `save_answer`.
    """
    lock_actor(db, actor)  # an answer is kept and graded, or refused: never between
    key, response = given.key, given.response
    if given.is_marked is not None and given.is_marked != (key in attempt.marked):
        mark(db, attempt.id, key, is_marked=given.is_marked)
    before = queries.response(db, attempt.id, key) if response is None or is_final else None
    if before is not None if is_final else response is None and before is None:
        return now()
    return save_answer(db, attempt, key, response, answer_id=given.answer_id, made_at=given.made_at)


def save_answer(
    db: Connection, attempt: Attempt | queries.Sitting, key: str, response: Any, *, answer_id: str, made_at: datetime
) -> datetime:
    """Keep an answer; the moment it arrived. Saving the same `answer_id` again changes nothing.

    `made_at` is the client's clock; it is brought into the attempt's time, so that a wrong clock cannot win for ever.
    Whether the attempt is still open is asked by the statement that writes. Raises `AttemptClosed`, `NotInAttempt`.
    """
    if key not in attempt.questions:
        raise NotInAttempt(key)
    moment = now()
    values = {"id": answer_id, "attempt_id": attempt.id, "question_key": key, "response": response}
    made_at = min(max(made_at, attempt.started_at), moment)
    arrived = {**values, "made_at": made_at, "received_at": moment, "latest": moment - rules.GRACE}
    is_new = db.execute(_keep_answer(db.dialect.name), arrived).one_or_none() is not None
    return moment if is_new else _known_answer(db, values)


@cache
def _keep_answer(dialect: str) -> Any:
    """One answer, if its attempt is open and the answer is not there. Built once: each answer of each exam runs it."""
    columns, attempt = Answer.__table__.c, Attempt.__table__.c
    is_open = and_(
        attempt.id == bindparam("attempt_id"),
        attempt.submitted_at.is_(None),
        or_(attempt.deadline_at.is_(None), attempt.deadline_at >= bindparam("latest")),
    )
    given = select(*(bindparam(column.name, type_=column.type) for column in columns)).where(is_open)
    return (
        INSERTS[dialect](Answer).from_select(list(columns.keys()), given).on_conflict_do_nothing().returning(columns.id)
    )


def _known_answer(db: Connection, values: dict[str, Any]) -> datetime:
    """When an answer arrived that is sent once more. Raises `AttemptClosed`, `NotInAttempt`."""
    asked = select(Answer.attempt_id, Answer.question_key, Answer.received_at).where(Answer.id == values["id"])
    known = db.execute(asked).one_or_none()
    if known is None:
        raise AttemptClosed
    if (known.attempt_id, known.question_key) != (values["attempt_id"], values["question_key"]):
        raise NotInAttempt(values["id"])
    return cast("datetime", known.received_at)


def mark(db: Connection, attempt_id: str, key: str, *, is_marked: bool) -> None:
    """Remember which questions somebody wants to look at again, while the attempt is open."""
    is_open = and_(Attempt.id == attempt_id, Attempt.submitted_at.is_(None))
    marked = db.scalar(select(Attempt.marked).where(is_open))
    if marked is not None and is_marked != (key in marked):
        others = [other for other in marked if other != key]
        db.execute(update(Attempt).where(is_open).values(marked=[*others, key] if is_marked else others))


def claim(db: Session, attempt_id: str, *, by: str) -> bool:
    """Close an attempt; True for the one caller who did it."""
    closed = db.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.submitted_at.is_(None))
        .values(submitted_at=now(), closed_by=by)
        .returning(Attempt.id)
    )
    return closed.one_or_none() is not None


def record_attempt(
    db: Session, attempt: Attempt, course: CompiledCourse, types: Mapping[str, QuestionType], *, by: str = "person"
) -> Attempt:
    """Hand in an attempt: grade each question drawn, keep the result. Handing in twice changes nothing."""
    if not claim(db, attempt.id, by=by):
        db.refresh(attempt)
        return attempt
    given, moment = queries.responses(db, attempt.id), now()
    grades = [
        grade
        for key in attempt.questions
        if (grade := grade_question(course, key, attempt.language, given.get(key), types)) is not None
    ]
    for grade in grades:
        db.add(
            QuestionGrade(
                attempt_id=attempt.id,
                question_key=grade.key,
                score=grade.score,
                points=grade.points,
                outcome=grade.outcome,
                graded_at=moment,
            )
        )
    _keep_result(db, attempt, rules.score(grades, course.quizzes[attempt.quiz_id].settings.passing))
    events.announce(db, events.AttemptSubmitted(attempt.id))
    return attempt


def grade_question(
    course: CompiledCourse, key: str, language: str, response: Any, types: Mapping[str, QuestionType]
) -> rules.Graded | None:
    """One question's worth; None for an opinion, which never counts. Nothing answered is worth nothing."""
    source = _source(course, key)
    asked = course.questions[key].get(language, source)
    kind = types[source.type]
    if kind.interaction == OPINION:
        return None
    worth = 0.0 if response is None else kind.grade(asked, response).score
    return rules.Graded(key, worth, source.points, source.outcome, source.critical)


def _keep_result(db: Session, attempt: Attempt, result: rules.Result) -> None:
    db.refresh(attempt)
    attempt.score, attempt.points, attempt.passed = result.score, result.points, result.passed
    attempt.outcomes = {name: list(pair) for name, pair in result.outcomes.items()}


def allow(
    db: Session, actor: int, course: str, quiz: str, *, attempts: int, minutes: int, reason: str, by: int
) -> None:
    """Give somebody more attempts or more time. Time also lengthens the attempt that is open.

    The security log says who gave what to whom; the reason may be private and stays in the allowance.
    """
    lock_actor(db, actor)
    db.add(
        Allowance(
            actor_id=actor,
            course_id=course,
            quiz_id=quiz,
            attempts=attempts,
            minutes=minutes,
            reason=reason,
            given_by=by,
            given_at=now(),
        )
    )
    if minutes:
        for attempt in queries.attempts(db, actor, course, quiz):
            if attempt.submitted_at is None and attempt.deadline_at is not None:
                attempt.deadline_at += timedelta(minutes=minutes)
    record(db, "allowance-given", by, actor, course=course, quiz=quiz, attempts=attempts, minutes=minutes)
