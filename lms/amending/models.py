"""Tables of what becomes of certificates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

WAITS = text("decided_at IS NULL")


class CertificateRequest(Base):
    """A request about a certificate, and what was decided.

    `kind` is `name` (print the name as the account has it now), `appeal` (take the withdrawal back) or `withdrawal`
    (decided by whoever makes it). `holder` and `holder_latin` are the name as asked for.
    """

    __tablename__ = "certificate_request"
    __table_args__ = (
        Index("ix_certificate_request_waiting", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index(
            "uq_certificate_request_one_waiting",
            "certificate_id",
            "kind",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    holder: Mapped[str] = mapped_column(String(200), default="")
    holder_latin: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    decided_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class ExpiryNotice(Base):
    """That the holder was written to so many days before a certificate ends."""

    __tablename__ = "expiry_notice"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
