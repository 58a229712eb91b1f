"""What a grader does: take an answer, grade it, correct a grade, decide about a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, or_, update

from lms import events
from lms.authoring.steps import note_step
from lms.clock import now
from lms.content import queries as content
from lms.db import insert_once
from lms.grading import decisions, queries
from lms.grading.models import GradingClaim
from lms.grading.rules import CLAIM_LASTS
from lms.learning import actions as learning
from lms.learning.renewals import settle_renewals
from lms.people.actions import record, touch
from lms.quiz import actions as quiz
from lms.quiz import grading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Decision = Literal["keep", "take-back"]


class WouldLosePass(Exception):
    """By this grade an attempt that is passed would not be: nothing is written before somebody says that she knows."""


class MayNotTakeBack(Exception):
    """The course is complete, perhaps with a certificate: a pass alone cannot be taken back any more."""


def take(db: Session, grade_id: int, *, by: int) -> None:
    """Say that somebody grades this answer now; it keeps nobody out, and ends by itself."""
    until = now() + CLAIM_LASTS
    if insert_once(db, GradingClaim, {"grade_id": grade_id, "taken_by": by, "until": until}):
        return
    free = or_(GradingClaim.taken_by == by, GradingClaim.until <= now())
    db.execute(update(GradingClaim).where(GradingClaim.grade_id == grade_id, free).values(taken_by=by, until=until))


def put_back(db: Session, grade_id: int, *, by: int) -> None:
    """Grade this answer another time."""
    db.execute(delete(GradingClaim).where(GradingClaim.grade_id == grade_id, GradingClaim.taken_by == by))


def grade(db: Session, seen: int, new: grading.NewGrade, *, is_sure: bool) -> grading.Settled | None:
    """Give or correct a grade; if it was the last one missing, complete the course and issue the certificate.

    None if this very form was kept before. Raises `LookupError`, `quiz.grading.GradedMeanwhile`, and `WouldLosePass`
    unless `is_sure`; the caller then rolls back.
    """
    owner = queries.owner(db, seen)
    if owner is None:
        raise LookupError(seen)
    quiz.lock_actor(db, owner)
    given = grading.give(db, seen, new)
    if not given.is_new:
        return None
    attempt = given.attempt
    settled = grading.settle(db, attempt, content.version(db, attempt.version_id))
    if settled.keeps_pass:
        if not is_sure:
            raise WouldLosePass
        decisions.raise_for(db, [attempt.id], by=new.by)
    else:
        decisions.mend(db, [attempt.id], by=new.by)
    db.execute(delete(GradingClaim).where(GradingClaim.grade_id == given.before.id))
    kind = "graded" if given.before.score is None else "grade-corrected"
    _note(db, kind, given.grade.attempt_id, attempt.course_id, new.by, question=given.grade.question_key,
          grade=given.grade.id, before=given.before.score, score=new.score)  # fmt: skip
    touch(db, attempt.actor_id)
    if settled.is_newly_passed:
        complete(db, attempt.actor_id, attempt.course_id)
    if settled.waiting == 0:
        events.announce(db, events.WorkGraded(given.grade.id))
    return settled


def complete(db: Session, actor: int, course_id: str) -> None:
    """A quiz is newly passed: perhaps that was the last thing missing."""
    current = content.current(db, course_id)
    if current is not None:
        learning.enrol(db, actor, course_id)
        learning.judge(db, actor, current)
        settle_renewals(db, (actor,), current)


def keep_first(db: Session, grade_id: int, *, by: int, score: float) -> None:
    """Two graded the same answer, and the second leaves it at the first one's grade. Both are on record."""
    about = queries.answer_of(db, grade_id)
    if about is not None:
        _note(db, "grade-kept", about.attempt, about.course, by, question=about.key, grade=grade_id, score=score)


def note_opened(db: Session, grade_id: int, upload_id: str, *, by: int) -> None:
    """Write down that somebody opened a file of an answer."""
    about = queries.answer_of(db, grade_id)
    if about is not None:
        _note(db, "file-opened", about.attempt, about.course, by, question=about.key, upload=upload_id)


def note_named(db: Session, grade_id: int, *, by: int) -> None:
    """Write down that somebody asked whose answer this is."""
    about = queries.answer_of(db, grade_id)
    if about is not None:
        _note(db, "name-shown", about.attempt, about.course, by, question=about.key, grade=grade_id)


def decide(db: Session, decision_id: int, what: Decision, *, by: int, reason: str) -> bool:
    """Decide about a pass; False if somebody else did it before. Raises `MayNotTakeBack`; the caller rolls back."""
    row = decisions.decide(db, decision_id, what, by=by, reason=reason)
    if row is None:
        return False
    about = queries.attempt_of(db, row.attempt_id)
    quiz.lock_actor(db, about.actor)
    if what == "take-back":
        if queries.is_complete(db, about.actor, about.course):
            raise MayNotTakeBack
        grading.take_back(db, row.attempt_id)
        record(db, "pass-taken-back", by, about.actor, course=about.course, attempt=row.attempt_id)
        touch(db, about.actor)
        newest = queries.newest_grade(db, row.attempt_id)
        if newest is not None:
            events.announce(db, events.WorkGraded(newest))
    _note(db, f"pass-{what}", row.attempt_id, about.course, by, decision=decision_id)
    return True


def _note(db: Session, kind: str, attempt: str, course: str, by: int, **detail: Any) -> None:
    pack = content.pack_of(db, course) or ""
    note_step(db, kind, pack=pack, by=by, course=course, attempt=attempt, **detail)
