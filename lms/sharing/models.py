"""Tables of shared materials. None has room for a citizen's name, number or contact; texts are scanned for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

OFFERED = text("taken_off_at IS NULL")


class Material(Base):
    """A file or a link that somebody shares.

    `author` is who made it, `is_own` that it is who shares it; empty, the author was erased. `source` is where it
    comes from if somebody else made it. `licence` is one of `rules.LICENCES`; `is_allowed` says that the author agreed
    to what the licence of the source does not allow by itself. A file lies in the data folder under `file`, without
    the name that it had; a link stands in `address`. `digest` is the SHA-256 of the file's bytes as they are kept, or
    of the address. `words` are what searching compares. `unit_id` is where whoever shares it stood on that day.
    """

    __tablename__ = "material"
    __table_args__ = (
        Index("uq_material_digest", "digest", unique=True, sqlite_where=OFFERED, postgresql_where=OFFERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(1000))
    language: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(200))
    is_own: Mapped[bool]
    source: Mapped[str] = mapped_column(String(1000))
    licence: Mapped[str] = mapped_column(String(20))
    is_allowed: Mapped[bool]
    address: Mapped[str] = mapped_column(String(1000))
    file: Mapped[str] = mapped_column(String(36))
    ending: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    adapted_from_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    shared_by: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    shared_at: Mapped[datetime]
    taken_off_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    taken_off_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")


class MaterialService(Base):
    """A service of the helpers' lists that a material is about, by its code."""

    __tablename__ = "material_service"
    __table_args__ = (Index("ix_material_service_service", "service", "material_id"),)

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)


class MaterialReport(Base):
    """That somebody found something wrong with a material. Settled by whoever keeps the material or takes it off."""

    __tablename__ = "material_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), index=True)
    words: Mapped[str] = mapped_column(String(1000))
    reported_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
