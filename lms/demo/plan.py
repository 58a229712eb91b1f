"""The plan of a programme: what to write, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from lms.people.rules import Role

ALL_OF_THEM = 99.0  # a strength with which somebody is always ahead of the others


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit; `parent` is its place in the plan's list, -1 for a root. A unit stands before those below it.

    `members` are people in it itself. `strength` is the log odds that they are further than the middle of the
    programme. `opened` is the day on which it opened. `names` are further names with their languages.
    """

    code: str
    kind: str
    name: str
    parent: int
    members: int = 0
    strength: float = 0.0
    opened: date = date.min
    place: tuple[float, float] | None = None
    names: tuple[tuple[str, str], ...] = ()
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class FullName:
    """A made-up person: the name as given, its Latin form if that differs, language and occupation."""

    name: str
    latin: str = ""
    language: str = "en"
    category: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """How far the people of a unit, and of all below it, are in a course between two days.

    The four shares are of all of them; who is left has not started. Who is ahead is decided by strength and chance.
    """

    unit: int
    course: str
    certified: float
    under_way: float
    failed: float
    exempt: float
    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as. `member` and `scope` are codes of units; `story` says who that is."""

    login: str
    person: FullName
    story: str
    role: Role | None = None
    scope: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target: who counts (`person` or a kind of unit), by which rule, how much of it, by when."""

    unit: str
    course: str
    share: float
    due_on: date
    counts: str = "person"
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A group: the `first` to `last` members of a unit (from 0, without the last) take a course together."""

    unit: str
    course: str
    name: str
    starts_on: date
    ends_on: date
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session: its trainer and who was there, each a unit's code and a member's place in it."""

    trainer: tuple[str, int]
    people: Sequence[tuple[str, int]]
    unit: str
    course: str
    title: str
    place: str
    is_online: bool
    held_on: date
    hours: float


@dataclass(frozen=True, slots=True)
class SecondTree:
    """Another tree to which people of an occupation belong as well: `cells` says in which unit of it, by their unit.

    Both are places in the plan's list. Who is in a unit that is not named there belongs to the first tree alone.
    """

    category: str
    cells: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme. `hours_east` is how far its clocks are ahead of UTC; `since` is the day on which it began.

    `help_entries` is how often help was noted. `rules` are pairs of unit and course that everybody below takes, by
    `due_on`. `corrections` are people (a unit's code and a member's place) whose name was written otherwise at first.
    `mail_share` have an address.
    """

    seed: int
    since: date
    due_on: date
    hours_east: int
    units: Sequence[PlannedUnit]
    naming: Callable[[Random], FullName]
    cells: Sequence[Cell]
    accounts: Sequence[Account]
    targets: Sequence[PlannedTarget] = ()
    rules: Sequence[tuple[str, str]] = ()
    groups: Sequence[PlannedGroup] = ()
    sessions: Iterable[PlannedSession] = ()
    corrections: Sequence[tuple[str, int]] = ()
    mail_share: float = 0.6
    second_tree: SecondTree | None = None
    help_entries: int = 0


def next_day(today: date, month: int, day: int) -> date:
    """The next day of this name, today or later."""
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)
