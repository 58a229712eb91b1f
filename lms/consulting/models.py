"""Tables of help asked for. Only `consultation_contact` holds what leads to the asker; it is deleted after its time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

# requests for which somebody has to do something
LIVE = text("state IN ('new', 'suggested', 'taken', 'answered')")
UNDONE = text("done_at IS NULL")


class Consultation(Base):
    """That somebody asks for a consultation. `state` is one of `rules.State`; `client_id` comes from the client once.

    `code` opens the page on which the asker sees how it stands. `unit_id` is the place. `suggested_to` is who is asked
    to take it since `waits_since`, which is also since when nobody was asked, and since when the taker has not
    answered. `answered_after` and `solved_after` are minutes since it was asked. `is_solved` is what the asker says.
    `entry_id` is the help that was noted for it.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_unit", "unit_id", "asked_at"),
        Index("ix_consultation_live", "waits_since", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_consultation_taken_by", "taken_by", "state"),
        Index("ix_consultation_suggested_to", "suggested_to", "state"),
        Index("ix_consultation_ended", "state", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    audience: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    waits_since: Mapped[datetime]
    suggested_to: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    taken_at: Mapped[datetime | None]
    meets_on: Mapped[date | None] = mapped_column(Date)
    answered_after: Mapped[int | None]
    solved_after: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(String(140), default="")
    ended_at: Mapped[datetime | None]
    is_solved: Mapped[bool | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("help_entry.id"), unique=True)


class ConsultationContact(Base):
    """How the asker can be reached, when, and what they wrote. Gone when the time of a request is over."""

    __tablename__ = "consultation_contact"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    messenger: Mapped[str] = mapped_column(String(80), default="")
    times: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(String(600), default="")


class ConsultationStep(Base):
    """What happened to a request, in order; rows are only added. `to` is who was asked or got it, `by` who did it.

    `reasons` says why somebody was suggested, as `rules.Suggestion` does.
    """

    __tablename__ = "consultation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    to: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    at: Mapped[datetime]
    reasons: Mapped[dict[str, Any]]


class Consultant(Base):
    """That somebody answers requests from a unit and all below it. An empty list of services, and so on, means all.

    `most` is how many requests somebody has at a time.
    """

    __tablename__ = "consultant"
    __table_args__ = (
        Index("ix_consultant_unit", "unit_id"),
        Index(
            "uq_consultant_once",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    services: Mapped[list[Any]]
    languages: Mapped[list[Any]]
    channels: Mapped[list[Any]]
    most: Mapped[int]
    named_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    named_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    ended_at: Mapped[datetime | None]


class Expert(Base):
    """That somebody answers hard questions from a unit and all below it. An empty list of services or courses: all."""

    __tablename__ = "expert"
    __table_args__ = (
        Index("ix_expert_unit", "unit_id"),
        Index(
            "uq_expert_once",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    services: Mapped[list[Any]]
    courses: Mapped[list[Any]]
    named_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    named_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    ended_at: Mapped[datetime | None]


class HardQuestion(Base):
    """What a helper asks experts. `course_id` is the course that it is about, if one is; `unit_id` where it comes from.

    `to_trainers_at` is since when the trainers are asked: at once where no expert is named, else after some days.
    """

    __tablename__ = "hard_question"
    __table_args__ = (Index("ix_hard_question_open", "answered_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    asked_at: Mapped[datetime]
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))
    service: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(600))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    answered_at: Mapped[datetime | None]
    to_trainers_at: Mapped[datetime | None]


class QuestionTo(Base):
    """That a hard question was put to an expert."""

    __tablename__ = "hard_question_to"

    question_id: Mapped[int] = mapped_column(ForeignKey("hard_question.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    put_at: Mapped[datetime]


class CourseMark(Base):
    """A hard question's place in a course, where its answer belongs: a lesson, or a question by its key.

    Nothing in the course changes by it; `done_at` is when a trainer said that the text has it.
    """

    __tablename__ = "course_mark"
    __table_args__ = (
        UniqueConstraint("question_id", "course_id", "lesson_id", "question_key"),
        Index("ix_course_mark_open", "course_id", sqlite_where=UNDONE, postgresql_where=UNDONE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("hard_question.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    lesson_id: Mapped[str] = mapped_column(String(300), default="")
    question_key: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    done_at: Mapped[datetime | None]


class AskedMonth(Base):
    """That the trainers were written to about what was asked for in a month; `month` is its first day."""

    __tablename__ = "asked_month"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    told_at: Mapped[datetime]
