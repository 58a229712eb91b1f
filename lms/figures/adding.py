"""Adding people up to figures of units, of many people at once: pure."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from lms.figures.models import ANY, NONE
from lms.figures.rules import BEST, Figures, Stand, best, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

LEVELS_WITH_DAYS = 3
STATES = {str(state): place for place, state in enumerate(BEST)}
RECOGNISED = len(BEST)  # beside the states: who of the certified is so by prior learning alone
WIDTH = RECOGNISED + 1


class Place(NamedTuple):
    """A unit as counting sees it. `above` are the ids from the root to the unit itself."""

    above: tuple[int, ...]
    kind: str
    is_open: bool


def ids_of(path: str) -> tuple[int, ...]:
    """The units of a path, from the root down."""
    return tuple(map(int, path.strip("/").split("/")))


def counted_stands(stands: Mapping[str, Stand]) -> dict[str, Stand]:
    """What a person counts for: each course, and all of them together."""
    together = best(stands.values())
    return {**stands, ANY: together} if together is not None else {}


class Sums:
    """The figures of all units while people are added one after the other.

    Who is in one unit is added there and carried upwards at the end; who is in several is added at once to each unit
    above any of them, once.
    """

    def __init__(self, units: Mapping[int, Place]) -> None:
        self.units = units
        self.index = {unit: place for place, unit in enumerate(units)}
        self.people = array("q", bytes(8 * len(units)))
        self.also_people = array("q", self.people)
        self.states: dict[str, array[int]] = {}
        self.also_states: dict[str, array[int]] = {}
        self.days: dict[tuple[int, str, date], list[int]] = {}
        self.also_days: dict[tuple[int, str, date], list[int]] = {}

    def add(self, leaves: Iterable[int], stands: Mapping[str, Stand]) -> None:
        """Count one person who is a member of these units."""
        leaf, *others = leaves
        if not others:
            tops = self.units[leaf].above[:LEVELS_WITH_DAYS]
            self._add_to([leaf], tops[-1:], stands, self.people, self.states, self.days)
            return
        above = {unit for each in (leaf, *others) for unit in self.units[each].above}
        tops_of_all = {unit for each in (leaf, *others) for unit in self.units[each].above[:LEVELS_WITH_DAYS]}
        self._add_to(above, tops_of_all, stands, self.also_people, self.also_states, self.also_days)

    def _add_to(
        self,
        units: Iterable[int],
        tops: Iterable[int],
        stands: Mapping[str, Stand],
        people: array[int],
        states: dict[str, array[int]],
        days: dict[tuple[int, str, date], list[int]],
    ) -> None:
        places = [self.index[unit] for unit in units]
        for place in places:
            people[place] += 1
        for course, standing in counted_stands(stands).items():
            cells = states.get(course)
            if cells is None:
                cells = states[course] = array("q", bytes(8 * WIDTH * len(self.units)))
            state = STATES[standing.state]
            for place in places:
                cells[place * WIDTH + state] += 1
                cells[place * WIDTH + RECOGNISED] += standing.is_recognised
            for day, which in days_of(standing):
                for unit in tops:
                    known = days.get((unit, course, day))
                    if known is None:
                        known = days[unit, course, day] = [0, 0]
                    known[which] += 1

    def finish(self) -> None:
        """Carry everything up to the roots."""
        deepest_first = sorted(self.units, key=lambda unit: len(self.units[unit].above), reverse=True)
        for unit in deepest_first:
            above = self.units[unit].above
            if len(above) > 1:
                self._carry(self.index[unit], self.index[above[-2]])
        self._add_the_others()
        carried = [(key, tuple(counts)) for key, counts in self.days.items()]
        for (unit, course, day), counts in carried:
            for top in self.units[unit].above[:-1]:
                _add_day(self.days, (top, course, day), counts)
        for key, more in self.also_days.items():
            _add_day(self.days, key, more)

    def _carry(self, low: int, high: int) -> None:
        if not self.people[low]:
            return
        self.people[high] += self.people[low]
        for cells in self.states.values():
            for state in range(WIDTH):
                cells[high * WIDTH + state] += cells[low * WIDTH + state]

    def _add_the_others(self) -> None:
        for place, more in enumerate(self.also_people):
            self.people[place] += more
        for course, others in self.also_states.items():
            cells = self.states.setdefault(course, array("q", bytes(8 * len(others))))
            for place, more in enumerate(others):
                cells[place] += more

    def figures(self, unit: int) -> dict[str, Figures]:
        """The figures of one unit by course, `NONE` and `ANY` among them; what is 0 is left out. After `finish`."""
        place = self.index[unit]
        registered = self.people[place]
        if not registered:
            return {}
        found = {NONE: Figures(registered)}
        for course, cells in self.states.items():
            certified, under_way, failed, exempt, recognised = cells[place * WIDTH : place * WIDTH + WIDTH]
            if certified or under_way or failed or exempt:
                found[course] = Figures(registered, under_way, failed, certified, exempt, recognised)
        return found


def _add_day(days: dict[tuple[int, str, date], list[int]], key: tuple[int, str, date], counts: Sequence[int]) -> None:
    known = days.get(key)
    if known is None:
        days[key] = list(counts)
    else:
        known[0] += counts[0]
        known[1] += counts[1]


def days_of(standing: Stand) -> Iterator[tuple[date, int]]:
    """The days that a standing counts for: 0 its beginning, 1 the certificate."""
    if standing.begun is not None:
        yield standing.begun, 0
    if standing.state == "certified":
        yield standing.since, 1


def add_marks(
    tallies: dict[tuple[int, str, str], list[int]], place: Place, counted: Mapping[str, Figures], sign: int = 1
) -> None:
    """Add what an open unit counts for to every unit above it, by unit, kind and course. Fields as in `Tally`."""
    if not place.is_open:
        return
    for course, figures in counted.items():
        mark = marks(figures)
        values = (0, mark.staffed, 0, 0, 0, 0) if course == NONE else (0, 0, *mark[1:])
        if not any(values):
            continue
        for unit in place.above[:-1]:
            known = tallies.setdefault((unit, place.kind, course), [0] * 6)
            for which, value in enumerate(values):
                known[which] += sign * value


def tally_all(units: Mapping[int, Place], figures: Iterable[tuple[int, Mapping[str, Figures]]]) -> Tallies:
    """The tallies of all units, from the figures of all of them. What is 0 is left out."""
    found: Tallies = {}
    for place in units.values():
        if place.is_open:
            for unit in place.above[:-1]:
                found.setdefault((unit, place.kind, NONE), [0] * 6)[0] += 1
    for unit, counted in figures:
        add_marks(found, units[unit], counted)
    return found


Tallies = dict[tuple[int, str, str], list[int]]
