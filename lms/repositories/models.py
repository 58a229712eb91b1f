"""Tables of repositories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Repository(Base):
    """A repository from which a pack comes, and how it stands.

    `origin` is `settings` or `page`. `round` counts how often the webhook's secret was changed; the secret itself is
    made from it and the site's key, and kept nowhere. `detail` has what a state needs: the files of a conflict.
    """

    __tablename__ = "repository"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    origin: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(500))
    branch: Mapped[str] = mapped_column(String(200), default="")
    folder: Mapped[str] = mapped_column(String(500), default="")
    pushes: Mapped[bool]
    round: Mapped[int] = mapped_column(default=0)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    added_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any] | None]
    looked_at: Mapped[datetime | None]


class Fetch(Base):
    """One look at a repository, or one push to it: who or what asked for it, and what became of it.

    `courses` has the ids of the courses that got a new version, parted by spaces.
    """

    __tablename__ = "repository_fetch"
    __table_args__ = (Index("ix_repository_fetch_repository_at", "repository_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey("repository.id"))
    at: Mapped[datetime]
    seconds: Mapped[float]
    cause: Mapped[str] = mapped_column(String(12))
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    before: Mapped[str] = mapped_column(String(64), default="")
    after: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    courses: Mapped[str] = mapped_column(Text, default="")
