"""Tables of attempts, answers and grades."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Attempt(Base):
    """One go at a quiz. `id` is made by whoever begins, so that beginning twice is one attempt.

    `questions` lists the keys drawn, in order; `marked` those to look at again. `outcomes` maps an outcome to points
    reached and reachable. `passed` stays empty while something is still to be graded. `renews` is the id of the
    certificate that this attempt would renew (no foreign key: certificates stand above).
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("actor_id", "course_id", "quiz_id", "number"),
        Index("ix_attempt_open", "submitted_at", "deadline_at"),
        Index("ix_attempt_quiz", "course_id", "quiz_id", "number", "submitted_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    quiz_id: Mapped[str] = mapped_column(String(200))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    language: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    number: Mapped[int]
    questions: Mapped[list[Any]]
    marked: Mapped[list[Any]]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(10), default="")
    score: Mapped[float | None]
    points: Mapped[float | None]
    passed: Mapped[bool | None]
    outcomes: Mapped[dict[str, Any]]
    renews: Mapped[int | None]


class Answer(Base):
    """What was answered, once and for ever. `made_at` is the client's clock, within the attempt's time."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_attempt_question", "attempt_id", "question_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    response: Mapped[Any] = mapped_column(JSON)
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]


WAITS = text("score IS NULL AND superseded_at IS NULL")  # what the index of waiting answers holds


class QuestionGrade(Base):
    """The points of one question of an attempt; `score` is empty until a trainer has graded it.

    A grade never changes: another one takes its place, and `superseded_at` says since when. `regrading` is the id of
    the regrading that gave it (no foreign key: who regrades stands above).
    """

    __tablename__ = "question_grade"
    __table_args__ = (
        Index("ix_question_grade_attempt", "attempt_id"),
        Index("ix_question_grade_waiting", "id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    score: Mapped[float | None]
    points: Mapped[float]
    outcome: Mapped[str] = mapped_column(String(80), default="")
    graded_at: Mapped[datetime]
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    superseded_at: Mapped[datetime | None]
    regrading: Mapped[str | None] = mapped_column(String(36))


class GradeNote(Base):
    """What a person noted with a grade that she gave. `client_id` makes sending a form twice one grade.

    `criteria` are the points for each line of the rubric, in its order; `comment` is for the trainee, `reason` says
    why an earlier grade was corrected.
    """

    __tablename__ = "grade_note"

    grade_id: Mapped[int] = mapped_column(ForeignKey("question_grade.id"), primary_key=True, autoincrement=False)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    criteria: Mapped[list[Any]]
    comment: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")


class Allowance(Base):
    """More attempts or more time for one person at one quiz, given by somebody for a reason."""

    __tablename__ = "allowance"
    __table_args__ = (Index("ix_allowance_actor_quiz", "actor_id", "course_id", "quiz_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    quiz_id: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500))
    given_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    given_at: Mapped[datetime]


class Upload(Base):
    """A file that somebody handed in as an answer. Its bytes lie in the data folder under a random name."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    question_key: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    received_at: Mapped[datetime]
