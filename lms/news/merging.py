"""What two accounts that turned out to be one person's read; announcements of units that became part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.clock import now
from lms.news.models import Announcement, NewsLetter, NewsReading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


NAMED = (Announcement.made_by, Announcement.corrected_by, Announcement.withdrawn_by, Announcement.reminded_by)


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what the other wrote, was sent, opened and confirmed; where both did, the earlier day counts."""
    rows = db.scalars(select(NewsReading).where(NewsReading.person_id.in_((gone, keep)))).all()
    known = {row.announcement_id: row for row in rows if row.person_id == keep}
    for row in rows:
        mine = known.get(row.announcement_id)
        if mine is None:
            row.person_id = keep
        elif mine is not row:
            for column in ("sent_at", "opened_at", "confirmed_at"):
                days = [day for day in (getattr(mine, column), getattr(row, column)) if day is not None]
                setattr(mine, column, min(days, default=None))
            db.delete(row)
    for named in NAMED:
        db.execute(update(Announcement).where(named == gone).values({named: keep}))
    db.flush()
    have = select(NewsLetter.round_id).where(NewsLetter.person_id == keep)
    double = delete(NewsLetter).where(NewsLetter.person_id == gone, NewsLetter.round_id.in_(have))
    db.execute(double.execution_options(synchronize_session=False))
    db.execute(update(NewsLetter).where(NewsLetter.person_id == gone).values(person_id=keep))


def follow(db: Session, gone: int, into: int) -> None:
    """Let announcements of days to come be for the unit that a unit became part of; what was read before stays."""
    coming = (Announcement.unit_id == gone, Announcement.starts_on > now().date())
    db.execute(update(Announcement).where(*coming).values(unit_id=into))
