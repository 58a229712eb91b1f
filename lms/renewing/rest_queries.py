"""What the page of reviews says when nothing is due: what comes back of each completed course, or why nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from lms.content import queries as content
from lms.learning.models import Enrolment
from lms.renewing import queries, rules
from lms.renewing.models import ReviewCard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.plugins import QuestionType

Why = Literal["", "no-practice", "nothing-missed", "none-fits", "none-then"]


@dataclass(frozen=True, slots=True)
class Coming:
    """A completed course: how many of its questions come back, when the first one does; if none does, why.

    Nothing comes back where the course has no practice that a rule can grade, where nothing was missed and nothing is
    critical, where no practice fits what was missed, or where it was like that when the course was completed.
    """

    course: CompiledCourse
    questions: int
    next_at: datetime | None
    why: Why = ""


def coming(db: Session, actor: int, moment: datetime, types: Mapping[str, QuestionType]) -> list[Coming]:
    """What comes back to somebody of each course on offer that was completed, or of which a certificate was renewed."""
    mine = select(ReviewCard).where(ReviewCard.actor_id == actor).order_by(ReviewCard.due_at, ReviewCard.id)
    cards = db.scalars(mine.limit(queries.MOST_DUE)).all()
    done = select(Enrolment.course_id, Enrolment.completed_at).where(
        Enrolment.actor_id == actor, Enrolment.completed_at.is_not(None)
    )
    rows = db.execute(done.order_by(Enrolment.completed_at.desc(), Enrolment.id))
    since: dict[str, datetime] = {course: began for course, began in rows if began is not None}
    since |= {card.course_id: card.started_at for card in cards}
    found = []
    for course_id, began in since.items():
        current = content.current(db, course_id)
        if current is None or current.course.courses:
            continue
        keys = set(queries.practice_keys(current.course))
        due = [card.due_at for card in cards if card.course_id == course_id and card.question_key in keys]
        if due:
            found.append(Coming(current.course, len(due), due[0]))
        else:
            found.append(_without_cards(db, actor, current.course, began, moment, types))
    return found


def _without_cards(
    db: Session,
    actor: int,
    course: CompiledCourse,
    began: datetime,
    moment: datetime,
    types: Mapping[str, QuestionType],
) -> Coming:
    """A course of which nothing comes back yet: the worker may be about to choose, or there was nothing to choose."""
    practice, missed = queries.practice(course, types), queries.missed(db, actor, course)
    chosen, first = rules.deck(practice, missed), rules.first_due(began)
    if chosen and first > moment:
        return Coming(course, len(chosen), first)
    return Coming(course, 0, None, _why(practice, missed, chosen))


def _why(practice: Sequence[rules.Practice], missed: Mapping[str, int], chosen: Sequence[str]) -> Why:
    if not practice:
        return "no-practice"
    if chosen:
        return "none-then"
    return "none-fits" if missed else "nothing-missed"
