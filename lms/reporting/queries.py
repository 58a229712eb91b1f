"""The rows of every report, in the order in which every copy shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.content import queries as content
from lms.credentials.facts import PRIOR_LEARNING
from lms.figures import queries as figures
from lms.figures.fact_queries import in_chunks, is_member, is_open, kinds, standings, stood
from lms.figures.models import ANY, NONE, UnitFigure
from lms.figures.rules import Figures, State
from lms.learning import outside_queries as outside
from lms.learning.outside_rules import ORDER
from lms.meetings import cascade_queries as cascade
from lms.people.models import Membership, Person, Unit, UnitPlace
from lms.people.queries import is_below, visible_units
from lms.reporting.models import ReportFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.figures.rules import Stand
    from lms.people.rules import Right
    from lms.reporting.months import Months
    from lms.reporting.rules import Cell

LATEST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: the unit, the course, and the day at whose end it is true. `today` is counted already.

    `months` are those of a report that has some.
    """

    unit: Unit
    course: str
    day: date
    today: date
    titles: Mapping[str, str]
    months: Months | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The same as it stands in an address."""
        about = {"unit": self.unit.code, "course": self.course, "as_of": self.day.isoformat()}
        return about | (self.months.in_address if self.months else {})

    @property
    def is_past(self) -> bool:
        """Whether it is counted from dated facts instead of read from what was counted."""
        return self.day < self.today


def unit_in_scope(db: Session, code: str, actor: int, right: Right) -> Unit | None:
    """The unit with this code, if somebody has this right there."""
    return db.scalar(select(Unit).where(Unit.code == code, visible_units(actor, right)))


def unit_by_id(db: Session, unit: int, actor: int, right: Right) -> Unit | None:
    """A unit, if somebody has this right there."""
    return db.scalar(select(Unit).where(Unit.id == unit, visible_units(actor, right)))


def file_of(db: Session, file_id: str, actor: int) -> ReportFile | None:
    """A file that somebody asked for."""
    return db.scalar(select(ReportFile).where(ReportFile.id == file_id, ReportFile.asked_by == actor))


def unit_by_code(db: Session, code: str) -> Unit | None:
    """The unit with this code, for whoever works on the machine itself."""
    return db.scalar(select(Unit).where(Unit.code == code))


def units_to_choose(db: Session, actor: int, right: Right) -> Sequence[Unit]:
    """The highest units in which somebody has a right, as many as a form can offer."""
    depth = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    chosen = select(Unit).where(visible_units(actor, right), Unit.closed_on.is_(None))
    return db.scalars(chosen.order_by(depth, Unit.folded_name, Unit.id).limit(200)).all()


def files_of(db: Session, actor: int) -> Sequence[ReportFile]:
    """The files that somebody asked for last."""
    mine = select(ReportFile).where(ReportFile.asked_by == actor)
    return db.scalars(mine.order_by(ReportFile.asked_at.desc(), ReportFile.id).limit(LATEST)).all()


def size(db: Session, unit: Unit) -> int:
    """How many people a report on a unit is about, as counted last."""
    return figures.figures(db, [unit.id], NONE)[unit.id].registered


def _units(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    units = [asked.unit, *right_below(db, asked)]
    counted = _figures(db, units, asked.course, asked)
    for unit in units:
        yield (unit.code, unit.name, unit.kind, *_cells(counted[unit.id]))


def right_below(db: Session, asked: Asked) -> Sequence[Unit]:
    """The units that stood right below one on the day, by name."""
    place, top = aliased(UnitPlace), aliased(UnitPlace)
    below = (
        select(place.unit_id)
        .join(top, and_(top.unit_id == asked.unit.id, is_below(place.path, top.path)))
        .where(
            top.since <= asked.day,
            or_(top.until.is_(None), top.until >= asked.day),
            place.since <= asked.day,
            or_(place.until.is_(None), place.until >= asked.day),
            place.path == top.path + cast(place.unit_id, String) + "/",
        )
    )
    return db.scalars(select(Unit).where(Unit.id.in_(below)).order_by(Unit.folded_name, Unit.id)).all()


def _figures(db: Session, units: Sequence[Unit], course: str, asked: Asked) -> Mapping[int, Figures]:
    if asked.is_past:
        return figures.as_of(db, units, course, asked.day)
    return figures.figures(db, [unit.id for unit in units], course)


def _cells(known: Figures) -> tuple[Cell, ...]:
    return (
        known.registered,
        known.not_started,
        known.under_way,
        known.failed,
        known.certified,
        known.recognised,
        known.exempt,
        known.left,
        known.share,
    )


def _courses(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    total = Figures()
    for course, title in asked.titles.items():
        counted = _figures(db, [asked.unit], course, asked)[asked.unit.id]
        total = _sum(total, counted)
        yield (course, title, *_cells(counted))
    yield ("any", "", *_cells(_figures(db, [asked.unit], ANY, asked)[asked.unit.id]))
    yield ("sum", "", *_cells(total))


def _sum(one: Figures, other: Figures) -> Figures:
    return Figures(
        one.registered + other.registered,
        one.under_way + other.under_way,
        one.failed + other.failed,
        one.certified + other.certified,
        one.exempt + other.exempt,
        one.recognised + other.recognised,
    )


def _without(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    register, counted, below = aliased(UnitFigure), aliased(UnitFigure), aliased(Unit)
    people = func.coalesce(register.people, 0)
    begun = func.coalesce(counted.under_way + counted.failed + counted.certified, 0)
    found = (
        select(Unit.code, Unit.name, Unit.kind, people, begun)
        .outerjoin(register, and_(register.unit_id == Unit.id, register.course_id == NONE))
        .outerjoin(counted, and_(counted.unit_id == Unit.id, counted.course_id == asked.course))
        .where(is_below(Unit.path, asked.unit.path), Unit.closed_on.is_(None), or_(people == 0, begun == 0))
        .where(~exists(select(below.id).where(below.parent_id == Unit.id, below.closed_on.is_(None))))
        .order_by(people, Unit.path)
    )
    for row in db.execute(found.execution_options(yield_per=1000)):
        yield tuple(row)


def _days(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    total = 0
    for day in figures.days(db, asked.unit, asked.course, asked.day - timedelta(days=3660), asked.day):
        total += day.certified
        yield (day.day, day.begun, day.certified, total)


def _people(db: Session, asked: Asked, *, missing: bool = False) -> Iterator[tuple[Cell, ...]]:
    """Everybody in the unit on the day, in the order of ids, so that the same day always gives the same report."""
    known = kinds(db, asked.day, now_offered=not asked.is_past)
    courses = {name: kind for name, kind in known.items() if name == asked.course or name in known[asked.course].parts}
    for people in in_chunks(_members(db, asked)):
        standing = standings(db, people, courses, asked.day)
        units = _unit_codes(db, people, asked)
        chosen = select(Person.id, Person.code, Person.name, Person.latin_name).where(Person.id.in_(people))
        for person in db.execute(chosen.order_by(Person.id)):
            stand = standing.get(person.id, {}).get(asked.course)
            if not (missing and stand is not None and stand.state in (State.CERTIFIED, State.EXEMPT)):
                yield (person.code or "", person.name, person.latin_name, units[person.id], *_stand_cells(stand))


def _missing(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    return _people(db, asked, missing=True)


def _stand_cells(stand: Stand | None) -> tuple[Cell, ...]:
    if stand is None:
        return (State.NOT_STARTED.value, None, None, None)
    return (stand.state, stand.since, stand.valid_until, PRIOR_LEARNING if stand.is_recognised else None)


def _members(db: Session, asked: Asked) -> Sequence[int]:
    here = select(UnitPlace.path).where(UnitPlace.unit_id == asked.unit.id, stood(asked.day))
    path = db.scalar(here)
    if path is None:
        return ()
    members = (
        select(Membership.person_id)
        .join(UnitPlace, UnitPlace.unit_id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(is_member(asked.day), stood(asked.day), is_open(asked.day), is_below(UnitPlace.path, path))
        .distinct()
    )
    return db.scalars(members).all()


def _unit_codes(db: Session, people: Sequence[int], asked: Asked) -> dict[int, str]:
    path = db.scalar(select(UnitPlace.path).where(UnitPlace.unit_id == asked.unit.id, stood(asked.day))) or ""
    found: dict[int, list[str]] = {person: [] for person in people}
    rows = db.execute(
        select(Membership.person_id, Unit.code)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(UnitPlace, UnitPlace.unit_id == Unit.id)
        .where(Membership.person_id.in_(people), is_member(asked.day), stood(asked.day), is_below(UnitPlace.path, path))
        .order_by(Unit.code)
    )
    for person, code in rows:
        found[person].append(code)
    return {person: " ".join(codes) for person, codes in found.items()}


def _actions(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    current = content.current(db, asked.course)
    counted = outside.counts_by_source(db, asked.unit, asked.course, asked.day)
    registered = size(db, asked.unit)
    for action in current.course.complete.actions if current is not None else ():
        known = counted.get(action, {})
        yield (action, *(known.get(source, 0) for source in reversed(ORDER)), registered)


def _trainers(db: Session, asked: Asked) -> Iterator[tuple[Cell, ...]]:
    yield from cascade.trainers_below(db, asked.unit, asked.course, asked.day)


# the rows of each report, one by one
ROWS: dict[str, Callable[[Session, Asked], Iterator[tuple[Cell, ...]]]] = {
    "units": _units,
    "courses": _courses,
    "without": _without,
    "days": _days,
    "actions": _actions,
    "trainers": _trainers,
    "people": _people,
    "missing": _missing,
}


def titles(db: Session, tag: str) -> dict[str, str]:
    """The courses on offer and their titles in a language, in the order of the catalogue."""
    return {
        each.course.id: (each.course.pages.get(tag) or each.course.pages[each.course.language]).title
        for each in content.catalogue(db)
    }
