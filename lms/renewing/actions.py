"""Let questions come back, keep the answers, write to people, and begin a renewal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert

from lms import jobs
from lms.clock import now
from lms.content import queries as content
from lms.db import insert_once
from lms.quiz import actions as quiz
from lms.quiz import queries as quizzes
from lms.renewing import queries, rules
from lms.renewing.models import ReviewAnswer, ReviewCard, ReviewLetter
from lms.updating import queries as updates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from lms.credentials.models import Certificate
    from lms.db import Database
    from lms.plugins import QuestionType
    from lms.quiz.models import Attempt

DEAL, WRITE = "deal_reviews", "write_reviews"
WEEK = timedelta(days=7)
AT_ONCE = 500


def mind_completed(db: Session, enrolment: int) -> None:
    """Have the questions of a completed course come back."""
    _ask_to_deal(db, queries.completed(db, enrolment))


def mind_certified(db: Session, certificate: int) -> None:
    """The same after a renewal, or where outside learning was recognised."""
    _ask_to_deal(db, queries.certified(db, certificate))


def _ask_to_deal(db: Session, since: queries.Since | None) -> None:
    if since is not None:
        args = {"actor": since.actor, "course": since.course, "since": since.moment.isoformat()}
        jobs.enqueue(db, DEAL, args, dedupe=f"{DEAL}/{since.actor}/{since.course}"[:120])


def deal_reviews(types: Mapping[str, QuestionType], database: Database, task: jobs.Task) -> None:
    """The job of `deal`."""
    with database.writing() as db:
        since = queries.Since(task.args["actor"], task.args["course"], queries.moment_of(task.args["since"]))
        deal(db, since, types)
        jobs.finish(db, task)


def deal(db: Session, since: queries.Since, types: Mapping[str, QuestionType]) -> None:
    """Choose the questions that come back to somebody; what came back before a renewal makes room for them.

    Repeated, nothing happens.
    """
    quiz.lock_actor(db, since.actor)
    current = content.current(db, since.course)
    if current is None or queries.begun(db, since):
        return
    chosen = rules.deck(queries.practice(current.course, types), queries.missed(db, since.actor, current.course))
    db.execute(delete(ReviewCard).where(ReviewCard.actor_id == since.actor, ReviewCard.course_id == since.course))
    rows = [
        {
            "actor_id": since.actor,
            "course_id": since.course,
            "question_key": key,
            "started_at": since.moment,
            "due_at": rules.first_due(since.moment),
            "lapses": 0,
            "memory": rules.first_memory(since.moment),
        }
        for key in chosen
    ]
    if rows:
        db.execute(insert(ReviewCard), rows)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in a review. `id` is made by the client."""

    id: str
    response: Any
    is_right: bool
    version: int


def keep_answer(db: Session, card: ReviewCard, given: Given) -> None:
    """Keep an answer, and say when the question comes back. Sent twice, or before it is due, it changes nothing."""
    quiz.lock_actor(db, card.actor_id)
    db.refresh(card)
    moment = now()
    if card.due_at > moment:
        return
    fact = {
        "id": given.id,
        "actor_id": card.actor_id,
        "course_id": card.course_id,
        "version_id": given.version,
        "question_key": card.question_key,
        "response": given.response,
        "is_right": given.is_right,
        "days": (moment - card.started_at).days,
        "at": moment,
    }
    if not insert_once(db, ReviewAnswer, fact):
        return
    card.memory, card.due_at = rules.answered(
        card.memory, card.lapses, card.started_at, is_right=given.is_right, moment=moment
    )
    card.lapses += not given.is_right


def ask_to_write(db: Session) -> None:
    """Ask for the letters of reviews, once an hour at most."""
    turn = int(now().timestamp() // 3600)
    jobs.enqueue(db, WRITE, {}, run_at=queries.hour(turn + 1), dedupe=f"{WRITE}/{turn + 1}")


def write_reviews(database: Database, task: jobs.Task) -> None:
    """Ask for a letter to everybody to whom something is due; nobody gets two in a week."""
    moment = now()
    with database.writing() as db:
        chosen = queries.to_write_to(db, moment, moment - WEEK, AT_ONCE)
        known = delete(ReviewLetter).where(ReviewLetter.actor_id.in_(chosen))
        db.execute(known.execution_options(synchronize_session=False))
        if chosen:
            db.execute(insert(ReviewLetter), [{"actor_id": person, "at": moment} for person in chosen])
        for person in chosen:
            jobs.enqueue(db, "letter", {"kind": "reviews_due", "person": person})
        if len(chosen) == AT_ONCE:
            jobs.enqueue(db, WRITE, {})
        jobs.finish(db, task)


def begin_renewal(
    db: Session, old: Certificate, current: content.Current, *, attempt_id: str, language: str
) -> Attempt:
    """Begin the fresh exam of a course that renews a certificate, or come back to it. Raises `MayNotStart`."""
    course, actor = current.course, old.actor_id or 0
    questions = rules.draw(
        queries.bank(course, quizzes.seen(quizzes.attempts(db, actor, course.id, course.exam))),
        quiz.amount_of(course.quizzes[course.exam]),
        queries.forgotten(db, actor, course),
        secrets.randbits(31),
        updates.outcomes_of(course, updates.missed(db, old, course.id)),
    )
    return quiz.start_attempt(
        db,
        actor,
        course,
        current.version,
        course.quizzes[course.exam],
        attempt_id=attempt_id,
        language=language,
        renewal=quiz.Renewal(old.id, questions),
    )
