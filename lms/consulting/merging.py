"""Consultations of two accounts that turned out to be one person's, and of two units that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from lms.clock import now
from lms.consulting.models import (
    Consultant,
    Consultation,
    ConsultationStep,
    CourseMark,
    Expert,
    HardQuestion,
    QuestionTo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAMED = (
    *(Consultation.suggested_to, Consultation.taken_by, ConsultationStep.by, ConsultationStep.to),
    *(HardQuestion.asked_by, HardQuestion.answered_by, CourseMark.made_by, CourseMark.done_by),
    *(Consultant.named_by, Consultant.ended_by, Expert.named_by, Expert.ended_by),
)


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's requests and questions. Who answers for a unit twice does so once."""
    for column in NAMED:
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
    _once(db, Consultant.unit_id, Consultant.person_id, gone, keep)
    _once(db, Expert.unit_id, Expert.person_id, gone, keep)
    known = select(QuestionTo.question_id).where(QuestionTo.person_id == keep)
    db.execute(delete(QuestionTo).where(QuestionTo.person_id == gone, QuestionTo.question_id.in_(known)))
    db.execute(update(QuestionTo).where(QuestionTo.person_id == gone).values(person_id=keep))


def follow(db: Session, gone: int, into: int) -> None:
    """Let the requests, consultants and experts of a unit become those of the unit that it became part of."""
    db.execute(update(Consultation).where(Consultation.unit_id == gone).values(unit_id=into))
    db.execute(update(HardQuestion).where(HardQuestion.unit_id == gone).values(unit_id=into))
    _once(db, Consultant.person_id, Consultant.unit_id, gone, into)
    _once(db, Expert.person_id, Expert.unit_id, gone, into)


def _once(db: Session, same: Any, column: Any, gone: int, keep: int) -> None:
    """Let rows whose column says `gone` say `keep`; where that one is there already, the second one ends."""
    table = column.class_
    live = table.ended_at.is_(None)
    known = select(same).where(column == keep, live)
    doubled = update(table).where(column == gone, live, same.in_(known))
    db.execute(doubled.values(ended_at=now()))
    db.execute(update(table).where(column == gone).values({column: keep}))
    db.flush()
