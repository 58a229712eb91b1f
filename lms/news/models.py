"""Tables of announcements, of what became of them, and of the letters that told of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Announcement(Base):
    """News for whoever fits all that is said: unit and below, role, language, holders of a course's certificate.

    `client_id` is made by the client, so that sending it twice is one announcement. `desk` is where it was written:
    `units` or `trainers`. `texts` maps a language to title and text; `former` keeps what they were before corrections.
    `channel` names a way to those whom mail does not reach; empty: none.
    """

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_starts_on", "starts_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    desk: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))
    source_language: Mapped[str] = mapped_column(String(20))
    texts: Mapped[dict[str, Any]]
    former: Mapped[list[Any]]
    is_urgent: Mapped[bool]
    asks_confirm: Mapped[bool]
    channel: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    corrected_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    withdrawn_at: Mapped[datetime | None]
    reminded_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    reminded_at: Mapped[datetime | None]


class NewsReading(Base):
    """What happened to an announcement and one person. No row: nothing yet."""

    __tablename__ = "news_reading"
    __table_args__ = (Index("ix_news_reading_person", "person_id"),)

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]


class NewsRound(Base):
    """One run of letters. `key` names it, so that each week and each urgent announcement has one.

    `kind` is `week`, `urgent` or `again`; the last two are of one announcement. `first_day` is the first day of the
    announcements of a week. `reached` is the last person, by id, with whom the run is done.
    """

    __tablename__ = "news_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"))
    first_day: Mapped[date] = mapped_column(Date)
    reached: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class NewsLetter(Base):
    """The one letter of a round to one person. `state` is sent or failed; `reason` says why it failed."""

    __tablename__ = "news_letter"
    __table_args__ = (Index("ix_news_letter_person", "person_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("news_round.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
