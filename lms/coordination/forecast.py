"""Pure arithmetic of targets: how much is left, what it takes a day, and when it will be reached at today's pace."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PACE_DAYS = 14
FEWEST_DAYS = 7  # of less than a week nobody knows the weekend
FARTHEST = 3650  # days; what lies beyond is no forecast


class Outlook(StrEnum):
    """How a target stands."""

    EMPTY = "empty"  # nobody is registered
    REACHED = "reached"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"  # too few days to speak of a pace
    STANDING = "standing"  # nothing has moved in the days that count
    IN_TIME = "in-time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Aim:
    """A target in numbers: how many there are, how many of them are done or exempt, and what share shall be by when."""

    registered: int
    done: int
    exempt: int
    share: float
    due: date

    @property
    def not_done(self) -> int:
        """Who is registered, not done and not exempt."""
        return self.registered - self.done - self.exempt

    @property
    def goal(self) -> int:
        """How many have to be done or exempt."""
        return math.ceil(self.registered * self.share - 1e-9)

    @property
    def to_go(self) -> int:
        """How many are still missing to the goal."""
        return max(0, self.goal - self.done - self.exempt)

    @property
    def reached_share(self) -> float:
        """The share of the registered who are done or exempt, 0 to 1."""
        return (self.done + self.exempt) / self.registered if self.registered else 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of a target if the coming days are as the last ones were.

    `needed` and `pace` are numbers a day; `pace` is None where nobody can tell yet. `expected`, `earliest` and `latest`
    are days; `latest` is None if the slowest week would never get there. `late` is in days, 0 if in time.
    """

    outlook: Outlook
    to_go: int = 0
    days_left: int = 0
    needed: float = 0
    pace: float | None = None
    expected: date | None = None
    earliest: date | None = None
    latest: date | None = None
    late: int = 0


def forecast(aim: Aim, recent: Sequence[int], today: date) -> Forecast:
    """How a target stands today.

    `recent` says how many became done on each of the last days, today not included, oldest first: at most `PACE_DAYS`,
    fewer if it all began later. The range comes from the slowest and the fastest week among these days.
    """
    days_left = (aim.due - today).days
    if not aim.registered:
        return Forecast(Outlook.EMPTY, days_left=days_left)
    if not aim.to_go:
        return Forecast(Outlook.REACHED, days_left=days_left)
    needed = _rounded_up(aim.to_go / max(1, days_left))
    paces = _paces(recent[-PACE_DAYS:])
    if paces is None:
        outlook = Outlook.OVERDUE if days_left < 0 else Outlook.UNKNOWN
        return Forecast(outlook, aim.to_go, days_left, needed)
    slowest, pace, fastest = paces
    expected = _reached(aim.to_go, pace, today)
    if expected is None:
        outlook = Outlook.OVERDUE if days_left < 0 else Outlook.STANDING
        return Forecast(outlook, aim.to_go, days_left, needed, pace)
    late = max(0, (expected - aim.due).days)
    return Forecast(
        _outlook(days_left, late),
        aim.to_go,
        days_left,
        needed,
        pace,
        expected,
        _reached(aim.to_go, fastest, today),
        _reached(aim.to_go, slowest, today),
        late,
    )


def _rounded_up(pace: float) -> float:
    """A number a day that is surely enough; where it is small, to a tenth."""
    return math.ceil(pace - 1e-9) if pace >= 10 else math.ceil(pace * 10 - 1e-9) / 10


def _outlook(days_left: int, late: int) -> Outlook:
    if days_left < 0:
        return Outlook.OVERDUE
    return Outlook.LATE if late else Outlook.IN_TIME


def _paces(recent: Sequence[int]) -> tuple[float, float, float] | None:
    """The slowest week, all days and the fastest week, each as a number a day; None if it is too early to say."""
    if len(recent) < FEWEST_DAYS:
        return None
    weeks = [sum(recent[start : start + 7]) / 7 for start in range(len(recent) - 6)]
    mean = sum(recent) / len(recent)
    return min(*weeks, mean), mean, max(*weeks, mean)


def _reached(to_go: int, pace: float, today: date) -> date | None:
    if pace <= 0 or to_go / pace > FARTHEST:
        return None
    return today + timedelta(days=math.ceil(to_go / pace - 1e-9))


def last_days(by_day: dict[date, int], today: date, first: date | None) -> list[int]:
    """The numbers of the last days before today, oldest first; 0 for days without, nothing before the first day."""
    begin = today - timedelta(days=PACE_DAYS)
    if first is not None and first > begin:
        begin = first
    return [by_day.get(begin + timedelta(days=number), 0) for number in range(max(0, (today - begin).days))]
