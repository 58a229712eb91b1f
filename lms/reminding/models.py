"""Tables of reminders and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Reminder(Base):
    """One action of a coordinator. `id` is made by the client, so that pressing the button twice reminds once.

    `asked` is the filter that chose the people; `texts` maps a language to subject and words; `channel` names a
    message channel.
    """

    __tablename__ = "reminder"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    asked: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    channel: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class ReminderDelivery(Base):
    """A reminder to one person. `state` is waiting, sent, failed or skipped; `reason` says why it was not sent."""

    __tablename__ = "reminder_delivery"
    __table_args__ = (
        UniqueConstraint("reminder_id", "person_id"),
        Index("ix_reminder_delivery_person", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[str] = mapped_column(ForeignKey("reminder.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
