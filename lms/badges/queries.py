"""Reads of badges, status lists and what stands behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.badges.credential import BadgeIssuer
from lms.badges.models import Badge, StatusList
from lms.badges.rules import Addresses
from lms.content import queries as content
from lms.content.models import CourseVersion
from lms.credentials import queries as certificates
from lms.credentials.certification import certification
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate
from lms.issuers import queries as issuers
from lms.issuers.models import IssuerKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.issuers.queries import IssuerProfile


AT_ONCE = 1000  # certificates that may be issued in one moment, their ids not in order


@dataclass(frozen=True, slots=True)
class BadgeFile:
    """A badge as it was signed, and the facts that its picture needs."""

    code: str
    document: str
    token: str
    facts: CertificateFacts
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A certificate that has no badge yet. `actor` is None for an organisation's."""

    id: int
    facts: CertificateFacts
    salt: str
    issued_at: datetime
    until: date | None
    actor: int | None


@dataclass(frozen=True, slots=True)
class ListFile:
    """A status list in both forms."""

    document: str
    token: str
    signed_at: datetime


def addresses(settings: Settings) -> Addresses:
    """Where this installation's things are found."""
    return Addresses(settings.url.rstrip("/"))


def badge(db: Session, code: str) -> BadgeFile | None:
    """The badge of a certificate; None also while it is not signed, and once it is erased."""
    found = db.execute(
        select(Badge.document, Badge.token, Badge.signed_at, Certificate.facts)
        .join(Certificate, Certificate.id == Badge.certificate_id)
        .where(Certificate.code == code, Certificate.erased_at.is_(None), Badge.document != "")
    ).one_or_none()
    if found is None:
        return None
    facts = msgspec.convert(found.facts, CertificateFacts)
    return BadgeFile(code, found.document, found.token, facts, found.signed_at)


def exists(db: Session, code: str) -> bool:
    """Whether there is a certificate with this code that nobody had erased."""
    known = select(Certificate.id).where(Certificate.code == code, Certificate.erased_at.is_(None))
    return db.scalar(known) is not None


def status_file(db: Session, issuer: str, block: int) -> ListFile | None:
    """A status list as it was signed last."""
    row = db.get(StatusList, (issuer, block))
    return ListFile(row.document, row.token, row.signed_at) if row else None


def by_broken_key(db: Session) -> bool:
    """Whether a broken key signed a badge that is still given out."""
    return db.scalar(by_broken_keys().limit(1)) is not None


def has_old_list(db: Session, moment: datetime) -> bool:
    """Whether a status list was signed before that moment, or before the newest key."""
    newest = select(func.max(IssuerKey.since)).scalar_subquery()
    old = select(StatusList.block).where(or_(StatusList.signed_at < moment, StatusList.signed_at < newest))
    return db.scalar(old.limit(1)) is not None


def by_broken_keys() -> Select[int]:
    """The badges that must be signed anew: with the key of one, somebody else may have signed."""
    broken = select(IssuerKey.kid).where(IssuerKey.broken_at.is_not(None))
    by_one = or_(Badge.proof_kid.in_(broken), Badge.token_kid.in_(broken))
    return select(Badge.certificate_id).where(by_one, Badge.document != "")


def unsigned(db: Session, most: int, *, is_whole: bool = False) -> list[Unsigned]:
    """The oldest certificates without a badge; of all, or of those that are about as new as the newest badge.

    Badges are signed in the order of the certificates' ids; those issued at the same moment come a little out of it.
    """
    newest = 0 if is_whole else db.scalar(select(func.max(Badge.certificate_id))) or 0
    wanted = _unsigned().where(Certificate.id > newest - AT_ONCE).limit(most)
    rows = db.scalars(select(Certificate).where(Certificate.id.in_(wanted)).order_by(Certificate.id)).all()
    return [
        Unsigned(
            row.id,
            msgspec.convert(row.facts, CertificateFacts),
            row.salt,
            row.issued_at,
            row.valid_until,
            row.actor_id,
        )
        for row in rows
    ]


def erased() -> Select[int]:
    """The badges that must be emptied: their certificates were erased."""
    return (
        select(Badge.certificate_id)
        .join(Certificate, Certificate.id == Badge.certificate_id)
        .where(Certificate.erased_at.is_not(None), Badge.document != "")
    )


def blocks(db: Session) -> Sequence[tuple[str, int]]:
    """Which status lists there must be: an issuer and a block of certificates for each."""
    found = db.execute(select(Badge.issuer, Badge.block).distinct().order_by(Badge.issuer, Badge.block))
    return [(row.issuer, row.block) for row in found]


def newest_block(db: Session) -> Sequence[tuple[str, int]]:
    """The status lists of the newest badges, which may be the first of their block."""
    newest = select(Badge.issuer, Badge.block).order_by(Badge.certificate_id.desc()).limit(AT_ONCE).subquery()
    found = db.execute(select(newest.c.issuer, newest.c.block).distinct())
    return [(row.issuer, row.block) for row in found]


def withdrawn(db: Session, issuer: str, block: int) -> list[int]:
    """The places in a block that are set: of certificates that were withdrawn, or replaced by a correction.

    A certificate that was renewed stays true until its own end; its place is not set.
    """
    newer = aliased(Certificate)
    gone: ColumnElement[bool] = or_(Certificate.revoked_at.is_not(None), newer.completion_key.startswith("correction/"))
    found = (
        select(Badge.place)
        .join(Certificate, Certificate.id == Badge.certificate_id)
        .join(newer, newer.id == Certificate.superseded_by, isouter=True)
        .where(and_(Badge.issuer == issuer, Badge.block == block, gone))
        .order_by(Badge.place)
    )
    return list(db.scalars(found))


def issuer_of(db: Session, facts: CertificateFacts, settings: Settings) -> BadgeIssuer:
    """Who issued a certificate, under the name that was printed on it."""
    shown = badge_issuer(db, certificates.issuer_of(db, facts), settings)
    return replace(shown, name=facts.parties.issuer) if facts.parties.issuer else shown


def badge_issuer(db: Session, profile: IssuerProfile, settings: Settings) -> BadgeIssuer:
    """An issuer as badges name it."""
    where = addresses(settings)
    first = issuers.default_issuer(db)
    is_first = first is None or first.slug == profile.slug
    return BadgeIssuer(
        profile.slug,
        where.issuer(profile.slug, is_first=is_first),
        profile.name or settings.site_name,
        profile.url or where.base,
        profile.email,
        f"{where.profile(profile.slug)}/logo" if profile.logo else "",
    )


def achieved(db: Session, course: str, version: str, language: str, kind: str) -> CertificateFacts | None:
    """What everybody's certificate of a course version says, in a language; empty: the course's own."""
    found = select(CourseVersion.id).where(CourseVersion.course_id == course)
    if version not in {"", "-"}:
        found = found.where(CourseVersion.digest.startswith(version, autoescape=True))
    known = db.scalar(found.order_by(CourseVersion.id.desc()).limit(1))
    certified = certification(db, content.version(db, known)) if known is not None else None
    if certified is None:
        return None
    language = language or certified.course.language
    is_organisation = kind == "organisation"
    if language not in certified.course.pages or (is_organisation and certified.rules.organisations is None):
        return None
    facts = certified.of_organisation(language) if is_organisation else certified.of_person(language)
    return replace(facts, version=version or facts.version)


def _unsigned() -> Select[int]:
    return (
        select(Certificate.id)
        .join(Badge, Badge.certificate_id == Certificate.id, isouter=True)
        .where(Badge.certificate_id.is_(None), Certificate.erased_at.is_(None))
        .order_by(Certificate.id)
    )
