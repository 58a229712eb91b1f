"""Tables of certificates."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


def new_salt() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


UNSEALED, ENDS = text("sealed_at IS NULL"), text("valid_until IS NOT NULL")


class Certificate(Base):
    """A certificate of a person (`actor_id`) or an organisation (`unit_id`). `facts` is all printed, frozen at issue.

    `completion_key` names what earned it; a key earns one certificate, ever. `basis` says on what it rests:
    `completion`, `renewal`, `correction` or `prior-learning`. `salt` goes into every digest of the facts, so that a
    digest tells nothing once facts and salt are erased. `sealed_at` is empty while the sealer has to look at the row.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(actor_id IS NULL) <> (unit_id IS NULL)", name="one_holder"),
        Index("ix_certificate_unsealed", "id", sqlite_where=UNSEALED, postgresql_where=UNSEALED),
        Index("ix_certificate_valid_until", "valid_until", "id", sqlite_where=ENDS, postgresql_where=ENDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    completion_key: Mapped[str] = mapped_column(String(160), unique=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    basis: Mapped[str] = mapped_column(String(20), default="completion")
    facts: Mapped[dict[str, Any]]
    salt: Mapped[str] = mapped_column(String(32), default=new_salt)
    issued_at: Mapped[datetime]
    valid_until: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(500), default="")
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    superseded_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
