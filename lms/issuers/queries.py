"""Reads of issuers and of what everybody may know of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from lms.issuers import signing
from lms.issuers.models import FormerName, Issuer, IssuerKey, Logo
from lms.issuers.signing import PublicKey

if TYPE_CHECKING:
    from collections.abc import Sequence
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

    def is_called(self, words: str) -> bool:
        """Whether these words are its slug, its name or a former name."""
        return words in (self.slug, self.name, *(old.name for old in self.former))


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A picture: its media type (`image/png` or `image/svg+xml`) and its bytes."""

    media_type: str
    data: bytes


def default_issuer(db: Session) -> IssuerProfile | None:
    """The installation's own issuer; None until there is one."""
    row = db.scalar(select(Issuer).order_by(Issuer.id).limit(1))
    return _one(db, row) if row else None


def issuer(db: Session, slug: str) -> IssuerProfile | None:
    """The issuer with this slug."""
    row = db.scalar(select(Issuer).where(Issuer.slug == slug))
    return _one(db, row) if row else None


def issuers(db: Session) -> list[IssuerProfile]:
    """All issuers; the installation's own is first."""
    names: dict[int, list[FormerName]] = {}
    for old in db.scalars(select(FormerName).order_by(FormerName.id)):
        names.setdefault(old.issuer_id, []).append(old)
    return [_profile(row, names.get(row.id, ())) for row in db.scalars(select(Issuer).order_by(Issuer.id))]


def issuer_named(db: Session, words: str) -> IssuerProfile:
    """The issuer with this slug or name, else with this former name, else the installation's own.

    Where there is none at all yet, a profile with an empty slug and these words as its name.
    """
    known = issuers(db)
    by_name = [each for each in known if words in (each.slug, each.name)]
    by_former = [each for each in known if each.is_called(words)]
    return (by_name or by_former or known or [IssuerProfile("", words)])[0]


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


def _one(db: Session, row: Issuer) -> IssuerProfile:
    names = select(FormerName).where(FormerName.issuer_id == row.id).order_by(FormerName.id)
    return _profile(row, db.scalars(names).all())


def _profile(row: Issuer, former: Sequence[FormerName]) -> IssuerProfile:
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
        tuple(OldName(old.name, old.since, old.until) for old in former),
    )
