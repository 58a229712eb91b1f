"""Tables of enrolments, progress, practice and what readers report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Enrolment(Base):
    """A person in a course. `last_lesson` is where to go on."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("actor_id", "course_id"), Index("ix_enrolment_course", "course_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    source: Mapped[str] = mapped_column(String(20), default="self")
    enrolled_at: Mapped[datetime]
    last_lesson: Mapped[str] = mapped_column(String(300), default="")
    last_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))


class LessonRead(Base):
    """A lesson that somebody has read to its end."""

    __tablename__ = "lesson_read"

    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime]


class PracticeAnswer(Base):
    """One answer to a practice question. `id` is made by the client."""

    __tablename__ = "practice_answer"
    __table_args__ = (Index("ix_practice_answer_actor_question", "actor_id", "course_id", "question_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    question_key: Mapped[str] = mapped_column(String(300))
    response: Mapped[Any] = mapped_column(JSON)
    score: Mapped[float | None]
    at: Mapped[datetime]


class RequirementFact(Base):
    """Something a desk above knows that completion may depend on: attendance, an outside action, an exemption."""

    __tablename__ = "requirement_fact"
    __table_args__ = (UniqueConstraint("actor_id", "course_id", "kind", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[str] = mapped_column(String(40))
    ref: Mapped[str] = mapped_column(String(120))
    value: Mapped[float]
    source: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class OutsideAction(Base):
    """Somebody did something outside of the site that a course asks for; each source that says so is a row.

    `source` is one of `outside_rules.Source`; `by` is who attested it. A row that was taken back keeps its end.
    """

    __tablename__ = "outside_action"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "action", "source"),
        Index("ix_outside_action_course_action", "course_id", "action"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    action: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    ended_at: Mapped[datetime | None]


class OutsideEvent(Base):
    """The id of a message from another system, kept so that the same message does nothing a second time."""

    __tablename__ = "outside_event"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class MistakeReport(Base):
    """A mistake that a reader found on a page. `id` is made by the client."""

    __tablename__ = "mistake_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    lesson_id: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))


class EnrolmentRule(Base):
    """Everybody in a unit and below it takes a course, also who comes later, by a day."""

    __tablename__ = "enrolment_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Group(Base):
    """Some people of a unit who take a course together, on days of their own."""

    __tablename__ = "study_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class GroupMember(Base):
    """A person in a group."""

    __tablename__ = "study_group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime]


class Exemption(Base):
    """Somebody need not take a course; for which reason, and who approved it."""

    __tablename__ = "exemption"
    __table_args__ = (Index("ix_exemption_person_course", "person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[str] = mapped_column(String(500))
    approved_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    approved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
