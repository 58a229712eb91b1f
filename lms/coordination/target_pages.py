"""What pages show of targets, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from lms.coordination.forecast import FEWEST_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lms.coordination.forecast import Aim, Forecast
    from lms.paging import Page
    from lms.people.models import Unit

PERSON = "person"  # what a target counts, unless it counts units of a kind


@dataclass(frozen=True, slots=True)
class Watched:
    """Since when somebody notes how many units are done, and how many more are since then."""

    since: date
    gained: int

    @property
    def tells_on(self) -> date:
        """The first day on which a whole week was watched."""
        return self.since + timedelta(days=FEWEST_DAYS)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target, how far it has come, and what becomes of it. `counts` is `PERSON` or a kind of unit.

    `watched` is for targets that count units: nothing but a note of each day says how far those were.
    """

    id: int
    unit: Unit
    course: str
    counts: str
    rule: str
    share: float
    due: date
    made: datetime
    aim: Aim
    forecast: Forecast
    watched: Watched | None

    @property
    def is_of_people(self) -> bool:
        """Whether people are counted, not units."""
        return self.counts == PERSON


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """The targets of a scope or of one unit, the soonest first; `ending` are those that the reader may end."""

    unit: Unit | None
    rows: Sequence[TargetRow]
    page: Page
    ending: frozenset[int]
    counted: datetime | None


@dataclass(frozen=True, slots=True)
class NewTargetPage:
    """Where a new target is made: the unit, its members, and the kinds of unit below it that could be counted."""

    unit: Unit
    registered: int
    kinds: Sequence[str]
