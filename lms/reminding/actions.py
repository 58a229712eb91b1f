"""Remind, stop a reminder, and say no to reminders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from lms import jobs
from lms.clock import now
from lms.db import insert_once
from lms.people.actions import record
from lms.reminding.models import Reminder, ReminderDelivery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

CHOOSE, SEND = "choose_reminded", "send_reminders"


@dataclass(frozen=True, slots=True)
class NewReminder:
    """What a coordinator asks for. `texts` maps a language to subject and text; `asked` is the filter."""

    id: str
    unit: int | None
    course: str
    asked: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    channel: str


def remind(db: Session, new: NewReminder, *, by: int) -> None:
    """Have people reminded. Asking twice with one id reminds once."""
    values: dict[str, Any] = {
        "id": new.id,
        "unit_id": new.unit,
        "course_id": new.course,
        "asked": dict(new.asked),
        "texts": {language: dict(text) for language, text in new.texts.items()},
        "channel": new.channel,
        "made_by": by,
        "made_at": now(),
    }
    if insert_once(db, Reminder, {**values, "prepared_at": None, "cancelled_at": None}):
        jobs.enqueue(db, CHOOSE, {"reminder": new.id}, dedupe=f"{CHOOSE}/{new.id}")
        record(db, "reminded", by, None, reminder=new.id, course=new.course, unit=new.unit)


def add_deliveries(db: Session, reminder: str, people: Sequence[int]) -> None:
    """Put people on a reminder's list; whoever is on it already stays once."""
    known = select(ReminderDelivery.person_id).where(
        ReminderDelivery.reminder_id == reminder, ReminderDelivery.person_id.in_(people)
    )
    new = set(people) - set(db.scalars(known))
    rows = [{"reminder_id": reminder, "person_id": person, "state": "waiting", "at": now()} for person in sorted(new)]
    if rows:
        db.execute(insert(ReminderDelivery), rows)


def all_chosen(db: Session, reminder: str) -> None:
    """Note that the list is complete, and let it be sent."""
    db.execute(update(Reminder).where(Reminder.id == reminder).values(prepared_at=now()))
    jobs.enqueue(db, SEND, {"reminder": reminder})


def settle(db: Session, delivery: int, state: str, reason: str = "") -> None:
    """Note what became of one delivery: sent, failed or skipped."""
    moved = update(ReminderDelivery).where(ReminderDelivery.id == delivery, ReminderDelivery.state == "waiting")
    db.execute(moved.values(state=state, reason=reason, at=now()))


def cancel(db: Session, reminder: Reminder, *, by: int) -> None:
    """Stop a reminder: whoever has not got it gets it no more."""
    if reminder.cancelled_at is None:
        reminder.cancelled_at = now()
        waiting = delete(ReminderDelivery).where(ReminderDelivery.reminder_id == reminder.id)
        db.execute(waiting.where(ReminderDelivery.state == "waiting").execution_options(synchronize_session=False))
        record(db, "reminder-cancelled", by, None, reminder=reminder.id)
