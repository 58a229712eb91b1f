"""What the pages on help show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.reach.rules import TOTAL, Sum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from lms.helping.catalogue import Catalogue
    from lms.helping.models import HelpPeriod
    from lms.helping.rules import Definition
    from lms.people.models import Unit
    from lms.reach.rules import Period


@dataclass(frozen=True, slots=True)
class Row:
    """A unit and its figures by code of a definition, or `TOTAL`."""

    unit: Unit
    figures: Mapping[str, Sum]


@dataclass(frozen=True, slots=True)
class ClosedWith:
    """When a period was closed, and what the figures of the unit have changed by since then, by code."""

    closed_at: datetime
    corrections: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a unit in a period, with the definitions that they were counted by.

    `services` maps a service to the people who were helped with it.
    """

    definitions: Sequence[Definition]
    total: Mapping[str, Sum]
    rows: Sequence[Row]
    months: Mapping[date, Mapping[str, Sum]]
    services: Mapping[str, int]
    closed: ClosedWith | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there was no help at all, and none came since a closing."""
        later = self.closed is not None and any(self.closed.corrections.values())
        return not later and not any(any(each) for each in self.total.values())

    @property
    def apart(self) -> int:
        """How many people were helped without a certificate or mandate that covers it."""
        return self.total[TOTAL].apart

    @property
    def tallied(self) -> int:
        """How many of the people stand on monthly tallies."""
        return self.total[TOTAL].tallied


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The help of a unit. `sort` is by what the units below are sorted: a code, or empty for their names."""

    unit: Unit
    above: Sequence[Unit]
    period: Period
    shown: Shown
    lists: Catalogue
    choices: Sequence[HelpPeriod]
    counted_at: datetime | None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """From the register to the people helped. `begun` have begun a course, the certified among them.

    `active` helped in the last days, `helped` are the people whom they helped in the period.
    """

    registered: int = 0
    begun: int = 0
    certified: int = 0
    active: int = 0
    helped: int = 0


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A unit and its chain."""

    unit: Unit
    chain: Chain


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The chain of a unit, and of the units right below it. Who helped in the last `days` is active.

    `counted_at` is up to when people and certificates are counted; `definitions` say who is helped, counted up to
    `help_counted_at` or as the period was closed.
    """

    unit: Unit
    above: Sequence[Unit]
    period: Period
    days: int
    chain: Chain
    rows: Sequence[ChainRow]
    choices: Sequence[HelpPeriod]
    counted_at: datetime | None
    definitions: Sequence[Definition]
    closed_at: datetime | None
    help_counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper among the most active of a unit. `name` is empty where it is not the reader's to see."""

    rank: int
    name: str
    number: int
    entries: int


@dataclass(frozen=True, slots=True)
class Best:
    """The most active helpers of a unit; so many `more` have as much as the last one shown."""

    unit: Unit
    helpers: Sequence[Helper]
    more: int


@dataclass(frozen=True, slots=True)
class BestPage:
    """The most active of the units right below one, or of the unit itself if there are none.

    `is_too_much` says that there are so many entries that a unit below has to be chosen first.
    """

    unit: Unit
    above: Sequence[Unit]
    period: Period
    groups: Sequence[Best]
    below: Sequence[Unit]
    sees_names: bool
    is_too_much: bool
    choices: Sequence[HelpPeriod]


@dataclass(frozen=True, slots=True)
class StepRow:
    """People who are as many sessions away from those whom nobody trained.

    `active` is None where they are fewer than five, or where the whole would tell of as few.
    """

    people: int
    certified: int
    active: int | None


@dataclass(frozen=True, slots=True)
class TrainerRow:
    """A trainer: sessions that count, people trained there, how many of them are certified and active.

    `active` is None where fewer than five were trained: it would tell of single people. So it is of one trainer more
    where the whole without those shown would.
    """

    id: int
    name: str
    sessions: int
    people: int
    certified: int
    active: int | None


@dataclass(frozen=True, slots=True)
class GapKind:
    """Units of a kind below a unit, and how many of them have no valid helper today."""

    kind: str
    units: int
    without: int


@dataclass(frozen=True, slots=True)
class GapRow:
    """A unit without a valid helper: what stands above it, who belongs to it."""

    unit: Unit
    above: str
    registered: int
    begun: int
