"""Name experts, end it, and put hard questions to them; to the trainers where nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from lms import events
from lms.clock import now
from lms.consulting import expert_queries, naming_queries
from lms.consulting.consultant_actions import MayNotName
from lms.consulting.models import Expert, HardQuestion, QuestionTo
from lms.db import insert_once
from lms.people.actions import record
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Subjects:
    """What an expert answers; empty lists mean all."""

    services: Sequence[str] = ()
    courses: Sequence[str] = ()


def name(db: Session, person: int, unit: int, subjects: Subjects, *, by: int, today: date) -> Expert:
    """Name somebody expert for a unit and all below it, or change what they answer. Raises `MayNotName`."""
    place = naming_queries.unit(db, by, Right.ORGANISE, unit)
    if place is None or place.closed_on is not None or not expert_queries.may_name(db, by, person, today):
        raise MayNotName(person)
    known = (Expert.person_id == person, Expert.unit_id == unit, Expert.ended_at.is_(None))
    row = db.scalar(select(Expert).where(*known))
    if row is None:
        row = Expert(person_id=person, unit_id=unit, named_by=by, named_at=now())
        db.add(row)
        record(db, "expert-named", by, person, unit=unit)
    row.services, row.courses = list(subjects.services), list(subjects.courses)
    db.flush()
    return row


def end(db: Session, row: Expert, *, by: int | None, today: date) -> None:
    """Put no more questions from a unit to somebody. What waits for nobody else is put to whoever answers there now."""
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = now(), by
    record(db, "expert-ended", by, row.person_id, unit=row.unit_id)
    db.flush()
    for question in db.scalars(select(HardQuestion).where(expert_queries.waiting_for(row.person_id))).all():
        if row.person_id not in expert_queries.of_question(db, question, today):
            _take_from(db, question, row.person_id, today)


def _take_from(db: Session, question: HardQuestion, person: int, today: date) -> None:
    this = QuestionTo.question_id == question.id
    db.execute(delete(QuestionTo).where(this, QuestionTo.person_id == person))
    if question.to_trainers_at is None and db.scalar(select(QuestionTo.person_id).where(this).limit(1)) is None:
        put(db, question, today, but={person})


def put(db: Session, question: HardQuestion, today: date, but: Collection[int] = ()) -> None:
    """Put a question to its experts, or to the trainers if it has none."""
    experts = expert_queries.of_question(db, question, today, but)
    for person in experts:
        insert_once(db, QuestionTo, {"question_id": question.id, "person_id": person, "put_at": now()})
    if not experts:
        question.to_trainers_at = now()
    events.announce(db, events.HardQuestionAsked(question.id))


def pass_on(db: Session, before: datetime, most: int) -> int:
    """Ask the trainers, too, what experts have not answered that were asked before a moment; how many there were."""
    late = (expert_queries.WAITS, HardQuestion.to_trainers_at.is_(None), HardQuestion.asked_at < before)
    found = select(HardQuestion).where(*late).order_by(HardQuestion.id).limit(most).with_for_update(skip_locked=True)
    rows = db.scalars(found).all()
    for row in rows:
        row.to_trainers_at = now()
        events.announce(db, events.HardQuestionAsked(row.id))
    return len(rows)
