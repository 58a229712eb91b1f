"""Passes that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.grading.models import PassDecision
from lms.grading.queries import quiz_title_of, title_of
from lms.learning.models import Enrolment
from lms.paging import At, page
from lms.people.models import Person
from lms.quiz.models import Attempt
from lms.quiz.rules import share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One attempt: what it comes to now, what hangs on it, and how it came here."""

    id: int
    name: str
    course_title: str
    quiz_title: str
    share: float
    needed: float | None
    code: str
    is_complete: bool
    regrading_id: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """Some of them, oldest first."""

    rows: Sequence[DecisionRow]
    earlier: str
    later: str


def decisions_page(db: Session, at: At, language: str) -> DecisionsPage:
    """What waits, oldest first. Names are shown: whoever decides about a certificate has to know whose it is."""
    found = page(
        db,
        select(PassDecision, Attempt, Person.name, Enrolment.completed_at, Certificate.code)
        .join(Attempt, Attempt.id == PassDecision.attempt_id)
        .outerjoin(Person, Person.id == Attempt.actor_id)
        .outerjoin(Enrolment, and_(Enrolment.actor_id == Attempt.actor_id, Enrolment.course_id == Attempt.course_id))
        .outerjoin(
            Certificate,
            and_(
                Certificate.actor_id == Attempt.actor_id,
                Certificate.course_id == Attempt.course_id,
                Certificate.revoked_at.is_(None),
                Certificate.superseded_by.is_(None),
            ),
        )
        .where(PassDecision.decision == ""),
        (PassDecision.id, PassDecision.id),
        at,
    )
    rows = [_row(db, row[0], row[1], row[2], row[3], row[4], language) for row in found.rows]
    return DecisionsPage(rows, found.earlier, found.later)


def _row(
    db: Session,
    decision: PassDecision,
    attempt: Attempt,
    name: str | None,
    completed: datetime | None,
    code: str | None,
    language: str,
) -> DecisionRow:
    course = content.version(db, attempt.version_id)
    return DecisionRow(
        id=decision.id,
        name=name or "",
        course_title=title_of(course, language),
        quiz_title=quiz_title_of(course, attempt.quiz_id, language),
        share=share(attempt.score or 0.0, attempt.points or 0.0),
        needed=course.quizzes[attempt.quiz_id].settings.passing.get("total"),
        code=code or "",
        is_complete=completed is not None or code is not None,
        regrading_id=decision.regrading_id or "",
        raised_at=decision.raised_at,
    )
