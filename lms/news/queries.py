"""What somebody may read: what is new, what came earlier, one announcement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, not_, or_, select

from lms.news.audience_queries import Top, is_for
from lms.news.models import Announcement, NewsReading
from lms.news.rules import NEW_FOR, Words, words_in
from lms.paging import SIZE, At, Page, page
from lms.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class News:
    """An announcement as one person reads it."""

    id: int
    words: Words
    starts_on: date
    unit: str
    is_urgent: bool
    asks_confirm: bool
    corrected_at: datetime | None
    opened_at: datetime | None
    confirmed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the person still has something to do: read it, or say that it was read."""
        return self.opened_at is None or (self.asks_confirm and self.confirmed_at is None)


@dataclass(frozen=True, slots=True)
class NewsPage:
    """What is new for somebody, and a page of what came earlier."""

    new: Sequence[News]
    earlier: Sequence[News]
    page: Page


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many announcements are new for somebody, and the first of them."""

    count: int
    first: News


def news_page(db: Session, me: int, today: date, language: str, at: At) -> NewsPage:
    """What is new, urgent announcements first; what was read, or is older than three months, page by page."""
    new = [] if at.after or at.before else _rows(db, _new(me, today), language)
    read = _readable(me, today).where(not_(_is_new(today)))
    found = page(db, read, (Announcement.starts_on, Announcement.id), at, newest_first=True)
    return NewsPage(new, [_news(row, language) for row in found.rows], found)


def waiting(db: Session, me: int, today: date, language: str) -> Waiting | None:
    """What is new for somebody, in one line; at most as many as the page shows are counted."""
    rows = _rows(db, _new(me, today), language)
    return Waiting(len(rows), rows[0]) if rows else None


def news(db: Session, me: int, announcement: int, today: date, language: str) -> News | None:
    """One announcement, if it is for somebody."""
    row = db.execute(_readable(me, today).where(Announcement.id == announcement)).one_or_none()
    return None if row is None else _news(row, language)


def withdrawn_for(db: Session, me: int, announcement: int) -> datetime | None:
    """When an announcement was withdrawn that had reached somebody; None if it was not, or never reached them."""
    return db.scalar(
        select(Announcement.withdrawn_at)
        .join(NewsReading, NewsReading.announcement_id == Announcement.id)
        .where(Announcement.id == announcement, NewsReading.person_id == me)
    )


def _rows(db: Session, statement: Select[*tuple[Any, ...]], language: str) -> list[News]:
    return [_news(row, language) for row in db.execute(statement)]


def _new(me: int, today: date) -> Select[*tuple[Any, ...]]:
    order = (Announcement.is_urgent.desc(), Announcement.starts_on.desc(), Announcement.id.desc())
    return _readable(me, today).where(_is_new(today)).order_by(*order).limit(SIZE)


def _is_new(today: date) -> ColumnElement[bool]:
    unconfirmed = and_(Announcement.asks_confirm, NewsReading.confirmed_at.is_(None))
    return and_(Announcement.starts_on > today - NEW_FOR, or_(NewsReading.opened_at.is_(None), unconfirmed))


def _readable(me: int, today: date) -> Select[*tuple[Any, ...]]:
    mine = and_(NewsReading.announcement_id == Announcement.id, NewsReading.person_id == Person.id)
    return (
        select(Announcement, func.coalesce(Top.name, ""), NewsReading)
        .select_from(Announcement)
        .join(Person, Person.id == me)
        .outerjoin(Top, Top.id == Announcement.unit_id)
        .outerjoin(NewsReading, mine)
        .where(is_for(today))
    )


def _news(row: Any, language: str) -> News:
    told, unit, reading = tuple(row)[:3]
    return News(
        id=told.id,
        words=words_in(told.texts, told.source_language, language),
        starts_on=told.starts_on,
        unit=unit,
        is_urgent=told.is_urgent,
        asks_confirm=told.asks_confirm,
        corrected_at=told.corrected_at,
        opened_at=reading.opened_at if reading else None,
        confirmed_at=reading.confirmed_at if reading else None,
    )
