"""Reads of issuers and of what everybody may know of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from lms.issuers import signing
from lms.issuers.models import FormerName, Issuer, IssuerKey, Logo
from lms.issuers.signing import PublicKey

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class OldName:
    """A name that an issuer bore, from a day until the day of the next one."""

    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """Who issues. `slug` is empty where no issuer is known yet. `logo` is a digest; see `logo`.

    `former` are earlier names, oldest first; `co_issuers` are names that are printed beside this one.
    """

    slug: str
    name: str
    since: date | None = None
    url: str = ""
    email: str = ""
    country: str = ""
    colour: str = ""
    logo: str = ""
    co_issuers: tuple[str, ...] = ()
    former: tuple[OldName, ...] = ()


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A picture: its media type (`image/png` or `image/svg+xml`) and its bytes."""

    media_type: str
    data: bytes


def default_issuer(db: Session) -> IssuerProfile | None:
    """The installation's own issuer; None until there is one."""
    row = db.scalar(select(Issuer).order_by(Issuer.id).limit(1))
    return _profile(db, row) if row else None


def issuer(db: Session, slug: str) -> IssuerProfile | None:
    """The issuer with this slug."""
    row = db.scalar(select(Issuer).where(Issuer.slug == slug))
    return _profile(db, row) if row else None


def issuers(db: Session) -> list[IssuerProfile]:
    """All issuers; the installation's own is first."""
    return [_profile(db, row) for row in db.scalars(select(Issuer).order_by(Issuer.id))]


def issuer_named(db: Session, words: str) -> IssuerProfile:
    """The issuer with this slug, name or former name; else the installation's own.

    Where there is none at all yet, a profile with an empty slug and these words as its name.
    """
    for found in (
        select(Issuer).where((Issuer.slug == words) | (Issuer.name == words)),
        select(Issuer).join(FormerName, FormerName.issuer_id == Issuer.id).where(FormerName.name == words),
        select(Issuer),
    ):
        row = db.scalar(found.order_by(Issuer.id).limit(1))
        if row is not None:
            return _profile(db, row)
    return IssuerProfile("", words)


def keys(db: Session, issuer: str = "") -> list[PublicKey]:
    """All keys that there ever were, oldest first; of one issuer, by its slug, or of all."""
    known = select(IssuerKey, Issuer.slug).join(Issuer, Issuer.id == IssuerKey.issuer_id)
    if issuer:
        known = known.where(Issuer.slug == issuer)
    return [public_key(row, slug) for row, slug in db.execute(known.order_by(IssuerKey.since, IssuerKey.id))]


def public_key(row: IssuerKey, slug: str) -> PublicKey:
    """What everybody may know of a key."""
    public = signing.opened(row.public)
    return PublicKey(
        row.kid,
        cast("signing.Kind", row.kind),
        slug,
        signing.jwk_of(public),
        signing.multikey_of(public),
        row.since,
        row.until,
        row.broken_at,
        row.broken_reason,
        row.public,
    )


def logo(db: Session, digest: str) -> LogoFile | None:
    """The picture with this digest, also one that no issuer uses any more."""
    row = db.get(Logo, digest) if digest else None
    return LogoFile(row.media_type, row.data) if row else None


def _profile(db: Session, row: Issuer) -> IssuerProfile:
    names = select(FormerName).where(FormerName.issuer_id == row.id).order_by(FormerName.id)
    return IssuerProfile(
        row.slug,
        row.name,
        row.since,
        row.url,
        row.email,
        row.country,
        row.colour,
        row.logo,
        tuple(row.co_issuers),
        tuple(OldName(old.name, old.since, old.until) for old in db.scalars(names)),
    )
