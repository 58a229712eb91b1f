"""Certificates of somebody who is erased: what they say is deleted, that there were some stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.credentials import actions
from lms.credentials.models import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Erase every certificate; its seal stays provable and tells nothing."""
    held = select(Certificate).where(Certificate.actor_id == person, Certificate.erased_at.is_(None))
    for row in db.scalars(held.with_for_update()).all():
        row.revoked_reason = ""  # somebody wrote it about this person
        actions.erase(db, row)
    return ()
