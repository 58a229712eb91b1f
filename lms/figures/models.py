"""Tables of standings and figures: everything in them can be counted again from the facts.

They have no foreign keys: a whole count writes a million rows, and what points nowhere the next one takes away.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

ANY = "*"  # in place of a course: any of the courses; of persons, each counted once
NONE = ""  # in place of a course: the register alone


class Standing(Base):
    """Where a person stands in a course. No row: not started.

    `state` is one of `rules.State`; `since` is the day on which it began; `begun_on` the day of the first beginning,
    except for who is exempt; `valid_until` a certificate's last day; `is_recognised` says that somebody is certified by
    prior learning alone.
    """

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_course_state", "course_id", "state", "valid_until"),)

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[date] = mapped_column(Date)
    begun_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    is_recognised: Mapped[bool] = mapped_column(default=False, server_default=false())


class Counted(Base):
    """In which units a person is counted now: the paths of their memberships, separated by spaces."""

    __tablename__ = "counted"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paths: Mapped[str] = mapped_column(Text)


class UnitFigure(Base):
    """How many different people of a unit, and of all units below it, stand where in a course.

    With course `NONE`, `people` is the register: everybody who is a member today; with a course it stays 0. With `ANY`,
    a person is counted once, in the best state that they have in any course. `recognised` are those of the certified
    who are so by prior learning alone. Where all is 0 there is no row.
    """

    __tablename__ = "unit_figure"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    people: Mapped[int] = mapped_column(default=0)
    under_way: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    certified: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)
    recognised: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class UnitTally(Base):
    """How many units of a kind there are below a unit, and of how many of them one, half or all members are certified.

    `units` counts all that are open, `staffed` those with a member, `started` those where somebody has begun. With
    course `NONE`, only `units` and `staffed` count. Exempt members count as done for `half` and `whole`.
    """

    __tablename__ = "unit_tally"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    units: Mapped[int] = mapped_column(default=0)
    staffed: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    one: Mapped[int] = mapped_column(default=0)
    half: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)


class UnitDay(Base):
    """How many of those who are certified today (or have begun) became so on a day. Only of the upper levels.

    The units in the three upper levels of a tree have rows; below, the days are counted when somebody asks.
    """

    __tablename__ = "unit_day"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    begun: Mapped[int] = mapped_column(default=0)
    certified: Mapped[int] = mapped_column(default=0)


class Count(Base):
    """One row: when the figures were counted, as a whole and for those who changed, and who is counting now.

    Whoever counts holds a lease (`taken_by`, `taken_until`), so that two never add the same change. `is_partial` says
    that a whole count was cut off between its transactions: only another whole one mends that. `day` is the day for
    which was counted; `courses` and `units` are digests of what the figures rest on, to see when it changes.
    """

    __tablename__ = "count"

    id: Mapped[int] = mapped_column(primary_key=True)
    whole_at: Mapped[datetime | None]
    changes_at: Mapped[datetime | None]
    differences: Mapped[int] = mapped_column(default=0)
    day: Mapped[date | None] = mapped_column(Date)
    courses: Mapped[str] = mapped_column(String(64), default="")
    units: Mapped[str] = mapped_column(String(64), default="")
    is_partial: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[str] = mapped_column(String(40), default="")
    taken_until: Mapped[datetime | None]
