"""What of somebody's consultations tells who they are: what they typed. That requests were answered stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from lms.clock import now
from lms.consulting import actions, consultant_actions, expert_actions, rules
from lms.consulting.models import Consultant, Consultation, ConsultationStep, Expert, HardQuestion
from lms.consulting.rules import State, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """End what they answer for, give what they have to the next, and delete their notes and questions."""
    today = now().date()
    for post in db.scalars(select(Consultant).where(Consultant.person_id == person, Consultant.ended_at.is_(None))):
        consultant_actions.end(db, post, by=None, today=today)
    for named in db.scalars(select(Expert).where(Expert.person_id == person, Expert.ended_at.is_(None))).all():
        expert_actions.end(db, named, by=None, today=today)
    held = (Consultation.taken_by == person, Consultation.state.in_(rules.HELD))
    for row in db.scalars(select(Consultation).where(*held)).all():
        actions.release(db, row, person, Step.GIVEN_BACK, by=None, today=today)
    asked = (Consultation.suggested_to == person, Consultation.state == State.SUGGESTED)
    for row in db.scalars(select(Consultation).where(*asked)).all():
        actions.release(db, row, person, Step.PASSED_OVER, by=None, today=today)
    ended = select(ConsultationStep.consultation_id)
    ended = ended.where(ConsultationStep.by == person, ConsultationStep.kind.in_(rules.ENDS.values()))
    theirs = or_(Consultation.taken_by == person, Consultation.id.in_(ended))
    db.execute(update(Consultation).where(theirs).values(note=""))
    db.execute(update(HardQuestion).where(HardQuestion.asked_by == person).values(words=""))
    return ()
