"""Tables of certificates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Certificate(Base):
    """A certificate of one completion. `facts` is everything printed, frozen at issue."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    completion_key: Mapped[str] = mapped_column(String(80), unique=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    facts: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    valid_until: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(500), default="")
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
