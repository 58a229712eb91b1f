"""Reads of seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.sealing.models import Seal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def cose_of(db: Session, certificate_id: int) -> bytes | None:
    """The signed payload for checks without a network; None before sealing and after erasure."""
    first = select(Seal.cose).where(Seal.certificate_id == certificate_id).order_by(Seal.seq).limit(1)
    return db.scalar(first)
