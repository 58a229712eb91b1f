"""Tables of updates: what changed in a lesson, and who has read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

FIRST = text("is_first")


class CourseUpdate(Base):
    """A changed lesson that holders of older certificates are told of.

    It shows what differs between two versions. `question_key` is a practice question of the newer lesson, empty if it
    has none that a rule can grade. `words` maps languages to `what` changed and `why` it matters. Never changed, only
    ended.
    """

    __tablename__ = "course_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    lesson_id: Mapped[str] = mapped_column(String(300))
    old_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    new_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UpdateAnswer(Base):
    """An answer to an update's question, as a client with its id sent it; the first one makes the update read.

    `is_right` is None where nothing was asked.
    """

    __tablename__ = "update_answer"
    __table_args__ = (
        Index(
            "uq_update_answer_first", "update_id", "actor_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("course_update.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    response: Mapped[Any] = mapped_column(JSON)
    is_right: Mapped[bool | None]
    is_first: Mapped[bool]
    at: Mapped[datetime]


class UpdateLetter(Base):
    """When somebody was last written to about updates."""

    __tablename__ = "update_letter"

    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
