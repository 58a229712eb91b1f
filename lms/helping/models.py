"""Tables of help given. No column holds a citizen's name, number or contact; `note` is refused where it looks so."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

# entries that the figures do not show as they are: new ones, and those undone since
UNCOUNTED = text("is_counted = (undone_at IS NOT NULL)")


class HelpEntry(Base):
    """Help given once (a training, a consultation, a visit), or a unit's tally of a month. Never changed, only undone.

    `client_id` is made by the client, so that sending it twice is one entry. `helper_id` is who helped; a tally of a
    unit has none. `unit_id` is where the helper stood on that day, and stays so. `kind`, `channel`, `outcome` and
    `standing` are values of `lms.helping.rules`; `audience` and `service` are codes of the programme's lists. `people`
    counts citizens, `minutes` is the time that it took. `standing` says which mandate covered the help on its day.
    `is_counted` is whether the figures hold this entry now.
    """

    __tablename__ = "help_entry"
    __table_args__ = (
        CheckConstraint("people > 0", name="people"),
        Index("ix_help_entry_unit", "unit_id", "given_on"),
        Index("ix_help_entry_helper", "helper_id", "given_on"),
        Index("ix_help_entry_uncounted", "id", sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    given_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(12))
    audience: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(40))
    people: Mapped[int]
    minutes: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(String(140), default="")
    is_tally: Mapped[bool] = mapped_column(default=False, server_default=false())
    standing: Mapped[str] = mapped_column(String(12))
    logged_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    logged_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    undone_at: Mapped[datetime | None]
    is_counted: Mapped[bool] = mapped_column(default=False, server_default=false())


class HelpTaking(Base):
    """Somebody who answers for a unit took entries of a helper out, with a reason that the helper reads."""

    __tablename__ = "help_taking"
    __table_args__ = (Index("ix_help_taking_helper", "helper_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    at: Mapped[datetime]


class HelpTaken(Base):
    """An entry that was taken out. Put back, another entry (`again_id`) says the same from that moment on.

    So figures of the days between stay what they were. `noted_at` is when the help was noted first.
    """

    __tablename__ = "help_taken"

    entry_id: Mapped[int] = mapped_column(ForeignKey("help_entry.id"), primary_key=True, autoincrement=False)
    taking_id: Mapped[int] = mapped_column(ForeignKey("help_taking.id"), index=True)
    noted_at: Mapped[datetime]
    again_id: Mapped[int | None] = mapped_column(ForeignKey("help_entry.id"), unique=True)
    put_back_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    put_back_at: Mapped[datetime | None]


class HelpChoice(Base):
    """An audience or a service of a programme's own list; a tree of units without own ones has the built-in list.

    `unit_id` is the root of the tree; `field` is `audience` or `service`; `names` maps languages to names;
    `situation` is a life situation as courses name it (`life/health`).
    """

    __tablename__ = "help_choice"
    __table_args__ = (UniqueConstraint("unit_id", "field", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    field: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    situation: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)
    ended_on: Mapped[date | None] = mapped_column(Date)


class HelpDefinition(Base):
    """What a programme means by a word such as "consulted", from a day until a day. A version is never changed.

    `unit_id` is the root of the tree. `kinds` and `audiences` say which entries count (an empty list: all);
    `counts` is `people` or `entries`. `titles` and `texts` map languages to words.
    """

    __tablename__ = "help_definition"
    __table_args__ = (UniqueConstraint("unit_id", "code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    audiences: Mapped[list[str]] = mapped_column(JSON)
    counts: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    made_at: Mapped[datetime]


class HelpPeriod(Base):
    """A period that a programme reports on. Once closed its figures stay; what comes later is a correction."""

    __tablename__ = "help_period"
    __table_args__ = (UniqueConstraint("unit_id", "first_day", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))


class HelpFigure(Base):
    """What the entries of a unit and of all units below come to in a month, for units that have others below them.

    `month` is its first day; `is_apart` gathers what no valid certificate or mandate covered. A unit without others
    below has no rows: its entries are few, and are added up when asked. Where all is 0 there is no row. As the figures
    of standings, these have no foreign keys and can be counted again from the entries.
    """

    __tablename__ = "help_figure"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    audience: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_apart: Mapped[bool] = mapped_column(primary_key=True)
    is_tally: Mapped[bool] = mapped_column(primary_key=True)
    people: Mapped[int]
    entries: Mapped[int]


class HelpServiceFigure(Base):
    """The same by service: how many people were helped with what in a month."""

    __tablename__ = "help_service_figure"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    people: Mapped[int]
    entries: Mapped[int]


class HelperDay(Base):
    """The last day on which somebody logged help that stands: what "active" is counted from."""

    __tablename__ = "helper_day"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_on: Mapped[date] = mapped_column(Date, index=True)


class HelpersLast(Base):
    """How many of the people of a unit, and of the units below it, logged help on a day for the last time.

    As `UnitDay`, only of the three upper levels of a tree; below, it is counted when somebody asks.
    """

    __tablename__ = "helpers_last"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_on: Mapped[date] = mapped_column(Date, primary_key=True)
    helpers: Mapped[int]


class HelpCount(Base):
    """One row: when the entries were counted, as a whole and as far as new ones, and the shape of the trees then.

    `figures_at` is up to when it was known who is counted where as the last days were counted.
    """

    __tablename__ = "help_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    whole_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    units: Mapped[str] = mapped_column(String(64), default="")
    figures_at: Mapped[datetime | None]
