"""Help that made-up helpers gave, and some that they invented: a stream of entries, the same for the same seed.

Whoever helps does so at a rate of their own, more on weekdays, with services, minutes and ways that they prefer; some
note a whole week on its last evening. About one in ten entries never happened: `invented` plants them.
"""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from lms.demo import invented
from lms.helping.catalogue import AUDIENCES, SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INVENTED = 0.1  # of all entries
ACTIVE = 0.7  # of those certified
WEEK = (1.0, 1.0, 0.95, 1.0, 0.9, 0.25, 0.08)  # how much is done on each day, from Monday
TOLD = 0.75  # of entries say how long it took
FAVOURITE = (0.15, 0.5)  # how much of somebody's help is with one service
LATE = 0.12  # of people note a week on its last evening
ANY_HOUR = 0.01  # of entries are noted at any hour
HABIT = 0.01  # of people write the same minutes nearly always


_T = TypeVar("_T")


class Weighted(Generic[_T]):
    """Values to pick from, each with a weight."""

    def __init__(self, values: Sequence[_T], weights: Sequence[int]) -> None:
        self.values, self.sums = list(values), list(accumulate(weights))

    def pick(self, draw: Random) -> _T:
        """One of them."""
        return self.values[bisect(self.sums, draw.random() * self.sums[-1])]


KINDS = Weighted(("consultation", "visit", "training"), (76, 14, 10))
CHANNELS = Weighted(("in-person", "phone", "messenger"), (66, 20, 14))
OUTCOMES = Weighted(("solved", "passed-on", "not-solved"), (78, 13, 9))
MINUTES = Weighted((5, 10, 15, 20, 25, 30, 40, 45, 60), (8, 20, 24, 16, 5, 15, 4, 6, 2))
TRAINING_MINUTES = Weighted((45, 60, 90, 120), (2, 4, 6, 4))
AUDIENCE = Weighted([each.code for each in AUDIENCES], (82, 7, 5, 6))
SERVICE = Weighted([each.code for each in SERVICES], (18, 16, 15, 12, 10, 9, 4, 11, 5))


class Helper(NamedTuple):
    """Who may help, where, and from which day on."""

    person: int
    unit: int
    since: date


class Entry(NamedTuple):
    """Help as it is noted: all but who and where. `noted` is a local moment."""

    given_on: date
    noted: datetime
    kind: str
    audience: str
    service: str
    people: int
    minutes: int | None
    channel: str
    outcome: str


class Made(NamedTuple):
    """An entry, whose it is, and whether it never happened."""

    helper: Helper
    entry: Entry
    is_invented: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which help was given, the first and the last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Ways:
    """How one person helps."""

    chance: Random
    favourite: str
    share: float
    is_late: bool
    habit: int | None

    def entry(self, day: date) -> Entry:
        """Something that somebody did on a day."""
        draw = self.chance
        kind, minutes = KINDS.pick(draw), MINUTES.pick(draw)
        people = 1 + (draw.random() < 0.12) + (draw.random() < 0.03)
        if kind == "training":
            people, minutes = max(3, round(draw.lognormvariate(math.log(11), 0.45))), TRAINING_MINUTES.pick(draw)
        if self.habit and draw.random() < 0.85:
            minutes = self.habit
        return Entry(
            day,
            self._noted(day),
            kind,
            AUDIENCE.pick(draw),
            self.favourite if draw.random() < self.share else SERVICE.pick(draw),
            people,
            minutes if draw.random() < TOLD else None,
            "in-person" if kind != "consultation" else CHANNELS.pick(draw),
            OUTCOMES.pick(draw),
        )

    def _noted(self, day: date) -> datetime:
        """Mostly soon after; by some in the evening of the week's last day; seldom at any hour."""
        if self.chance.random() < ANY_HOUR:
            return at(day, int(self.chance.random() * 24 * 60))
        if self.is_late:
            return at(day + timedelta(days=6 - day.weekday()), 19 * 60 + int(self.chance.random() * 180))
        later = 0 if self.chance.random() < 0.85 else 1 + int(self.chance.expovariate(0.7))
        minute = 8 * 60 + int(self.chance.betavariate(2, 2) * 11 * 60) + (180 if self.chance.random() < 0.05 else 0)
        return at(day + timedelta(days=later), minute)


def at(day: date, minute: int) -> datetime:
    """A minute of a day."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def entries(helpers: Sequence[Helper], span: Span, amount: int, seed: str) -> Iterator[Made]:
    """About so many entries of these people, one person after the other; memory does not grow with the amount."""
    rates = [_rate(helper, span, seed) for helper in helpers]
    scale = amount * (1 - INVENTED) / (sum(rates) or 1)
    honest = false = owed = 0.0
    for helper, rate in zip(helpers, rates, strict=True):
        if not rate:
            continue
        draw = Random(f"{seed}/{helper.person}/help")  # noqa: S311 - a demonstration is the same each time
        owed += rate * scale
        number, owed = int(owed), owed - int(owed)
        plan = None
        if draw.random() < 0.5 and false < (honest + number) * INVENTED / (1 - INVENTED):
            plan = invented.block(draw, _open(helper, span), _ways(draw))
        taken = plan.days if plan else frozenset()
        for each in _honest(_ways(draw), draw, helper, span, number, taken):
            honest += 1
            yield Made(helper, each, is_invented=False)
        for each in plan.entries if plan else ():
            false += 1
            yield Made(helper, each, is_invented=True)


def _rate(helper: Helper, span: Span, seed: str) -> float:
    draw = Random(f"{seed}/{helper.person}/rate")  # noqa: S311 - as above
    days = _open(helper, span).days
    return draw.lognormvariate(0, 0.6) * days if days > 0 and draw.random() < ACTIVE else 0.0


def _open(helper: Helper, span: Span) -> Span:
    return Span(max(span.first, helper.since + timedelta(days=1)), span.last)


def _ways(draw: Random) -> Ways:
    habit = 15 if draw.random() < HABIT else None
    return Ways(draw, SERVICE.pick(draw), draw.uniform(*FAVOURITE), draw.random() < LATE, habit)


def _honest(
    ways: Ways, draw: Random, helper: Helper, span: Span, number: int, taken: frozenset[date]
) -> Iterator[Entry]:
    """So many entries on days that are not `taken`, more on weekdays, in the order of the days."""
    mine = _open(helper, span)
    days = [day for day in (mine.first + timedelta(days=place) for place in range(mine.days)) if day not in taken]
    if days:
        weights = [WEEK[day.weekday()] * (0.4 + 1.2 * draw.random()) for day in days]
        for day in sorted(draw.choices(days, weights, k=number)):
            yield ways.entry(day)
