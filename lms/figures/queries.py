"""Reads of figures: as they were counted, and as they were on a day, counted from the dated facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, not_, select

from lms.clock import now
from lms.figures import rules
from lms.figures.fact_queries import in_chunks, is_member, is_open, kinds, standings, stood
from lms.figures.models import ANY, NONE, Count, Standing, UnitDay, UnitFigure, UnitTally
from lms.figures.rules import BEST, Day, Figures, State, Tally
from lms.people.models import Membership, Person, Unit, UnitPlace
from lms.people.queries import is_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.figures.rules import Kind

LEVELS_WITH_DAYS = 3
MOST_IDS = 10_000  # in one statement
RECOGNISED = "recognised"


def figures(db: Session, unit_ids: Sequence[int], course: str) -> dict[int, Figures]:
    """How many people of each of these units stand where in a course; every unit asked for is in the answer.

    `NONE` gives the register alone; `ANY` counts each person once, in the best state in any course.
    """
    found = dict.fromkeys(unit_ids, Figures())
    for ids in _in_parts(unit_ids):
        rows = db.execute(_FIGURES.where(UnitFigure.unit_id.in_(ids), UnitFigure.course_id.in_({NONE, course}))).all()
        people = {row.unit_id: row.people for row in rows if row.course_id == NONE}
        found.update((unit, Figures(registered)) for unit, registered in people.items())
        for row in rows:
            if row.course_id == course and course != NONE:
                found[row.unit_id] = Figures(people.get(row.unit_id, 0), *row[3:])
    return found


_FIGURES = select(
    UnitFigure.unit_id,
    UnitFigure.course_id,
    UnitFigure.people,
    UnitFigure.under_way,
    UnitFigure.failed,
    UnitFigure.certified,
    UnitFigure.exempt,
    UnitFigure.recognised,
)


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))


def figures_by_course(db: Session, unit_id: int, courses: Iterable[str]) -> dict[str, Figures]:
    """The figures of one unit in each of these courses, in one statement."""
    asked = tuple(courses)
    rows = db.execute(_FIGURES.where(UnitFigure.unit_id == unit_id, UnitFigure.course_id.in_({NONE, *asked}))).all()
    people = next((row.people for row in rows if row.course_id == NONE), 0)
    counted = {row.course_id: Figures(people, *row[3:]) for row in rows}
    return {course: counted.get(course, Figures(people)) for course in asked}


def tallies(db: Session, unit_ids: Sequence[int], kind: str, course: str) -> dict[int, Tally]:
    """How many units of a kind lie below each of these units, and how many of them have begun and are done."""
    columns = (UnitTally.units, UnitTally.staffed, UnitTally.started, UnitTally.one, UnitTally.half, UnitTally.whole)
    found = dict.fromkeys(unit_ids, Tally())
    for ids in _in_parts(unit_ids):
        rows = db.execute(
            select(UnitTally.unit_id, UnitTally.course_id, *columns).where(
                UnitTally.unit_id.in_(ids), UnitTally.kind == kind, UnitTally.course_id.in_({NONE, course})
            )
        ).all()
        there = {row.unit_id: (row.units, row.staffed) for row in rows if row.course_id == NONE}
        found.update((unit, Tally(*known)) for unit, known in there.items())
        for row in rows:
            if row.course_id == course and course != NONE:
                found[row.unit_id] = Tally(*there.get(row.unit_id, (0, 0)), *row[4:])
    return found


def days(db: Session, unit: Unit, course: str, since: date, until: date) -> list[Day]:
    """On which days those who have begun and are certified became so, by day; days without anybody are left out."""
    if unit.path.count("/") - 1 > LEVELS_WITH_DAYS:
        return _days_counted_now(db, unit, course, since, until)
    rows = db.execute(
        select(UnitDay.day, UnitDay.begun, UnitDay.certified)
        .where(UnitDay.unit_id == unit.id, UnitDay.course_id == course, UnitDay.day.between(since, until))
        .order_by(UnitDay.day)
    )
    return [Day(*row) for row in rows]


def _days_counted_now(db: Session, unit: Unit, course: str, since: date, until: date) -> list[Day]:
    member = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_below(Unit.path, unit.path), is_member(now().date()))
    )
    per_course = [] if course == ANY else [Standing.course_id == course]
    certified = func.min(Standing.since).filter(Standing.state == State.CERTIFIED)
    each = (
        select(func.min(Standing.begun_on).label("begun"), certified.label("certified"))
        .where(Standing.person_id.in_(member), *per_course)
        .group_by(Standing.person_id)
        .subquery()
    )
    found: dict[date, list[int]] = {}
    for place, column in enumerate((each.c.begun, each.c.certified)):
        counted = select(column, func.count()).where(column.between(since, until)).group_by(column)
        for day, people in db.execute(counted):
            found.setdefault(day, [0, 0])[place] = people
    return [Day(day, *found[day]) for day in sorted(found)]


def counted_at(db: Session) -> datetime | None:
    """When the figures were brought up to date last; None before the first count."""
    row = db.execute(select(Count.whole_at, Count.changes_at)).first()
    return max((moment for moment in row if moment is not None), default=None) if row else None


def stands(course: str, state: State) -> ColumnElement[bool]:
    """The SQL condition on `Person` that somebody stands so in a course; with `ANY`, in their best state in any.

    Agrees with `figures`, person by person.
    """
    if state is State.NOT_STARTED:
        return ~_has(course)
    if course != ANY:
        return _has(course, Standing.state == state)
    better = BEST[: BEST.index(state)]
    return and_(_has(course, Standing.state == state), not_(_has(course, Standing.state.in_(better))))


def _has(course: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    of_course = [] if course == ANY else [Standing.course_id == course]
    row = select(Standing.person_id).where(Standing.person_id == Person.id, *of_course, *conditions)
    return exists(row.correlate(Person))


def as_of(db: Session, units: Sequence[Unit], course: str, day: date) -> dict[int, Figures]:
    """How many people of each of these units stood where at the end of a day, counted from the dated facts.

    What was counted on that day is counted again, whatever moved, joined, expired or was withdrawn since then.
    Every unit asked for is in the answer. Takes time in proportion to the people of the units.
    """
    places = _places_on(db, units, day)
    counted = {unit.id: dict.fromkeys((NONE, *BEST, RECOGNISED), 0) for unit in units}
    courses = {} if course == NONE else _asked_for(kinds(db, day, now_offered=day >= now().date()), course)
    for people in in_chunks(places):
        stand = standings(db, people, courses, day) if courses else {}
        for person in people:
            found = _stand(stand.get(person, {}), course)
            for unit in places[person]:
                counted[unit][NONE] += 1
                if found is not None:
                    counted[unit][found.state] += 1
                    counted[unit][RECOGNISED] += found.is_recognised
    order = (NONE, State.UNDER_WAY, State.FAILED, State.CERTIFIED, State.EXEMPT, RECOGNISED)
    return {unit: Figures(*(sums[name] for name in order)) for unit, sums in counted.items()}


def _places_on(db: Session, units: Sequence[Unit], day: date) -> dict[int, frozenset[int]]:
    """Who was a member on a day of any of these units, and of which."""
    asked = {unit.id for unit in units}
    stand = select(UnitPlace.path).where(stood(day))
    tops = [path for ids in _in_parts(sorted(asked)) for path in db.scalars(stand.where(UnitPlace.unit_id.in_(ids)))]
    if not tops:
        return {}
    rows: Any = db.connection().execute(
        select(Membership.person_id, UnitPlace.path)
        .join_from(Membership, UnitPlace, UnitPlace.unit_id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(is_member(day), stood(day), is_open(day), is_below(UnitPlace.path, _common(tops)))
    )
    known: dict[str, frozenset[int]] = {}
    found: dict[int, frozenset[int]] = {}
    for person, path in rows:
        if path not in known:
            known[path] = frozenset(asked.intersection(map(int, path.strip("/").split("/"))))
        if known[path]:
            found[person] = found[person] | known[path] if person in found else known[path]
    return found


def _common(paths: Sequence[str]) -> str:
    """The path under which all of these lie."""
    first, last = min(paths), max(paths)
    same = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first.rindex("/", 0, same) + 1]


def _asked_for(known: Mapping[str, Kind], course: str) -> Mapping[str, Kind]:
    return known if course == ANY else {name: kind for name, kind in known.items() if name == course}


def _stand(standing: Mapping[str, rules.Stand], course: str) -> rules.Stand | None:
    return rules.best(standing.values()) if course == ANY else standing.get(course)
