"""Tables of reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class ReviewCard(Base):
    """A practice question that comes back to somebody. `memory` is what the scheduler knows of it, plain JSON.

    `started_at` is when the course was completed, `lapses` how often the answer was forgotten since.
    """

    __tablename__ = "review_card"
    __table_args__ = (
        UniqueConstraint("actor_id", "course_id", "question_key"),
        Index("ix_review_card_due", "due_at", "actor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lapses: Mapped[int] = mapped_column(default=0)
    memory: Mapped[dict[str, Any]]


class ReviewAnswer(Base):
    """One answer in a review, once and for ever. `days` is how long ago the course was completed then."""

    __tablename__ = "review_answer"
    __table_args__ = (
        Index("ix_review_answer_actor", "actor_id"),
        Index("ix_review_answer_course", "course_id", "days"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    response: Mapped[Any] = mapped_column(JSON)
    is_right: Mapped[bool]
    days: Mapped[int]
    at: Mapped[datetime]


class ReviewLetter(Base):
    """When somebody was last written to about reviews."""

    __tablename__ = "review_letter"

    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
