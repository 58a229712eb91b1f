"""The table of what is being written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class FileDraft(Base):
    """A text that somebody has written and not saved. `draft_id` is made by the page in which it is written.

    `seen` is the digest of the file that the writing began from, empty for a file that was not there.
    """

    __tablename__ = "file_draft"
    __table_args__ = (Index("ix_file_draft_actor_id_draft_id", "actor_id", "draft_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    draft_id: Mapped[str] = mapped_column(String(36))
    pack: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    seen: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
