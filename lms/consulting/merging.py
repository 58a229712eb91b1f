"""Consultations of two accounts that turned out to be one person's, and of two units that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from lms.clock import now
from lms.consulting.models import Consultant, Consultation, ConsultationStep, CourseMark, HardQuestion

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAMED = (
    *(Consultation.suggested_to, Consultation.taken_by, ConsultationStep.by, ConsultationStep.to),
    *(HardQuestion.asked_by, HardQuestion.answered_by, CourseMark.made_by, CourseMark.done_by),
    *(Consultant.named_by, Consultant.ended_by),
)


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's requests and questions. Who answers for a unit twice does so once."""
    for column in NAMED:
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
    _once(db, Consultant.unit_id, Consultant.person_id, gone, keep)


def follow(db: Session, gone: int, into: int) -> None:
    """Let the requests and consultants of a unit become those of the unit that it became part of."""
    db.execute(update(Consultation).where(Consultation.unit_id == gone).values(unit_id=into))
    _once(db, Consultant.person_id, Consultant.unit_id, gone, into)


def _once(db: Session, same: Any, column: Any, gone: int, keep: int) -> None:
    """Let consultants whose column says `gone` say `keep`; where that one is there already, the second one ends."""
    live = Consultant.ended_at.is_(None)
    known = select(same).where(column == keep, live)
    doubled = update(Consultant).where(column == gone, live, same.in_(known))
    db.execute(doubled.values(ended_at=now()))
    db.execute(update(Consultant).where(column == gone).values({column: keep}))
    db.flush()
