"""Tables of help points. None of them holds anything about whoever was helped."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base


class HelpPoint(Base):
    """What the public reads of a unit where help is given. `state` is a value of `lms.finding.rules.State`.

    `phone` is the telephone of the place, not of a person. `stands_until` is the last day on which a certificate of the
    unit or of one of its people is valid, as last looked at on `looked_on`; empty: none is. `warned_on` is the day on
    which its coordinators were warned. `token` stands in the QR code of the poster that hangs there now.
    """

    __tablename__ = "help_point"
    __table_args__ = (
        Index("ix_help_point_shown", "state", "stands_until"),
        Index("ix_help_point_looked_on", "looked_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(200), default="")
    folded_place: Mapped[str] = mapped_column(String(800), default="")
    exceptions: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    stands_until: Mapped[date | None] = mapped_column(Date)
    looked_on: Mapped[date] = mapped_column(Date)
    warned_on: Mapped[date | None] = mapped_column(Date)
    token: Mapped[str] = mapped_column(String(32))
    token_since: Mapped[datetime]
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    edited_at: Mapped[datetime]


class HelpPointTag(Base):
    """One of the things that a point offers: `field` is `service`, `language`, `access` or `channel`."""

    __tablename__ = "help_point_tag"
    __table_args__ = (Index("ix_help_point_tag_value", "field", "value"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("help_point.id"), primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)


class HelpPointHours(Base):
    """When a point is open on a weekday (1 is Monday), in minutes since midnight. A day may have several rows."""

    __tablename__ = "help_point_hours"
    __table_args__ = (CheckConstraint("opens < closes", name="order"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("help_point.id"), primary_key=True, autoincrement=False)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closes: Mapped[int]


class HelperListing(Base):
    """What a certified helper lets the public see, each thing by a tick of its own. Revoked: there is no row.

    `languages` and `services` are lists of codes; `hours` and `contact` are words that the helper typed to be read.
    """

    __tablename__ = "helper_listing"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    shows_name: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_languages: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_services: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_hours: Mapped[bool] = mapped_column(default=False, server_default=false())
    shows_contact: Mapped[bool] = mapped_column(default=False, server_default=false())
    languages: Mapped[list[str]] = mapped_column(JSON)
    services: Mapped[list[str]] = mapped_column(JSON)
    hours: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]


class HelpSaid(Base):
    """One answer by the QR code. It knows the week (its Monday), not the day: nobody at the point can tell whose it is.

    `client_id` is made with the page, so that a tap sent twice is one answer.
    """

    __tablename__ = "help_said"
    __table_args__ = (Index("ix_help_said_point", "point_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("help_point.id"))
    week: Mapped[date] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(String(8))


class HelpSaidTally(Base):
    """The answers of a month that were given on paper. A month typed in again takes the place of before."""

    __tablename__ = "help_said_tally"
    __table_args__ = (
        UniqueConstraint("point_id", "month"),
        CheckConstraint("yes >= 0 AND partly >= 0 AND no >= 0", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("help_point.id"))
    month: Mapped[date] = mapped_column(Date)
    yes: Mapped[int]
    partly: Mapped[int]
    no: Mapped[int]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    entered_at: Mapped[datetime]


class FindName(Base):
    """A name of a unit in Latin letters, folded, where the name itself is in other letters. Made from the names."""

    __tablename__ = "find_name"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    folded_name: Mapped[str] = mapped_column(String(400), primary_key=True)
