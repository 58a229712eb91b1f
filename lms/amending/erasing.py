"""Requests about certificates of somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from lms.amending.models import CertificateRequest, ExpiryNotice
from lms.amending.queries import certificates_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete names and texts; that something was asked and decided stays."""
    mine = certificates_of(person)
    about = update(CertificateRequest).where(CertificateRequest.certificate_id.in_(mine))
    db.execute(about.values(holder="", holder_latin="", reason="", answer=""))
    db.execute(delete(ExpiryNotice).where(ExpiryNotice.certificate_id.in_(mine)))
    return ()
