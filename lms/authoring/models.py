"""Tables of the trainer's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class AuthoringStep(Base):
    """One thing that somebody did to a pack, for the record: saved, moved, approved, published, regraded.

    `by` is empty for what happened by itself, such as a push that was fetched.
    """

    __tablename__ = "authoring_step"
    __table_args__ = (Index("ix_authoring_step_pack_at", "pack", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    pack: Mapped[str] = mapped_column(String(200))
    course_id: Mapped[str] = mapped_column(String(120), default="")
    path: Mapped[str] = mapped_column(String(500), default="")
    kind: Mapped[str] = mapped_column(String(40))
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    detail: Mapped[dict[str, Any]]
