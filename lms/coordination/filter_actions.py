"""Filters that somebody keeps under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sqlalchemy import delete, func, select

from lms.clock import now
from lms.coordination.models import SavedFilter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.coordination.people_pages import Asked

MOST_FILTERS = 50
LONGEST_QUERY = 500


class TooMany(Exception):
    """Somebody keeps as many filters as anybody can find again."""


class TooLong(Exception):
    """A filter asks for more than is kept."""


def keep(db: Session, person: int, name: str, asked: Asked) -> None:
    """Keep a filter; one of the same name takes its place. Raises `TooMany`, `TooLong`."""
    query = urlencode(asked.arguments)
    if len(query) > LONGEST_QUERY:
        raise TooLong
    known = db.scalar(select(SavedFilter).where(SavedFilter.person_id == person, SavedFilter.name == name))
    if known is not None:
        known.query = query
        return
    count = db.scalar(select(func.count()).select_from(SavedFilter).where(SavedFilter.person_id == person)) or 0
    if count >= MOST_FILTERS:
        raise TooMany
    db.add(SavedFilter(person_id=person, name=name, query=query, made_at=now()))


def forget(db: Session, person: int, number: int) -> None:
    """Delete a filter of one's own; nobody else's."""
    db.execute(delete(SavedFilter).where(SavedFilter.id == number, SavedFilter.person_id == person))
