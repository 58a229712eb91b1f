"""Private keys: made, kept encrypted, opened once in each process.

In the database lies PKCS #8 under a passphrase: the setting `key_passphrase`, else the file `keys.passphrase` in the
data folder. A demonstration makes that file; anywhere else nothing is signed until somebody has set a passphrase.
Neither key nor passphrase is ever logged, shown or put into a backup.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.folding import fold
from lms.issuers import signing
from lms.issuers.models import Issuer, IssuerKey
from lms.issuers.queries import public_key
from lms.issuers.signing import Signer

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings

FILE = "keys.passphrase"
FIRST_KINDS: tuple[signing.Kind, ...] = ("ed25519", "p256")
MAKE_ONE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
_opened: dict[tuple[str, bytes], signing.Private] = {}


class NoKey(Exception):
    """Nothing can be signed; the message says why and what to do."""


def signer(
    db: Session, settings: Settings, issuer: str = "", kind: signing.Kind = "ed25519", *, hold: bool = False
) -> Signer:
    """Who signs for an issuer (a slug; empty: the installation's own). Raises `NoKey`.

    With `hold`, its keys are not changed before this transaction ends.
    """
    owner = select(Issuer).where(Issuer.slug == issuer) if issuer else select(Issuer).order_by(Issuer.id).limit(1)
    row = db.scalar(owner.with_for_update(read=True) if hold else owner)
    if row is None:
        missing = f"There is no issuer {issuer!r}." if issuer else "There is no issuer yet."
        raise NoKey(f"{missing} `lms serve` and `lms keys rotate` make the keys of issuers that have none.")
    in_use = select(IssuerKey).where(
        IssuerKey.issuer_id == row.id,
        IssuerKey.kind == kind,
        IssuerKey.until.is_(None),
        IssuerKey.broken_at.is_(None),
    )
    key = db.scalar(in_use)
    if key is None:
        raise NoKey(f"{row.name} has no key of the kind {kind}. Make one: lms keys rotate --kind {kind}")
    return Signer(public_key(key, row.slug), _private(key, passphrase(settings)))


def needs_keys(db: Session) -> bool:
    """Whether there is no issuer yet, or one that never had any keys."""
    rows = db.scalars(select(Issuer).order_by(Issuer.id)).all()
    return not rows or any(_missing(db, row) for row in rows)


def ensure_keys(db: Session, settings: Settings) -> None:
    """See to it that there is an issuer, and that each has keys that can be opened. Raises `NoKey`.

    The first issuer is named as the site. For starts of the program; no request calls it.
    """
    make_missing(db, settings)
    check_keys(db, settings)


def make_missing(db: Session, settings: Settings) -> None:
    """Make the first issuer and its keys, where there are none. Raises `NoKey` without a passphrase."""
    words = passphrase(settings)
    if not db.scalar(select(exists().where(Issuer.id.is_not(None)))):
        _first_issuer(db, settings)
    for row in db.scalars(select(Issuer).order_by(Issuer.id)).all():
        for kind in _missing(db, row):
            _once(db, new_key(row, kind, words))


def _missing(db: Session, row: Issuer) -> list[signing.Kind]:
    had = set(db.scalars(select(IssuerKey.kind).where(IssuerKey.issuer_id == row.id)))
    return [kind for kind in FIRST_KINDS if kind not in had]


def check_keys(db: Session, settings: Settings) -> None:
    """Open each key that is in use. Raises `NoKey` for the first one that does not open."""
    words = passphrase(settings)
    in_use = select(IssuerKey).where(IssuerKey.until.is_(None), IssuerKey.broken_at.is_(None))
    for key in db.scalars(in_use.order_by(IssuerKey.id)):
        _private(key, words)


def new_key(issuer: Issuer, kind: signing.Kind, words: bytes) -> IssuerKey:
    """A fresh pair of keys, encrypted, not yet in the database."""
    private = signing.new_private(kind)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(words))
    public = private.public_key()
    return IssuerKey(
        kid=signing.kid_of(public),
        issuer_id=issuer.id,
        kind=kind,
        public=signing.spki(public),
        private=pem.decode(),
        since=now(),
    )


def passphrase(settings: Settings) -> bytes:
    """What opens the private keys. Raises `NoKey` where none is set and this is no demonstration."""
    if settings.key_passphrase:
        return settings.key_passphrase.encode()
    path = settings.home / FILE
    if settings.demo:
        _make_file(path)
    if not path.is_file():
        raise NoKey(
            f"LMS_KEY_PASSPHRASE is not set, and there is no file {path}: without it certificates cannot be signed. "
            f"{MAKE_ONE}. Keep it apart from the backups, and do not lose it."
        )
    words = path.read_text(encoding="utf-8").strip()
    if not words:
        raise NoKey(f"The file {path} is empty. {MAKE_ONE}")
    return words.encode()


def _make_file(path: Path) -> None:
    """Write a passphrase that only its owner may read; of two processes the first one decides."""
    if path.exists():
        return
    partial = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        os.link(partial, path)
    partial.unlink()


def _private(key: IssuerKey, words: bytes) -> signing.Private:
    name = (key.kid, hashlib.sha256(words).digest())
    if name not in _opened:
        try:
            private = load_pem_private_key(key.private.encode(), words)
        except ValueError:
            raise NoKey(
                f"The key {key.kid} does not open with the passphrase in force. LMS_KEY_PASSPHRASE must be the one "
                "that was set when the key was made; if that is lost: lms keys rotate"
            ) from None
        _opened[name] = cast("signing.Private", private)
    return _opened[name]


def _first_issuer(db: Session, settings: Settings) -> None:
    slug = slug_of(settings.site_name) or "issuer"
    moment = now()
    _once(db, Issuer(slug=slug, name=settings.site_name, since=moment.date(), url=settings.url, created_at=moment))


def slug_of(name: str) -> str:
    """A name as it may stand in an address; empty if no letter of it can."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60]


def _once(db: Session, row: Issuer | IssuerKey) -> None:
    """Add a row, unless somebody else did in this moment."""
    with suppress(IntegrityError), db.begin_nested():
        db.add(row)
