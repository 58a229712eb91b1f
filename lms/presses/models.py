"""Tables of print jobs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class PrintRun(Base):
    """A print job that somebody asked for, once for each `client_id`; the files lie in the data folder.

    What is asked stands in `rules.Wanted`; `as_of` is the day whose facts are printed, so that a file that is made
    again is the same. `forgotten_at` is when files and names were deleted.
    """

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    course_id: Mapped[str | None] = mapped_column(ForeignKey("course.id"))
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    design: Mapped[str] = mapped_column(String(20))
    year: Mapped[int | None]
    sheet_order: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    papers: Mapped[int]
    as_of: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]


class PrintFile(Base):
    """One file of a print job. `sheets` are its papers in their order, each as id, code, unit, name.

    Once it is made, `sheets` are those that were printed, `left_out` the others; `digest` is the SHA-256 of its bytes.
    """

    __tablename__ = "print_file"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"))
    number: Mapped[int]
    sheets: Mapped[list[Any]]
    left_out: Mapped[list[Any]]
    papers: Mapped[int]
    bytes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime | None]
