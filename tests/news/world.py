"""Announcements by the dozen, and people whom mail reaches."""

from __future__ import annotations

import uuid
from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.clock import now
from lms.news import actions
from lms.news.models import Announcement
from lms.news.rules import Audience
from lms.people.models import Person, Unit

if TYPE_CHECKING:
    from email.message import EmailMessage

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from tests.cast import Cast

TEXTS = {
    "en": {"title": "New ID cards", "text": "From **May** on. See [the page](https://example.org/id)."},
    "lv": {"title": "Jaunas ID kartes", "text": "No **maija**."},
}


def audience(db: Session, code: str = "", **more: str) -> Audience:
    unit = db.scalar(select(Unit).where(Unit.code == code)) if code else None
    return Audience(unit.id if unit else None, unit.path if unit else "", **more)


def tell(db: Session, cast: Cast, whom: Audience, *, by: str = "nora", on: date | None = None, **more: Any) -> int:
    """An announcement; its id."""
    key = str(uuid.uuid4())
    texts = more.pop("texts", TEXTS)
    made = actions.NewAnnouncement(key, "units", whom, texts, "en", on or now().date(), **more)
    assert actions.announce(db, made, by=cast[by])
    return db.scalars(select(Announcement.id).where(Announcement.client_id == key)).one()


def reachable(db: Session, cast: Cast, *logins: str) -> None:
    """Give people an address that they proved."""
    for login in logins:
        person = db.get_one(Person, cast[login])
        person.email = person.proved_email = f"{login}@example.org"


def letters(settings: Settings) -> list[EmailMessage]:
    found = sorted(settings.outbox.glob("news-*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]
