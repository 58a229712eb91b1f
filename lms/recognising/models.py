"""Tables of recognition: who asked for it, what was sent, what was said and decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

OPEN = text("state IN ('waiting', 'more')")


class Recognition(Base):
    """That somebody asks to have a course recognised. `state` is one of `rules.State`, `id` comes from the client once.

    `version_id` is the version of the course that said what is asked. `closed_at` is when it was decided or withdrawn;
    `forgotten_at` when the evidence was deleted after that.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        Index("ix_recognition_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_recognition_one_open",
            "actor_id",
            "course_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_recognition_forgotten_at", "forgotten_at", "closed_at"),
        Index("ix_recognition_actor_course", "actor_id", "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    talked_on: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    closed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)


class RecognitionOutcome(Base):
    """What somebody says of one outcome: where it was learned, and which evidence shows it."""

    __tablename__ = "recognition_outcome"

    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(300), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class RecognitionFile(Base):
    """A file that was sent as evidence. Its bytes lie in the data folder under its id."""

    __tablename__ = "recognition_file"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received_at: Mapped[datetime]


class RecognitionStep(Base):
    """What happened to a request, in order: sent by the person, answered by whoever decides, with words."""

    __tablename__ = "recognition_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
