"""Counting those who changed: what they add to, and take from, the figures above them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.figures.adding import (
    LEVELS_WITH_DAYS,
    STATES,
    Tallies,
    add_marks,
    counted_stands,
    days_of,
    ids_of,
)
from lms.figures.counted_queries import figures_counted, paths_counted, standings_counted, units
from lms.figures.fact_queries import among, places, standings
from lms.figures.models import NONE, Counted, Standing
from lms.figures.rules import Figures
from lms.figures.whole import Difference, differ_in_paths, differ_in_stand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.figures.rules import Kind, Stand

# where a state stands in a row of `UnitFigure`, after unit and course: people, under way, failed, certified, exempt
COLUMN = {"under-way": 1, "failed": 2, "certified": 3, "exempt": 4}
RECOGNISED, WIDTH = 5, 6
assert COLUMN.keys() == STATES.keys()


@dataclass(slots=True)
class Changed:
    """What counting some people again changes, to be written in one transaction."""

    standings: Difference = field(default_factory=lambda: Difference(Standing))
    paths: Difference = field(default_factory=lambda: Difference(Counted))
    figures: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    days: dict[tuple[int, str, date], list[int]] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=dict)

    def add(self, paths: str, stands: Mapping[str, Stand], sign: int) -> None:
        """Count one person in (1) or out (-1) where these paths lead."""
        above = [ids_of(path) for path in paths.split()]
        every = {unit for ids in above for unit in ids}
        tops = {unit for ids in above for unit in ids[:LEVELS_WITH_DAYS]}
        for unit in every:
            self._figure(unit, NONE)[0] += sign
        for course, stand in counted_stands(stands).items():
            column = COLUMN[stand.state]
            for unit in every:
                row = self._figure(unit, course)
                row[column] += sign
                row[RECOGNISED] += sign * stand.is_recognised
            for day, which in days_of(stand):
                for unit in tops:
                    self.days.setdefault((unit, course, day), [0, 0])[which] += sign

    def _figure(self, unit: int, course: str) -> list[int]:
        return self.figures.setdefault((unit, course), [0] * WIDTH)

    def settle(self) -> None:
        """Forget what cancels out."""
        self.figures = {key: sums for key, sums in self.figures.items() if any(sums)}
        self.days = {key: sums for key, sums in self.days.items() if any(sums)}


def count_again(db: Session, people: Sequence[int], courses: Mapping[str, Kind], today: date) -> Changed:
    """Count these people, given in order, again; what that changes."""
    changed, whom = Changed(), among(people)
    found, where = standings(db, people, courses, today), places(db, whom, today)
    stood, counted = standings_counted(db, whom), paths_counted(db, whom)
    for person in people:
        old, new = stood.get(person, {}), found.get(person, {})
        old_paths, new_paths = counted.get(person), " ".join(sorted(set(where.get(person, ()))))
        if old == new and (old_paths or "") == new_paths:
            continue
        differ_in_stand(changed.standings, person, old, new)
        differ_in_paths(changed.paths, person, old_paths, new_paths)
        changed.add(old_paths or "", old, -1)
        changed.add(new_paths, new, 1)
    changed.settle()
    _tally(db, changed, today)
    return changed


def _tally(db: Session, changed: Changed, today: date) -> None:
    """Note which units above count the changed ones otherwise now."""
    touched = sorted({unit for unit, _course in changed.figures})
    if not touched:
        return
    known, before = units(db, today, among(touched)), figures_counted(db, among(touched))
    for unit in touched:
        old = before.get(unit, {})
        add_marks(changed.tallies, known[unit], old, -1)
        add_marks(changed.tallies, known[unit], _after(changed, unit, old), 1)
    changed.tallies = {key: sums for key, sums in changed.tallies.items() if any(sums)}


def _after(changed: Changed, unit: int, old: Mapping[str, Figures]) -> dict[str, Figures]:
    registered = old.get(NONE, Figures()).registered + changed.figures.get((unit, NONE), [0])[0]
    courses = {*old, *(course for each, course in changed.figures if each == unit)}
    found = {}
    for course in courses:
        known = old.get(course, Figures())
        more = changed.figures.get((unit, course), [0] * WIDTH)
        found[course] = Figures(
            registered,
            known.under_way + more[1],
            known.failed + more[2],
            known.certified + more[3],
            known.exempt + more[4],
            known.recognised + more[RECOGNISED],
        )
    return found
