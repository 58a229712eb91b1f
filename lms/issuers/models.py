"""Tables of issuers: who they are, what they were called, how they sign."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

IN_USE = text("until IS NULL AND broken_at IS NULL")


class Issuer(Base):
    """Who stands behind certificates. The first one is the installation's own. `since` is when it took this name.

    `logo` is the digest of a picture in `issuer_logo`; empty: none. `co_issuers` are names that are printed beside.
    """

    __tablename__ = "issuer"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[date] = mapped_column(Date)
    url: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    colour: Mapped[str] = mapped_column(String(7), default="")
    logo: Mapped[str] = mapped_column(String(64), default="")
    co_issuers: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class FormerName(Base):
    """What an issuer was called, from a day until a day on which it took another name."""

    __tablename__ = "issuer_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)


class Logo(Base):
    """A picture by the SHA-256 of its bytes. None is ever deleted: papers issued with it go on showing it."""

    __tablename__ = "issuer_logo"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class IssuerKey(Base):
    """A pair of keys. `public` is SubjectPublicKeyInfo (DER), `private` PKCS #8 (PEM), encrypted.

    `until` ends what it signs; what it signed before goes on counting. From `broken_at` on somebody else may have
    signed with it: nothing signed from then on counts. One key of a kind is in use at a time.
    """

    __tablename__ = "issuer_key"
    __table_args__ = (
        UniqueConstraint("kid"),
        Index("ix_issuer_key_in_use", "issuer_id", "kind", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(16))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(12))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    broken_reason: Mapped[str] = mapped_column(String(500), default="")

    def __repr__(self) -> str:
        return f"<IssuerKey {self.kid} {self.kind}>"
