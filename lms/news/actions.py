"""Announce, correct, withdraw; open, confirm; ask once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from lms.clock import now
from lms.db import insert_once
from lms.news import rounds
from lms.news.models import Announcement, NewsReading
from lms.people.actions import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.news.rules import Audience


class NotNow(Exception):
    """It is withdrawn, says this already, asks nobody to confirm, or asked them once more already."""


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """What an author sends. `texts` maps a language to `title` and `text`; `source` is the one to fall back to."""

    client_id: str
    desk: str
    audience: Audience
    texts: Mapping[str, Mapping[str, str]]
    source: str
    starts_on: date
    is_urgent: bool = False
    asks_confirm: bool = False
    channel: str = ""


def announce(db: Session, new: NewAnnouncement, *, by: int) -> bool:
    """Announce, once for one id; whether it was new. An urgent one is told of as soon as the day and hour allow."""
    made = _values(new, by)
    if not insert_once(db, Announcement, made):
        return False
    row = db.scalars(select(Announcement).where(Announcement.client_id == new.client_id)).one()
    record(db, "announced", by, None, announcement=row.id, unit=row.unit_id, course=row.course_id, role=row.role)
    if row.is_urgent:
        rounds.begin_one(db, row, rounds.URGENT)
    return True


def _values(new: NewAnnouncement, by: int) -> dict[str, Any]:
    nobody = dict.fromkeys(
        ("corrected_by", "corrected_at", "withdrawn_by", "withdrawn_at", "reminded_by", "reminded_at")
    )
    return {
        "client_id": new.client_id,
        "desk": new.desk,
        "unit_id": new.audience.unit,
        "role": new.audience.role,
        "language": new.audience.language,
        "course_id": new.audience.course or None,
        "source_language": new.source,
        "texts": {language: dict(words) for language, words in new.texts.items()},
        "former": [],
        "is_urgent": new.is_urgent,
        "asks_confirm": new.asks_confirm,
        "channel": new.channel,
        "starts_on": new.starts_on,
        "made_by": by,
        "made_at": now(),
        **nobody,
    }


def correct(db: Session, row: Announcement, texts: Mapping[str, Mapping[str, str]], *, source: str, by: int) -> None:
    """Change the words; what they were is kept. Raises `NotNow`, also if they are the same."""
    new = {language: dict(words) for language, words in texts.items()}
    if row.withdrawn_at is not None or new == row.texts:
        raise NotNow
    moment = now()
    row.former = [*row.former, {"until": moment.isoformat(), "by": row.corrected_by or row.made_by, "texts": row.texts}]
    row.texts, row.corrected_by, row.corrected_at = new, by, moment
    row.source_language = row.source_language if row.source_language in new else source
    record(db, "announcement-corrected", by, None, announcement=row.id)


def withdraw(db: Session, row: Announcement, *, by: int) -> None:
    """Take an announcement back: nobody reads it any more, and no letter tells of it. Twice is once."""
    if row.withdrawn_at is None:
        row.withdrawn_by, row.withdrawn_at = by, now()
        record(db, "announcement-withdrawn", by, None, announcement=row.id)


def ask_again(db: Session, row: Announcement, *, by: int) -> None:
    """Write once more, once, to whoever has not confirmed. Raises `NotNow`."""
    if row.withdrawn_at is not None or not row.asks_confirm or row.reminded_at is not None:
        raise NotNow
    row.reminded_by, row.reminded_at = by, now()
    rounds.begin_one(db, row, rounds.AGAIN)
    record(db, "announcement-asked-again", by, None, announcement=row.id)


def note_opened(db: Session, announcement: int, person: int) -> None:
    """Note that an announcement was shown to somebody; the first time counts."""
    _note(db, announcement, person, NewsReading.opened_at)


def confirm(db: Session, announcement: int, person: int) -> None:
    """Note that somebody says to have read it; the first time counts."""
    _note(db, announcement, person, NewsReading.opened_at)
    _note(db, announcement, person, NewsReading.confirmed_at)


def _note(db: Session, announcement: int, person: int, column: Any) -> None:
    empty = {"sent_at": None, "opened_at": None, "confirmed_at": None}
    row = {"announcement_id": announcement, "person_id": person, **empty, column.key: now()}
    if insert_once(db, NewsReading, row):
        return
    known = (NewsReading.announcement_id == announcement, NewsReading.person_id == person, column.is_(None))
    later = update(NewsReading).where(*known).values({column.key: row[column.key]})
    db.execute(later.execution_options(synchronize_session=False))
