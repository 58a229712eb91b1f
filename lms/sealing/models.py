"""Tables of seals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Seal(Base):
    """One link of the chain. `seq` counts from 1 without gaps. Digests and hashes are SHA-256 in hexadecimal.

    `event` is what happened to the certificate: `issued`, `superseded`, `revoked`, `reinstated`, `erased` or `moved`.
    `digest` is that of what never changes of it, `state` that of where it stands; both salted. `previous` is the hash
    of the seal before, `hash` that of all of this, and `signature` is made of it by the key `kid`. `cose` is the
    payload for checks without a network, on the first seal of a certificate, until the certificate is erased.
    """

    __tablename__ = "seal"
    __table_args__ = (Index("ix_seal_certificate", "certificate_id", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    event: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    kid: Mapped[str] = mapped_column(String(16))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    cose: Mapped[bytes | None] = mapped_column(LargeBinary)


class Head(Base):
    """The end of the chain on a day, signed. Today's moves on with each batch; earlier ones stay as they are."""

    __tablename__ = "seal_head"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seq: Mapped[int]
    at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))
    kid: Mapped[str] = mapped_column(String(16))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
