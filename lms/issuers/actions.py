"""Changes of issuers: new keys, other names, logos. What was issued before stays as it was issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.db import insert_once
from lms.issuers import keyring, pictures, signing
from lms.issuers.models import FormerName, Issuer, IssuerKey, Logo
from lms.issuers.queries import public_key

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.issuers.signing import PublicKey


class NoSuchIssuer(LookupError):
    """There is no issuer with this slug."""


class NoSuchKey(LookupError):
    """There is no key with this name."""


class NameTaken(ValueError):
    """Another issuer has this name, or had it, or its slug cannot be told from this one's."""


@dataclass(frozen=True, slots=True)
class About:
    """What an operator may say of an issuer."""

    name: str
    url: str = ""
    email: str = ""
    country: str = ""
    colour: str = ""
    co_issuers: tuple[str, ...] = ()


def add(db: Session, settings: Settings, about: About) -> str:
    """Add an issuer with keys of its own; its slug. Raises `NameTaken`, `NoKey`."""
    slug = keyring.slug_of(about.name)
    if not slug or _is_known(db, about.name, 0) or db.scalar(select(Issuer.id).where(Issuer.slug == slug)):
        raise NameTaken(about.name)
    moment = now()
    db.add(Issuer(slug=slug, name=about.name, since=moment.date(), created_at=moment))
    db.flush()
    change(db, slug, about)
    keyring.ensure_keys(db, settings)
    return slug


def change(db: Session, slug: str, about: About) -> None:
    """Change what is known of an issuer. A former name is kept with its dates. Raises `NoSuchIssuer`, `NameTaken`."""
    row = _issuer(db, slug)
    if about.name != row.name:
        if _is_known(db, about.name, row.id):
            raise NameTaken(about.name)
        today = now().date()
        db.add(FormerName(issuer_id=row.id, name=row.name, since=row.since, until=today))
        row.name, row.since = about.name, today
    row.url, row.email, row.country, row.colour = about.url, about.email, about.country, about.colour
    row.co_issuers = list(about.co_issuers)
    db.flush()


def set_logo(db: Session, slug: str, content: bytes) -> None:
    """Give an issuer a logo; empty: none any more. Raises `NoSuchIssuer`, `pictures.BadLogo`."""
    row = _issuer(db, slug)
    if not content:
        row.logo = ""
        return
    made = pictures.logo(content)
    insert_once(db, Logo, {"digest": made.digest, "media_type": made.media_type, "data": made.data})
    row.logo = made.digest


def rotate(
    db: Session,
    settings: Settings,
    slug: str,
    kind: signing.Kind,
    *,
    broken: str = "",
    since: datetime | None = None,
) -> PublicKey:
    """Make a new key of a kind, and retire the one in use; what that one signed goes on counting.

    `broken` says why the old key cannot be trusted any more: nothing that it signed since a moment, or from now on,
    counts. Raises `NoSuchIssuer`, `NoKey`.
    """
    row = _issuer(db, slug)
    words = keyring.passphrase(settings)
    moment = now()
    in_use = select(IssuerKey).where(
        IssuerKey.issuer_id == row.id,
        IssuerKey.kind == kind,
        IssuerKey.until.is_(None),
        IssuerKey.broken_at.is_(None),
    )
    for old in db.scalars(in_use).all():
        old.until = moment
        if broken:
            old.broken_at, old.broken_reason = since or moment, broken[:500]
    db.flush()
    made = keyring.new_key(row, kind, words)
    db.add(made)
    db.flush()
    return public_key(made, row.slug)


def give_up(db: Session, kid: str, *, why: str, since: datetime | None = None) -> None:
    """Note of a key that was retired before that somebody else may have it: see `rotate`. Raises `NoSuchKey`."""
    row = db.scalar(select(IssuerKey).where(IssuerKey.kid == kid).with_for_update())
    if row is None:
        raise NoSuchKey(kid)
    row.broken_at, row.broken_reason = since or now(), why[:500]
    db.flush()


def _issuer(db: Session, slug: str) -> Issuer:
    """An issuer whose keys nobody uses before this transaction ends; empty: the installation's own."""
    known = select(Issuer).where(Issuer.slug == slug) if slug else select(Issuer).order_by(Issuer.id).limit(1)
    row = db.scalar(known.with_for_update())
    if row is None:
        raise NoSuchIssuer(slug)
    return row


def _is_known(db: Session, name: str, besides: int) -> bool:
    """Whether another issuer is or was called so, in full or shortly: courses name their issuer by either."""
    is_called = select(Issuer.id).where((Issuer.name == name) | (Issuer.slug == name), Issuer.id != besides)
    was_called = select(FormerName.id).where(FormerName.name == name, FormerName.issuer_id != besides)
    return db.scalar(is_called.limit(1)) is not None or db.scalar(was_called.limit(1)) is not None
