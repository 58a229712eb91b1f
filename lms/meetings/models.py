"""Tables of sessions and attendance."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class TrainingSession(Base):
    """A session that somebody held. `client_id` is made by the client, so that entering it twice is one session.

    `code` is short enough to be typed from a printed list. `hours` are academic hours (45 minutes).
    """

    __tablename__ = "training_session"
    __table_args__ = (
        Index("ix_training_session_trainer", "trainer_id", "held_on"),
        Index("ix_training_session_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    trainer_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    is_online: Mapped[bool] = mapped_column(default=False)
    held_on: Mapped[date] = mapped_column(Date)
    hours: Mapped[float]
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Attendance(Base):
    """Somebody was at a session, for some academic hours."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    hours: Mapped[float]
    noted_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
