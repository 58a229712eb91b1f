"""Reads of what is printed: the frozen facts, the signed code, the logo of the course."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.among import among
from lms.content import queries as content
from lms.credentials.labels import labels
from lms.credentials.models import Certificate
from lms.credentials.paper import Paper
from lms.credentials.queries import facts_of
from lms.printing.logos import logo
from lms.sealing.models import Seal
from lms.sealing.offline import qr_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.credentials.facts import CertificateFacts
    from lms.credentials.paper import Logo

labels_of = lru_cache(maxsize=32)(labels)


def paper(db: Session, code: str, base: str) -> Paper | None:
    """The certificate with this code, ready to be printed; None while it is not sealed.

    `base` is the address of the site, without a slash at its end.
    """
    row = db.scalar(select(Certificate).where(Certificate.code == code, Certificate.erased_at.is_(None)))
    return next(_papers(db, [row], base), None) if row else None


def papers(db: Session, certificates: Sequence[int], base: str) -> list[Paper]:
    """These certificates in this order, without those that are not sealed or were erased meanwhile."""
    known = among(Certificate.id, certificates)
    rows = {row.id: row for row in db.scalars(select(Certificate).where(known, Certificate.erased_at.is_(None)))}
    return list(_papers(db, [rows[each] for each in certificates if each in rows], base))


def _papers(db: Session, rows: Sequence[Certificate], base: str) -> Iterator[Paper]:
    signed = _signed(db, [row.id for row in rows])
    logos: dict[str, Logo | None] = {}
    for row in rows:
        if row.id in signed:
            facts = facts_of(row)
            digest = facts.look.logo
            if digest not in logos:
                logos[digest] = _logo(db, digest)
            yield _paper(facts, signed[row.id], base, logos[digest])


def _paper(facts: CertificateFacts, message: bytes, base: str, picture: Logo | None) -> Paper:
    return Paper(
        facts, labels_of(facts.language), f"{base}/c/{facts.code}", qr_text(message), f"{base}/verify", picture
    )


def _signed(db: Session, certificates: Sequence[int]) -> Mapping[int, bytes]:
    """What each of these carries in its code, of those that are sealed."""
    seals = select(Seal.certificate_id, Seal.cose).where(among(Seal.certificate_id, certificates))
    found: dict[int, bytes] = {}
    for number, message in db.execute(seals.where(Seal.cose.is_not(None)).order_by(Seal.seq)):
        if message is not None:
            found.setdefault(number, message)
    return found


def _logo(db: Session, digest: str) -> Logo | None:
    file = content.blob(db, digest[:32]) if digest else None
    if file is None:
        return None
    return logo("logo.svg" if b"<svg" in file.content[:4000] else "logo.png", file.content)
