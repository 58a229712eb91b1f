"""Counting everybody anew, and what differs from what stands in the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lms.figures.adding import Place, Sums, ids_of, tally_all
from lms.figures.counted_queries import (
    everybody,
    figures_counted,
    paths_counted,
    rows_of,
    standings_counted,
    units,
)
from lms.figures.fact_queries import CHUNK, among, in_chunks, places, standings
from lms.figures.models import NONE, Counted, Standing, UnitDay, UnitFigure, UnitTally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Base
    from lms.figures.rules import Figures, Kind, Stand

    Row = tuple[Any, ...]

DAYS_OF_UNITS = 50  # units whose days are compared at a time: each has a row for each course and day


@dataclass(slots=True)
class Difference:
    """Rows of one table that are missing or wrong, and the keys of those that should not be there."""

    model: type[Base]
    puts: list[Row] = field(default_factory=list)
    drops: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.puts) + len(self.drops)


@dataclass(slots=True)
class Counting:
    """One whole count: what it reads from, what it knows, how many it has counted."""

    db: Session
    courses: Mapping[str, Kind]
    today: date
    tell: Callable[[int, int], None]
    people: int = 0
    units: int = 0

    def differences(self) -> Iterator[Difference]:
        """Count everybody; each piece of what differs, people first."""
        known = units(self.db, self.today)
        self.units = len(known)
        sums, ids = Sums(known), everybody(self.db)
        for chunk in in_chunks(ids):
            yield from self._people(chunk, sums)
            self.people += len(chunk)
            self.tell(self.people, len(ids))
        sums.finish()
        every = sorted(known)
        figures = {unit: sums.figures(unit) for unit in every}
        yield from compare(self.db, UnitFigure, every, _figure_rows(figures))
        yield from compare(self.db, UnitDay, every, _day_rows(sums), size=DAYS_OF_UNITS)
        yield from tally_differences(self.db, known, figures.items())

    def _people(self, chunk: Sequence[int], sums: Sums) -> Iterator[Difference]:
        whom = among(chunk)
        found, where = standings(self.db, chunk, self.courses, self.today), places(self.db, whom, self.today)
        known, counted = standings_counted(self.db, whom), paths_counted(self.db, whom)
        stand, path = Difference(Standing), Difference(Counted)
        for person in chunk:
            new = found.get(person, {})
            paths = sorted(set(where.get(person, ())))
            if paths:
                sums.add([ids_of(each)[-1] for each in paths], new)
            differ_in_stand(stand, person, known.get(person, {}), new)
            differ_in_paths(path, person, counted.get(person), " ".join(paths))
        yield stand
        yield path


def differ_in_stand(into: Difference, person: int, old: Mapping[str, Stand], new: Mapping[str, Stand]) -> None:
    """Note which rows of `Standing` one person's new standings change."""
    if old == new:
        return
    into.puts.extend((person, course, *stand) for course, stand in new.items() if old.get(course) != stand)
    into.drops.extend((person, course) for course in old if course not in new)


def differ_in_paths(into: Difference, person: int, old: str | None, new: str) -> None:
    """Note whether one person's row of `Counted` changes."""
    if new and old != new:
        into.puts.append((person, new))
    elif old is not None and not new:
        into.drops.append((person,))


def compare(
    db: Session, model: type[Base], every: Sequence[int], new: Mapping[int, Mapping[Row, Row]], *, size: int = CHUNK
) -> Iterator[Difference]:
    """What differs in a table of figures. `new` are its rows by unit and by the whole primary key."""
    width = len(model.__table__.primary_key)  # type: ignore[arg-type]
    for chunk in in_chunks(every, size):
        found = Difference(model)
        wanted = {key: row for unit in chunk for key, row in new.get(unit, {}).items()}
        for row in rows_of(db, model, among(chunk)):
            key = row[:width]
            should = wanted.pop(key, None)
            if should is None:
                found.drops.append(key)
            elif should != row:
                found.puts.append(should)
        found.puts.extend(wanted.values())
        yield found


def tally_differences(
    db: Session, known: Mapping[int, Place], figures: Iterable[tuple[int, Mapping[str, Figures]]]
) -> Iterator[Difference]:
    """What differs in the tallies, from the figures of all units."""
    rows: dict[int, dict[Row, Row]] = {}
    for key, numbers in tally_all(known, figures).items():
        rows.setdefault(key[0], {})[key] = (*key, *numbers)
    yield from compare(db, UnitTally, sorted(known), rows)


def figures_of_all(db: Session, known: Mapping[int, Place]) -> Iterator[tuple[int, Mapping[str, Figures]]]:
    """The figures of all units as they were counted."""
    for chunk in in_chunks(known):
        yield from figures_counted(db, among(chunk)).items()


def figure_row(unit: int, course: str, figures: Figures) -> Row:
    """A row of `UnitFigure`."""
    registered = figures.registered if course == NONE else 0
    states = (figures.under_way, figures.failed, figures.certified, figures.exempt)
    return (unit, course, registered, *states, figures.recognised)


def _figure_rows(figures: Mapping[int, Mapping[str, Figures]]) -> dict[int, dict[Row, Row]]:
    return {
        unit: {(unit, course): figure_row(unit, course, each) for course, each in known.items()}
        for unit, known in figures.items()
    }


def _day_rows(sums: Sums) -> dict[int, dict[Row, Row]]:
    rows: dict[int, dict[Row, Row]] = {}
    for key, counts in sums.days.items():
        rows.setdefault(key[0], {})[key] = (*key, *counts)
    return rows
