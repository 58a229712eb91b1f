"""How far each person of a programme is, and since when: an s-curve, quiet weekends, some units behind the others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Literal, TypeAlias

from lms.demo.plan import Cell

Stage: TypeAlias = Literal["certified", "exempt", "failed", "under-way"]
MIDDLE, SPREAD = 0.49, 0.185  # of the curve: where half are done, and how steep it is, as shares of the time
ORDER = 0.35  # how much being ahead decides about the day; the rest is chance
SATURDAY = 5
TRIES_BEFORE = (0.83, 0.97)  # nobody fails before; or once; else twice


@dataclass(frozen=True, slots=True)
class Way:
    """One person in one course. `person` is their place in the plan; `day` is when the stage was reached.

    `share` is how much of the course was read, `tries` how many exams were failed, `enrolled` the first day.
    """

    person: int
    stage: Stage
    enrolled: date
    day: date
    share: float = 1.0
    tries: int = 0


def ways(cell: Cell, people: Sequence[int], scores: Sequence[float], chance: Random) -> Iterator[Way]:
    """What became of the people of a cell who have begun; `scores` say who is ahead of whom."""
    ahead = sorted(people, key=lambda person: scores[person] + _luck(chance), reverse=True)
    ends = [0]
    for share in (cell.certified, cell.exempt, cell.failed, cell.under_way):
        ends.append(min(len(ahead), ends[-1] + round(share * len(ahead))))
    done, excused, failed, begun = (ahead[a:b] for a, b in pairwise(ends))
    curve = Curve(cell.begins, cell.ends)
    for person, day in zip(_mixed(done, chance), curve.days(len(done), chance), strict=True):
        yield _certified(cell, person, day, chance)
    for person in excused:
        yield Way(person, "exempt", cell.begins, cell.begins + timedelta(days=3), share=0.0)
    for person in failed:
        yield _failed(cell, person, curve.someday(chance), chance)
    for person in begun:
        yield _under_way(cell, person, curve.someday(chance), chance)


def _luck(chance: Random) -> float:
    """Chance in log odds: with it, a strength of 0 is an even chance of being in the better half."""
    share = min(max(chance.random(), 1e-9), 1 - 1e-9)
    return math.log(share / (1 - share))


def _mixed(done: Sequence[int], chance: Random) -> list[int]:
    """Those who are ahead are rather done early, but not in order."""
    last = max(1, len(done) - 1)
    keys = [ORDER * place / last + (1 - ORDER) * chance.random() for place in range(len(done))]
    return [person for _, person in sorted(zip(keys, done, strict=True))]


def _certified(cell: Cell, person: int, day: date, chance: Random) -> Way:
    gap = min(int(chance.expovariate(1 / 9)), (day - cell.begins).days)
    luck = chance.random()
    tries = 0 if luck < TRIES_BEFORE[0] else 1 if luck < TRIES_BEFORE[1] else 2
    return Way(person, "certified", day - timedelta(days=gap), day, tries=min(tries, gap))


def _failed(cell: Cell, person: int, enrolled: date, chance: Random) -> Way:
    left = (cell.ends - enrolled).days
    gap = min(2 + int(chance.expovariate(1 / 6)), left)
    return Way(
        person, "failed", enrolled, enrolled + timedelta(days=gap), tries=min(1 + int(chance.random() * 3), 1 + gap)
    )


def _under_way(cell: Cell, person: int, enrolled: date, chance: Random) -> Way:
    gap = min(int(chance.expovariate(1 / 5)), (cell.ends - enrolled).days)
    return Way(person, "under-way", enrolled, enrolled + timedelta(days=gap), share=chance.random() * 0.9)


class Curve:
    """When things happen between two days (both included): slowly, then fast, then slowly; seldom at weekends."""

    def __init__(self, begins: date, ends: date) -> None:
        self.begins = begins
        self.length = (ends - begins).days + 1
        self.middle, self.spread = MIDDLE * self.length, max(SPREAD * self.length, 0.5)
        self.low, self.high = self._reached(0.0), self._reached(float(self.length))

    def _reached(self, day: float) -> float:
        return 1 / (1 + math.exp((self.middle - day) / self.spread))

    def day(self, share: float, chance: Random) -> date:
        """The day on which this share (0 to 1) of all is reached; what falls on a weekend mostly waits for Monday."""
        height = self.low + share * (self.high - self.low)
        place = self.middle + self.spread * math.log(height / (1 - height))
        place = min(max(int(place), 0), self.length - 1)
        day = self.begins + timedelta(days=place)
        weekday = day.weekday()
        if weekday >= SATURDAY and chance.random() < 0.7:
            later = min(7 - weekday, self.length - 1 - place)
            day += timedelta(days=later)
        return day

    def days(self, amount: int, chance: Random) -> Iterator[date]:
        """As many days as there are people to get there, in order but for weekends."""
        return (self.day((place + 0.5) / amount, chance) for place in range(amount))

    def someday(self, chance: Random) -> date:
        """A day on which somebody begins: as the curve, a little earlier."""
        return self.day(chance.random() * 0.9, chance)
