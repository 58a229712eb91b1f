"""Tables of organisations' certificates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class Accreditation(Base):
    """How far an organisation is with one course's certificate of organisations, as last looked at.

    `helpers` of its people hold a valid certificate, `needed` are asked for. `falls_on` is the day from which there
    are too few if nobody renews. `number` counts the certificates that it has been given.
    """

    __tablename__ = "accreditation"
    __table_args__ = (UniqueConstraint("unit_id", "course_id"), Index("ix_accreditation_looked_on", "looked_on", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    number: Mapped[int] = mapped_column(default=0)
    helpers: Mapped[int]
    needed: Mapped[int]
    falls_on: Mapped[date | None] = mapped_column(Date)
    warned_on: Mapped[date | None] = mapped_column(Date)
    looked_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
