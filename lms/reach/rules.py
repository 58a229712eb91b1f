"""Pure decisions: which period is meant, what a group of entries comes to, how deep a cascade goes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from lms.reporting.months import last_day, read_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TOTAL = "*"  # in place of a definition's code: everybody who was helped, each entry once
SERVICE = "service/"  # before a service's code
FEWEST = 5  # trainees from which on it is said how many of them are still active
ACTIVE_DAYS = (30, 90)  # of which somebody who helped is called active


class Span(StrEnum):
    """Which months a figure is about."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    MONTHS = "months"  # from one month to another
    CLOSED = "closed"  # a period that was closed


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, by their first and last day. `id` is a closed period's, 0 for any other."""

    span: Span
    first: date
    last: date
    id: int = 0


class Sum(NamedTuple):
    """What something comes to; `apart` is not in `number`, `tallied` is a part of it."""

    number: int = 0
    apart: int = 0
    tallied: int = 0

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        return Sum(self.number + other.number, self.apart + other.apart, self.tallied + other.tallied)


def period_now(span: Span, today: date) -> Period:
    """This month, quarter or year."""
    if span is Span.MONTH:
        return Period(span, today.replace(day=1), last_day(today))
    if span is Span.QUARTER:
        begin = date(today.year, today.month - (today.month - 1) % 3, 1)
        return Period(span, begin, last_day(begin.replace(month=begin.month + 2)))
    return Period(Span.YEAR, date(today.year, 1, 1), date(today.year, 12, 31))


def months(since: str, until: str) -> Period | None:
    """From one month to another, as `2026-09`, both included; None where that is no period."""
    found = read_months(since, until)
    return None if found is None else Period(Span.MONTHS, found.first, found.last)


def overlapping(spans: Mapping[int, tuple[int, date, date]]) -> dict[int, list[int]]:
    """Which others share days with each of these (ids to a tree, a first and a last day), where any do."""
    found: dict[int, list[int]] = defaultdict(list)
    for (one, (tree, first, last)), (other, (of, since, until)) in permutations(spans.items(), 2):
        if tree == of and first <= until and since <= last:
            found[one].append(other)
    return dict(found)


class Alike(NamedTuple):
    """Some entries of one unit, the units' paths in order: as `roll_up` takes them. `month` is any day of it."""

    path: str
    month: date
    kind: str
    audience: str
    service: str
    is_apart: bool
    is_tally: bool
    people: int
    entries: int


def roll_up(rows: Iterable[tuple[Alike, Mapping[str, Sum]]]) -> Iterator[tuple[int, dict[tuple[date, str], Sum]]]:
    """For each unit with entries in it or below it: month and code -> what that comes to.

    Rows come in the order of their paths, so that a unit is given away as soon as the next path is not below it: only
    the units of one path are held at a time.
    """
    held: list[tuple[str, dict[tuple[date, str], Sum]]] = []
    for row, worth in rows:
        while held and not row.path.startswith(held[-1][0]):
            yield _given(held)
        _begin(held, row.path)
        month = row.month.replace(day=1)
        for _path, sums in held:
            for code, each in worth.items():
                sums[month, code] = sums.get((month, code), Sum()).plus(each)
    while held:
        yield _given(held)


def _given(held: list[tuple[str, dict[tuple[date, str], Sum]]]) -> tuple[int, dict[tuple[date, str], Sum]]:
    path, sums = held.pop()
    return int(path.rstrip("/").rpartition("/")[2]), sums


def _begin(held: list[tuple[str, dict[tuple[date, str], Sum]]], path: str) -> None:
    """Hold every unit of a path, the root first."""
    top = "/"
    for place, each in enumerate(path.strip("/").split("/")):
        top += f"{each}/"
        if place == len(held):
            held.append((top, {}))


class Edge(NamedTuple):
    """Somebody trained somebody, on a day for the first time."""

    trainer: int
    person: int
    day: date


def steps(edges: Iterable[Edge]) -> list[set[int]]:
    """People by how many sessions they are away from those whom nobody trained: these stand first.

    Each person stands once, at the nearest step. Whoever trained goes on from the day on which they were trained. If
    everybody was trained by somebody of them (two who trained each other), the earliest trainer stands first.
    """
    taught: defaultdict[int, list[Edge]] = defaultdict(list)
    trained: set[int] = set()
    known = sorted(edges, key=lambda edge: edge.day)
    for edge in known:
        taught[edge.trainer].append(edge)
        trained.add(edge.person)
    first = {trainer: date.min for trainer in taught if trainer not in trained}
    if not first and known:
        first = {known[0].trainer: date.min}
    found, step, seen = [], first, set(first)
    while step:
        found.append(set(step))
        after: dict[int, date] = {}
        for trainer, since in step.items():
            for edge in taught.get(trainer, ()):
                if edge.day >= since and edge.person not in seen:
                    after[edge.person] = min(edge.day, after.get(edge.person, edge.day))
        seen.update(after)
        step = after
    return found


def trainees(edges: Iterable[Edge]) -> dict[int, set[int]]:
    """Whom each trainer trained."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for edge in edges:
        found[edge.trainer].add(edge.person)
    return found


def told_of(groups: Mapping[int, set[int]]) -> set[int]:
    """The groups of people of which it is said how many are active, where it is said of all of them together, too.

    As long as the people in no such group are fewer than five, so that the whole would tell of them, the smallest group
    goes, too.
    """
    told = sorted((key for key in groups if len(groups[key]) >= FEWEST), key=lambda key: (len(groups[key]), key))
    everybody = set().union(*groups.values())
    while told and 0 < len(everybody - set().union(*(groups[key] for key in told))) < FEWEST:
        told.pop(0)
    return set(told)
