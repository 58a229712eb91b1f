"""Reads for checks without a network: the signed payload of a code, what became of certificates, who signs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from lms.credentials.models import Certificate
from lms.credentials.rules import status_index
from lms.issuers import queries as issuers
from lms.sealing.chain import HeadLine
from lms.sealing.models import Head, Seal
from lms.sealing.status import Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.issuers.queries import IssuerProfile
    from lms.issuers.signing import PublicKey


@dataclass(frozen=True, slots=True)
class Trust:
    """Who issued here and with which keys, from the beginning."""

    issuers: tuple[IssuerProfile, ...]
    keys: tuple[PublicKey, ...]


def trust(db: Session) -> Trust:
    """Whom the pages that check certificates believe: all that ever signed for offline checks."""
    keys = tuple(key for key in issuers.keys(db) if key.kind == "ed25519")
    return Trust(tuple(issuers.issuers(db)), keys)


def cose_of_code(db: Session, code: str) -> bytes | None:
    """The signed payload of the certificate with this code; None before sealing and after erasure."""
    first = select(Seal.cose).join(Certificate, Certificate.id == Seal.certificate_id).where(Certificate.code == code)
    return db.scalar(first.order_by(Seal.seq).limit(1))


def changes(db: Session) -> Iterator[Change]:
    """What became of every certificate that did not just go on, for the status list."""
    moments = (Certificate.revoked_at, Certificate.superseded_at, Certificate.erased_at)
    changed = select(Certificate.id, *moments).where(or_(*(moment.is_not(None) for moment in moments)))
    kinds: tuple[Kind, ...] = ("revoked", "superseded", "erased")
    for number, *found in db.execute(changed.execution_options(yield_per=1000)):
        for kind, moment in zip(kinds, found, strict=True):
            if moment is not None:
                yield Change(status_index(number), kind, _day(moment))


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def every_head(db: Session) -> Iterator[HeadLine]:
    """The signed ends of the chain, one for each day on which anything was sealed, oldest first."""
    rows = db.scalars(select(Head).order_by(Head.day).execution_options(yield_per=1000))
    return (HeadLine(row.seq, row.at, row.hash, row.kid, row.signature) for row in rows)


def digests(db: Session) -> Iterator[tuple[int, str, str, str, str, str]]:
    """For each seal its certificate's place in the status list, what happened and when, the digest, the link's hash.

    And, of the first seal, the SHA-256 of the signed payload: nobody can guess that without the issuer's key.
    """
    seals = select(Seal.certificate_id, Seal.event, Seal.at, Seal.digest, Seal.hash, Seal.cose).order_by(Seal.seq)
    for number, event, at, digest, link, cose in db.execute(seals.execution_options(yield_per=500)):
        payload = hashlib.sha256(cose).hexdigest() if cose else ""
        yield status_index(number), event, at.isoformat(), digest, link, payload
