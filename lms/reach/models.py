"""Tables of closed periods, and of who wants to stand on boards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class ClosedPeriod(Base):
    """What a period was closed with: the definitions that were in force, word by word.

    `definitions` are values as `closed_queries.as_words` writes them. `frozen_at` is when the worker had written the
    figures of all units; from then on they are read, never counted again.
    """

    __tablename__ = "closed_period"

    period_id: Mapped[int] = mapped_column(ForeignKey("help_period.id"), primary_key=True, autoincrement=False)
    definitions: Mapped[list[Any]] = mapped_column(JSON)
    frozen_at: Mapped[datetime | None]


class ClosedFigure(Base):
    """What a unit had in a month of a closed period, all units below it included, as it was known at the closing.

    `code` is a definition's, `*` for everybody who was helped, or `service/` and a service's code. Only units that had
    others below them have rows, and what is 0 has none. As other figures, these point nowhere: a unit may go.
    """

    __tablename__ = "closed_figure"

    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]
    apart: Mapped[int]
    tallied: Mapped[int]


class BoardConsent(Base):
    """Somebody wants to stand on boards with name and figures, from a moment until it is taken back."""

    __tablename__ = "board_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
