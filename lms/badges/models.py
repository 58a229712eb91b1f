"""Tables of badges: what was signed, and the status lists beside it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Badge(Base):
    """A certificate as an Open Badge, signed once: `document` with a proof (JSON), `token` as a compact JWS.

    `block` and `place` say where the status lists of its issuer speak of it. `proof_kid` and `token_kid` name the keys.
    Both texts are empty once the certificate is erased; the place stays taken.
    """

    __tablename__ = "badge"
    __table_args__ = (Index("ix_badge_issuer_block", "issuer", "block"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, autoincrement=False)
    issuer: Mapped[str] = mapped_column(String(60))
    block: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    proof_kid: Mapped[str] = mapped_column(String(16), index=True)
    token_kid: Mapped[str] = mapped_column(String(16), index=True)
    signed_at: Mapped[datetime]


class StatusList(Base):
    """Which certificates of one block of an issuer are withdrawn, signed in both forms. Signed anew each day."""

    __tablename__ = "badge_status_list"

    issuer: Mapped[str] = mapped_column(String(60), primary_key=True)
    block: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
