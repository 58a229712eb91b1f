"""Reminders to two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.reminding.models import ReminderDelivery

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's deliveries; where both got a reminder, one line of it is enough."""
    have = select(ReminderDelivery.reminder_id).where(ReminderDelivery.person_id == keep)
    double = delete(ReminderDelivery).where(ReminderDelivery.person_id == gone, ReminderDelivery.reminder_id.in_(have))
    db.execute(double.execution_options(synchronize_session=False))
    db.execute(update(ReminderDelivery).where(ReminderDelivery.person_id == gone).values(person_id=keep))
