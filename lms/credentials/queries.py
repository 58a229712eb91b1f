"""Reads of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, select

from lms.credentials import rules
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate
from lms.issuers import queries as issuers

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.issuers.queries import IssuerProfile


# Built once, and of columns: strangers ask for it all day.
_BY_CODE = select(*Certificate.__table__.columns).where(
    Certificate.code == bindparam("code"), Certificate.erased_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate as it is shown: what is printed, and what is true of it today.

    `version` is the id of the course version that it was earned under.
    """

    code: str
    actor: int | None
    unit: int | None
    basis: str
    facts: CertificateFacts
    state: rules.State
    issued_at: datetime
    valid_until: date | None
    revoked_at: datetime | None
    revoked_reason: str
    replaced_by: str
    superseded_at: datetime | None
    is_sealed: bool
    version: int


def certificate(db: Session, code: str, today: date) -> CertificatePage | None:
    """The certificate with this code; None also if what it said was erased."""
    row: Any = db.connection().execute(_BY_CODE, {"code": code}).one_or_none()
    return _page(db, row, today) if row else None


def is_erased(db: Session, code: str) -> bool:
    """Whether there was a certificate with this code, whose holder had it erased."""
    return erased_at(db, code) is not None


def erased_at(db: Session, code: str) -> datetime | None:
    """When the certificate with this code was erased; None if it was not, or there is none."""
    return db.scalar(select(Certificate.erased_at).where(Certificate.code == code))


def certificates(db: Session, actor: int, today: date) -> list[CertificatePage]:
    """Somebody's certificates, newest first."""
    held = select(Certificate).where(Certificate.actor_id == actor, Certificate.erased_at.is_(None))
    rows = db.scalars(held.order_by(Certificate.id.desc()))
    return [_page(db, row, today) for row in rows]


def facts_of(row: Certificate) -> CertificateFacts:
    """What is printed on a certificate that was not erased."""
    return msgspec.convert(row.facts, CertificateFacts)


def issuer_of(db: Session, facts: CertificateFacts) -> IssuerProfile:
    """Who signs a certificate. One that was issued before there was any issuer names it by its printed name alone."""
    return issuers.issuer_named(db, facts.issuer_id or facts.parties.issuer)


def has_ended(row: Certificate, today: date) -> bool:
    """Whether a certificate is not valid any more."""
    is_over = row.valid_until is not None and row.valid_until < today
    return is_over or any(each is not None for each in (row.revoked_at, row.superseded_by, row.erased_at))


def certificate_by_id(db: Session, certificate_id: int, today: date) -> CertificatePage | None:
    """The certificate with this row id."""
    row = db.get(Certificate, certificate_id)
    return _page(db, row, today) if row and row.erased_at is None else None


def of_completion(db: Session, key: str) -> str | None:
    """The code of the certificate that a completion earned."""
    return db.scalar(select(Certificate.code).where(Certificate.completion_key == key))


def may_renew(page: CertificatePage, today: date) -> bool:
    """Whether the holder may renew what a page shows."""
    return rules.may_renew(page.state, page.valid_until, today)


def row_by_code(db: Session, code: str) -> Certificate | None:
    """The row of the certificate with this code, unless it was erased."""
    return db.scalar(select(Certificate).where(Certificate.code == code, Certificate.erased_at.is_(None)))


def standing_for(db: Session, certificate_id: int) -> Certificate | None:
    """What stands in the place of a certificate now, through corrections; None if that was withdrawn or renewed."""
    row = db.get(Certificate, certificate_id)
    while row is not None and row.superseded_by is not None:
        row = None if _is_renewed(db, row) else db.get_one(Certificate, row.superseded_by)
    return None if row is None or row.revoked_at or row.erased_at else row


def before_corrections(db: Session, row: Certificate) -> list[int]:
    """The ids of a certificate and of those in whose place it came by corrections."""
    found, known = [row], [row.id]
    while found:
        older = db.scalars(select(Certificate).where(Certificate.superseded_by == found.pop().id)).all()
        found = [each for each in older if not _is_renewed(db, each)]
        known += [each.id for each in found]
    return known


def _is_renewed(db: Session, row: Certificate) -> bool:
    return db.get_one(Certificate, row.superseded_by).completion_key == renewal_key(row.id)


def renewal_key(certificate_id: int) -> str:
    """What names the renewal of a certificate: each is renewed once."""
    return f"renewal/{certificate_id}"


def renewable(db: Session, actor: int, course: str, today: date) -> Certificate | None:
    """Somebody's certificate of a course that may be renewed today."""
    held = select(Certificate).where(
        Certificate.actor_id == actor,
        Certificate.course_id == course,
        Certificate.superseded_by.is_(None),
        Certificate.revoked_at.is_(None),
        Certificate.erased_at.is_(None),
        Certificate.valid_until <= today + rules.RENEWABLE,
    )
    return db.scalars(held.order_by(Certificate.id.desc()).limit(1)).one_or_none()


def is_renewed_since(db: Session, actor: int, course: str, moment: datetime) -> bool:
    """Whether somebody renewed a certificate of a course after a moment."""
    found = select(Certificate.id).where(
        Certificate.actor_id == actor,
        Certificate.course_id == course,
        Certificate.completion_key.startswith("renewal/"),
        Certificate.issued_at > moment,
        Certificate.revoked_at.is_(None),
    )
    return db.scalar(found.limit(1)) is not None


def _page(db: Session, row: Certificate, today: date) -> CertificatePage:
    newer = db.get(Certificate, row.superseded_by) if row.superseded_by else None
    return CertificatePage(
        row.code,
        row.actor_id,
        row.unit_id,
        row.basis,
        facts_of(row),
        rules.state(
            valid_until=row.valid_until,
            is_revoked=row.revoked_at is not None,
            is_superseded=row.superseded_by is not None,
            today=today,
        ),
        row.issued_at,
        row.valid_until,
        row.revoked_at,
        row.revoked_reason,
        newer.code if newer else "",
        row.superseded_at,
        row.sealed_at is not None,
        row.version_id,
    )
