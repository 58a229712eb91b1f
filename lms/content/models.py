"""Tables of what was published. A version never changes; publications say which one is current since when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class PublishedCourse(Base):
    """A course that was published at least once."""

    __tablename__ = "course"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    pack: Mapped[str] = mapped_column(String(200))
    current_version_id: Mapped[int | None]  # no foreign key: it would close a circle; versions are never deleted
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class CourseVersion(Base):
    """An immutable snapshot: the source as a zip file, and what the compiler made of it as JSON."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "digest", "renderer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    renderer: Mapped[int]
    number: Mapped[int]
    created_at: Mapped[datetime]
    compiled: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Publication(Base):
    """One moment at which a version became the current one."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))


class Approval(Base):
    """A version that waits for a second person, or what that person decided: `approved`, `refused`, or nothing yet."""

    __tablename__ = "approval"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    words: Mapped[str] = mapped_column(Text, default="")


class Blob(Base):
    """The bytes of a file that some version shows, under their SHA-256."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SearchEntry(Base):
    """A published page as searching sees it: folded words of one lesson or course in one language."""

    __tablename__ = "search_entry"
    __table_args__ = (Index("ix_search_entry_course", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    lesson_id: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(400))
    folded_title: Mapped[str] = mapped_column(String(400))
    folded_text: Mapped[str] = mapped_column(Text)


class PackState(Base):
    """What the last look at a pack found, for its trainers."""

    __tablename__ = "pack_state"

    pack: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime]
    errors: Mapped[int]
    warnings: Mapped[int]
    report: Mapped[bytes] = mapped_column(LargeBinary)
