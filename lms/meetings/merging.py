"""Sessions of two accounts that turned out to be one person's, and of two units that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.meetings.models import Attendance, TrainingSession

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the sessions that the other held or was at. Who was noted twice was there once."""
    db.execute(update(TrainingSession).where(TrainingSession.trainer_id == gone).values(trainer_id=keep))
    rows = db.scalars(select(Attendance).where(Attendance.person_id.in_((gone, keep)))).all()
    known = {row.session_id: row for row in rows if row.person_id == keep}
    for row in rows:
        mine = known.get(row.session_id)
        if mine is None:
            row.person_id = keep
        elif mine is not row:
            if row.ended_at is None:
                hours = row.hours if mine.ended_at is not None else max(mine.hours, row.hours)
                mine.hours, mine.ended_at = hours, None
            db.delete(row)
    db.flush()


def follow(db: Session, gone: int, into: int) -> None:
    """Let sessions of today and later be those of the unit that a unit became part of; earlier ones stay."""
    mine = (TrainingSession.unit_id == gone, TrainingSession.cancelled_at.is_(None))
    db.execute(update(TrainingSession).where(*mine, TrainingSession.held_on >= now().date()).values(unit_id=into))
