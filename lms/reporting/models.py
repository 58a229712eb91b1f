"""The table of report files that the worker makes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class ReportFile(Base):
    """A file that the worker makes or has made. `id` is made by the client; the bytes lie in the data folder."""

    __tablename__ = "report_file"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    report: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    as_of: Mapped[date] = mapped_column(Date)
    arguments: Mapped[dict[str, Any]]
    format: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
