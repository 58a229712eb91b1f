"""Certificates of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from lms import events
from lms.credentials.models import Certificate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's certificates. What is printed on them stays as it was issued.

    The key of a completion follows, unless the person has completed the course under the other account, too.
    """
    for row in db.scalars(select(Certificate).where(Certificate.actor_id == gone)).all():
        row.actor_id = keep
        key = f"{keep}/{row.course_id}"
        is_taken = db.scalar(select(exists().where(Certificate.completion_key == key)))
        if row.completion_key == f"{gone}/{row.course_id}" and not is_taken:
            row.completion_key = key
        row.sealed_at = None
        db.flush()
        events.announce(db, events.CertificateChanged(row.id))
