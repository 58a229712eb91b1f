"""Pure decisions about what looks odd in somebody's entries of a month."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

FAR = 3.5  # modified z-scores beyond this are outliers (Iglewicz & Hoaglin, 1993)
NORMAL = 0.6745  # the median absolute deviation of a standard normal distribution
# the least deviation in logarithms, a third more or less: where nearly all do the same, a little more is not odd
LEAST_DEVIATION = 0.3
FEWEST_PEERS = 30  # days of peers; with fewer nobody is compared
LEAST_RUN = 14  # of who does six in ten alike, fewer than one in a thousand runs are as long: 0.6 ** 14
LEAST_COPY = 3  # entries of a day that come again on another one
LEAST_REPEATS = 5  # of the very same entry on a day
LEAST_ROUND, ROUND_SHARE, ROUND_CHANCE = 6, 0.3, 0.005  # of numbers from 10, at most this share ends with 0 by itself
LEAST_LATE, LATE_SPAN = 12, 8  # entries noted on one day about days of more than a week
BEFORE, AFTER = 1, 3  # days around a deadline
MOST_MINUTES = 16 * 60  # of help on one day
QUIET_HOURS, QUIET_SHARE, FEWEST_HOURS = 5, 0.04, 200  # in a row, with so little of all entries, of so many
LEAST_NIGHT = 5


class Oddity(StrEnum):
    """Why entries look odd. The last two are of units, not of helpers."""

    COPIED = "copied"
    ROUND = "round"
    DEADLINE = "deadline"
    IMPOSSIBLE = "impossible"
    MANY = "many"
    PEOPLE = "people"
    SAME_MINUTES = "same-minutes"
    SAME_SERVICE = "same-service"
    NIGHT = "night"
    UNIT_MANY = "unit-many"
    UNIT_ROUND = "unit-round"


class State(StrEnum):
    """What became of something odd."""

    OPEN = "open"
    ASKED = "asked"
    PLAUSIBLE = "plausible"
    TAKEN_OUT = "taken-out"
    PUT_BACK = "put-back"  # taken out, and found to be right after all


class Result(StrEnum):
    """What calling back said about an entry."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not-confirmed"
    UNREACHABLE = "unreachable"


class Entry(NamedTuple):
    """Help of one helper. `noted` is a moment in UTC."""

    id: int
    given_on: date
    noted: datetime
    kind: str
    audience: str
    service: str
    people: int
    minutes: int | None
    channel: str

    @property
    def alike(self) -> tuple[object, ...]:
        """What two entries share that say the same of different days."""
        return self.kind, self.audience, self.service, self.people, self.minutes or 0, self.channel


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some counts in logarithms of 1 + count, and how far from it half of them lie at most."""

    median: float
    deviation: float

    def is_far_above(self, count: int) -> bool:
        """Whether a count is an outlier upwards."""
        return NORMAL * (math.log1p(count) - self.median) / max(self.deviation, LEAST_DEVIATION) > FAR


@dataclass(frozen=True, slots=True)
class Peers:
    """What others in the same tree of units noted in the same month. None: too few to compare with.

    `a_day` is of entries of one helper on one day; `at_once` of people in one entry of a kind; `quiet` are the hours
    (UTC) in which hardly anything is noted.
    """

    a_day: Spread | None = None
    at_once: Mapping[str, Spread] = field(default_factory=dict)
    quiet: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """To be kept, so that a page can say what was usual."""
        return {
            "a_day": asdict(self.a_day) if self.a_day else None,
            "at_once": {kind: asdict(each) for kind, each in self.at_once.items()},
            "quiet": sorted(self.quiet),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Peers:
        """What `as_json` made."""
        return cls(
            Spread(**kept["a_day"]) if kept["a_day"] else None,
            {kind: Spread(**each) for kind, each in kept["at_once"].items()},
            frozenset(kept["quiet"]),
        )


@dataclass(frozen=True, slots=True)
class Odd:
    """Entries that look odd for one reason."""

    reason: Oddity
    entries: tuple[Entry, ...]

    @property
    def days(self) -> int:
        """On how many days the help is said to have been given."""
        return len({each.given_on for each in self.entries})


Check: TypeAlias = Callable[[Sequence[Entry], Peers, Sequence[date]], Iterable[Entry]]


def spread(histogram: Mapping[int, int]) -> Spread | None:
    """Median and median absolute deviation of counts, of which each comes so often; None if they are too few."""
    if sum(histogram.values()) < FEWEST_PEERS:
        return None
    values = sorted((math.log1p(count), times) for count, times in histogram.items())
    median = _middle(values)
    return Spread(median, _middle(sorted((abs(value - median), times) for value, times in values)))


def _middle(values: Sequence[tuple[float, int]]) -> float:
    half, passed = sum(times for _value, times in values) / 2, 0
    for value, times in values:
        passed += times
        if passed >= half:
            return value
    raise ValueError("nothing has no middle")


def quiet_hours(histogram: Mapping[int, int]) -> frozenset[int]:
    """The hours in a row in which the fewest entries are noted, in whatever zone; empty if work never rests."""
    total = sum(histogram.values())
    if total < FEWEST_HOURS:
        return frozenset()
    starts = [[(hour + step) % 24 for step in range(QUIET_HOURS)] for hour in range(24)]
    fewest = min(starts, key=lambda hours: sum(histogram.get(hour, 0) for hour in hours))
    is_quiet = sum(histogram.get(hour, 0) for hour in fewest) <= QUIET_SHARE * total
    return frozenset(fewest) if is_quiet else frozenset()


def odd(entries: Sequence[Entry], peers: Peers, deadlines: Sequence[date]) -> list[Odd]:
    """What looks odd in one helper's entries of one month, each reason once, in the order of `Oddity`."""
    ordered = sorted(entries, key=lambda each: (each.given_on, each.noted, each.id))
    found = [Odd(reason, tuple(check(ordered, peers, deadlines))) for reason, check in CHECKS.items()]
    return [each for each in found if each.entries]


def _by_day(entries: Sequence[Entry]) -> list[list[Entry]]:
    return [list(group) for _day, group in groupby(entries, key=lambda each: each.given_on)]


def _copied(entries: Sequence[Entry], _peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    """Days that hold exactly what another day holds, and entries that come again and again on one day."""
    days = _by_day(entries)
    same: defaultdict[tuple[object, ...], list[list[Entry]]] = defaultdict(list)
    for day in days:
        same[tuple(sorted(each.alike for each in day))].append(day)
    for what, group in same.items():
        if len(group) > 1 and len(what) >= LEAST_COPY:
            for day in group:
                yield from day
        else:
            for day in group:
                times = Counter(each.alike for each in day)
                yield from (each for each in day if times[each.alike] >= LEAST_REPEATS)


def _round(entries: Sequence[Entry], _peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    many = [each for each in entries if each.people >= 10]
    found = [each for each in many if each.people % 10 == 0]
    return found if is_too_round(len(many), len(found)) else ()


def is_too_round(numbers: int, tens: int) -> bool:
    """Whether so many of some numbers from 10 end with 0 that chance hardly explains it (one-sided binomial test)."""
    if numbers < LEAST_ROUND:
        return False
    more = range(tens, numbers + 1)
    chance = sum(math.comb(numbers, each) * ROUND_SHARE**each * (1 - ROUND_SHARE) ** (numbers - each) for each in more)
    return chance < ROUND_CHANCE


def _deadline(entries: Sequence[Entry], _peers: Peers, deadlines: Sequence[date]) -> Iterable[Entry]:
    sittings: defaultdict[date, list[Entry]] = defaultdict(list)
    for each in entries:
        sittings[each.noted.date()].append(each)
    for day, found in sittings.items():
        is_near = any(-BEFORE <= (day - deadline).days <= AFTER for deadline in deadlines)
        if is_near and len(found) >= LEAST_LATE and (found[-1].given_on - found[0].given_on).days >= LATE_SPAN:
            yield from found


def _impossible(entries: Sequence[Entry], _peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    for day in _by_day(entries):
        if sum(each.minutes or 0 for each in day) > MOST_MINUTES:
            yield from day


def _many(entries: Sequence[Entry], peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    for day in _by_day(entries):
        if peers.a_day is not None and peers.a_day.is_far_above(len(day)):
            yield from day


def _people(entries: Sequence[Entry], peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    for each in entries:
        usual = peers.at_once.get(each.kind)
        if usual is not None and usual.is_far_above(each.people):
            yield each


def _same_minutes(entries: Sequence[Entry], _peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    return _runs([each for each in entries if each.minutes is not None], lambda each: each.minutes)


def _same_service(entries: Sequence[Entry], _peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    return _runs(entries, lambda each: (each.service, each.audience))


def _runs(entries: Sequence[Entry], value: Callable[[Entry], object]) -> Iterable[Entry]:
    for _value, group in groupby(entries, key=value):
        run = list(group)
        if len(run) >= LEAST_RUN:
            yield from run


def _night(entries: Sequence[Entry], peers: Peers, _deadlines: Sequence[date]) -> Iterable[Entry]:
    found = [each for each in entries if each.noted.hour in peers.quiet]
    return found if len(found) >= LEAST_NIGHT else ()


CHECKS: Mapping[Oddity, Check] = {
    Oddity.COPIED: _copied,
    Oddity.ROUND: _round,
    Oddity.DEADLINE: _deadline,
    Oddity.IMPOSSIBLE: _impossible,
    Oddity.MANY: _many,
    Oddity.PEOPLE: _people,
    Oddity.SAME_MINUTES: _same_minutes,
    Oddity.SAME_SERVICE: _same_service,
    Oddity.NIGHT: _night,
}


def first_of_next(month: date) -> date:
    """The first day of the month after one."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def deadlines(month: date, periods: Iterable[date] = ()) -> list[date]:
    """The days around which a month's entries are noted in a hurry: its last one, and last days of `periods` in it."""
    return [first_of_next(month) - timedelta(days=1), *periods]
