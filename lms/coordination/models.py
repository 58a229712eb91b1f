"""Tables of targets and of filters that somebody keeps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Target(Base):
    """A share of a unit that shall be certified in a course by a day.

    `counts` is `person`, or a kind of unit; then `rule` says when such a unit counts as done: one, half or all of its
    members certified. `share` is 0 to 1.
    """

    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    counts: Mapped[str] = mapped_column(String(40), default="person")
    rule: Mapped[str] = mapped_column(String(10), default="")
    share: Mapped[float]
    due_on: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TargetDay(Base):
    """How many units were done when a day began, for a target that counts units. One note a day, never changed."""

    __tablename__ = "target_day"

    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    done: Mapped[int]


class SavedFilter(Base):
    """A filter of the list of people that somebody keeps under a name. `query` is the address's query."""

    __tablename__ = "saved_filter"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime]
