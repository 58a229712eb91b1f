"""Tables of what looks odd, what was made of it, and of samples to call back. No citizen stands in any of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class HelpFinding(Base):
    """What looks odd in the entries of one helper in one unit and month, or (no helper) in the sums of a unit.

    `reasons` is a list of `{"reason", "entries", "days"}`; `entries` counts each entry once, `newest_id` is the
    newest of them: a newer one opens what was settled. `month` is its first day; `state` is one of `rules.State`.
    """

    __tablename__ = "help_finding"
    __table_args__ = (
        Index("ix_help_finding_state", "state", "entries", "id"),
        Index("ix_help_finding_helper", "helper_id", "month"),
        Index("ix_help_finding_unit", "unit_id", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[date] = mapped_column(Date)
    reasons: Mapped[list[Any]]
    entries: Mapped[int]
    people: Mapped[int]
    newest_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    found_at: Mapped[datetime]


class HelpFindingStep(Base):
    """What somebody (none: the worker) made of a finding: the state that it came to, the words, how many entries."""

    __tablename__ = "help_finding_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("help_finding.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    entries: Mapped[int]
    by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    at: Mapped[datetime]


class HelpPeers(Base):
    """What is usual in a tree of units in a month: `measures` is `rules.Peers` as JSON. Can be counted again."""

    __tablename__ = "help_peers"

    root_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    measures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]


class HelpLook(Base):
    """One row: up to which entry the worker has looked, and when it was through."""

    __tablename__ = "help_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    looked_at: Mapped[datetime | None]


class HelpSample(Base):
    """Entries drawn to call back. `seed`, `up_to` (the newest entry then) and `total` let others draw the same."""

    __tablename__ = "help_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    size: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int]
    up_to: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]


class HelpSampled(Base):
    """One entry of a sample, in the order drawn, and what calling back said (`rules.Result`; empty: nobody asked)."""

    __tablename__ = "help_sampled"

    sample_id: Mapped[int] = mapped_column(ForeignKey("help_sample.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("help_entry.id"))
    result: Mapped[str] = mapped_column(String(16))
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    noted_at: Mapped[datetime | None]
