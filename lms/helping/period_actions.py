"""Opening a period that a programme reports on, and marking it closed; its figures are kept by whoever closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from lms.clock import now
from lms.db import insert_once
from lms.helping.models import HelpPeriod

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


def open_period(db: Session, root: int, first: date, last: date) -> None:
    """Note a period of the tree with this root. Opening it twice is one period."""
    unclosed = {"closed_at": None, "closed_by": None}
    insert_once(db, HelpPeriod, {"unit_id": root, "first_day": first, "last_day": last, **unclosed})


def remove_open(db: Session, period_id: int) -> bool:
    """Take a period away if it is open; whether it was."""
    gone = delete(HelpPeriod).where(HelpPeriod.id == period_id, HelpPeriod.closed_at.is_(None))
    return db.execute(gone.returning(HelpPeriod.id)).first() is not None


def mark_closed(period: HelpPeriod, by: int) -> None:
    """Say that a period is closed from this moment on."""
    period.closed_at, period.closed_by = now(), by
