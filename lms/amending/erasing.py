"""Requests about certificates of somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.amending.models import CertificateRequest, ExpiryNotice
from lms.credentials.models import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete names and texts; that something was asked and decided stays."""
    mine = select(Certificate.id).where(Certificate.actor_id == person)
    about = update(CertificateRequest).where(CertificateRequest.certificate_id.in_(mine))
    db.execute(about.values(holder="", holder_latin="", reason="", answer=""))
    db.execute(delete(ExpiryNotice).where(ExpiryNotice.certificate_id.in_(mine)))
    return ()
