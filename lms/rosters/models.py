"""Tables of imports, join codes, requests to join, and possible duplicates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

WAITS = text("decided_at IS NULL")


class ImportRun(Base):
    """One file on its way in. `client_id` is made by whoever uploads, so that sending it twice is one run.

    `kind` is units or people; `mapping` says which column is what; `position` counts the rows that are done, so that a
    run goes on where a killed worker left it. `unit_id` is the subtree that the run may touch; empty: everything.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))
    problem: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportBatch(Base):
    """What became of some rows of a run, written with what they changed.

    `first_row` counts in the order in which rows are taken: a file of units is taken from the top of the tree.
    `outcomes` lists row, outcome, code and reason of every row; `troubles` those that need a person, as in the file.
    """

    __tablename__ = "import_batch"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True, autoincrement=False)
    first_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcomes: Mapped[Any] = mapped_column(JSON)
    troubles: Mapped[Any] = mapped_column(JSON)
    trouble_count: Mapped[int] = mapped_column(default=0)


class MembershipOffer(Base):
    """A register lists somebody who has an account of their own, or belongs elsewhere: they say whether it is so."""

    __tablename__ = "membership_offer"
    __table_args__ = (UniqueConstraint("person_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    since: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]


class PossibleDuplicate(Base):
    """Two people who may be one: why we think so, and what somebody decided. `person_id` is the lower id."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (UniqueConstraint("person_id", "other_id"), Index("ix_possible_duplicate_decided", "decision"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    decided_at: Mapped[datetime | None]


class JoinCode(Base):
    """A code, link and QR with which people ask to become members of a unit. It shows no names and can be ended."""

    __tablename__ = "join_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class JoinRequest(Base):
    """Somebody asks to become a member of a unit; a coordinator decides. One request for each unit waits."""

    __tablename__ = "join_request"
    __table_args__ = (
        Index("ix_join_request_unit", "unit_id", "decided_at"),
        Index(
            "ix_join_request_waiting",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code_id: Mapped[int] = mapped_column(ForeignKey("join_code.id"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    is_accepted: Mapped[bool | None]
