"""Tables of the grading desk: who grades what just now, regradings, and passes that a person has to decide about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class GradingClaim(Base):
    """Somebody grades this answer now, or meant to until `until`. It keeps nobody out; it is shown in words."""

    __tablename__ = "grading_claim"

    grade_id: Mapped[int] = mapped_column(ForeignKey("question_grade.id"), primary_key=True, autoincrement=False)
    taken_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    until: Mapped[datetime]


class Regrading(Base):
    """One corrected key, tried on every attempt of its question. `id` is made by whoever asks.

    `state` is one of `rules.State`. `reached` is the id of the last attempt that was looked at, so that a killed run
    goes on there; `found` counts what looking found, `made` what was changed. `version_id` has the key that counts.
    """

    __tablename__ = "regrading"
    __table_args__ = (Index("ix_regrading_question", "course_id", "question_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    state: Mapped[str] = mapped_column(String(12))
    total: Mapped[int] = mapped_column(default=0)
    reached: Mapped[str] = mapped_column(String(36), default="")
    found: Mapped[dict[str, Any]]
    made: Mapped[dict[str, Any]]
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    ended_at: Mapped[datetime | None]


class ChangedKey(Base):
    """A question that people have answered and whose key is another one in the version on offer now."""

    __tablename__ = "changed_key"

    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    question_key: Mapped[str] = mapped_column(String(300), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    found_at: Mapped[datetime]


class PassDecision(Base):
    """An attempt that was passed and would not be by its grades now. The pass stays until a person decides.

    `decision` is empty while it waits, then `keep`, `take-back`, or `mended` where later grades pass again.
    """

    __tablename__ = "pass_decision"
    __table_args__ = (
        Index("ix_pass_decision_attempt", "attempt_id"),
        Index("ix_pass_decision_waiting", "decision", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    regrading_id: Mapped[str | None] = mapped_column(ForeignKey("regrading.id"))
    raised_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    raised_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(12), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
