"""Drawing entries by chance, so that anybody who has the seed draws the same; and reads of samples."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from lms.among import among
from lms.figures.intervals import wilson
from lms.helping.figure_queries import known_at
from lms.helping.models import HelpEntry
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Right
from lms.vetting.models import HelpSample, HelpSampled
from lms.vetting.rules import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.people.models import Unit as UnitRow

FEW = 20_000  # of so many entries all numbers are read; of more, numbers are drawn until enough of them are among them
A_TIME = 2000  # numbers tried in one statement


@dataclass(frozen=True, slots=True)
class Tried:
    """What calling back came to. `low` and `high` are the interval of the share confirmed among those who answered."""

    confirmed: int
    denied: int
    unreachable: int
    left: int
    low: float
    high: float

    @property
    def answered(self) -> int:
        """How many could say."""
        return self.confirmed + self.denied


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample in the list."""

    sample: HelpSample
    unit: str
    by: str
    tried: Tried


@dataclass(frozen=True, slots=True)
class SampledRow:
    """One entry to call back, with its helper (empty: erased) and unit."""

    place: int
    entry: HelpEntry
    helper: str
    unit: str
    result: str


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One sample with its entries, in the order drawn."""

    row: SampleRow
    root: int
    rows: Sequence[SampledRow]


def _inside(top: UnitRow, sample: HelpSample) -> tuple[ColumnElement[bool], ...]:
    """The condition on entries joined to their units: what a sample is drawn from, as it was known then."""
    in_time = (HelpEntry.given_on >= sample.first_day, HelpEntry.given_on <= sample.last_day)
    known = (HelpEntry.id <= sample.up_to, known_at(sample.made_at))
    return is_below(Unit.path, top.path), *in_time, *known, ~HelpEntry.is_tally


def count(db: Session, sample: HelpSample, top: UnitRow) -> int:
    """How many entries a sample is drawn from."""
    found = select(func.count()).select_from(HelpEntry).join(Unit, Unit.id == HelpEntry.unit_id)
    return db.scalar(found.where(*_inside(top, sample))) or 0


def draw(db: Session, sample: HelpSample, top: UnitRow) -> list[int]:
    """The numbers of a sample's entries. Each entry has the same chance; the same seed draws the same."""
    chance = Random(sample.seed)  # noqa: S311 - it is to be reproducible, not secret
    numbers = select(HelpEntry.id).join(Unit, Unit.id == HelpEntry.unit_id).where(*_inside(top, sample))
    if sample.total <= FEW:
        every = list(db.scalars(numbers.order_by(HelpEntry.id)))
        return chance.sample(every, min(sample.size, len(every)))
    found: dict[int, None] = {}
    for tried in _tries(chance, sample.up_to):
        standing = set(db.scalars(numbers.where(among(HelpEntry.id, tried))))
        found |= dict.fromkeys(each for each in tried if each in standing)
        if len(found) >= sample.size:
            break
    return list(found)[: sample.size]


def _tries(chance: Random, most: int) -> Iterator[list[int]]:
    while True:
        yield [chance.randint(1, most) for _ in range(A_TIME)]


def is_own(db: Session, sample: HelpSample, place: int, me: int) -> bool:
    """Whether somebody helped, or entered the help, of an entry in a sample."""
    found = select(HelpEntry.id).join(HelpSampled, HelpSampled.entry_id == HelpEntry.id)
    here = (HelpSampled.sample_id == sample.id, HelpSampled.place == place)
    return db.scalar(found.where(*here, or_(HelpEntry.helper_id == me, HelpEntry.logged_by == me))) is not None


def sample(db: Session, me: int, number: int) -> HelpSample | None:
    """A sample of a coordinator's units."""
    found = select(HelpSample).join(Unit, Unit.id == HelpSample.unit_id)
    return db.scalar(found.where(HelpSample.id == number, visible_units(me, Right.COORDINATE)))


def sent_as(db: Session, person: int, client_id: str) -> HelpSample | None:
    """The sample that somebody drew with an id that the client made."""
    mine = (HelpSample.client_id == client_id, HelpSample.made_by == person)
    return db.scalar(select(HelpSample).where(*mine))


def samples(db: Session, me: int, at: At) -> tuple[list[SampleRow], Page]:
    """The samples of a coordinator's units, the newest first."""
    found = (
        select(HelpSample, Unit.name, Person.name)
        .join(Unit, Unit.id == HelpSample.unit_id)
        .outerjoin(Person, Person.id == HelpSample.made_by)
        .where(visible_units(me, Right.COORDINATE))
    )
    rows = page(db, found, (HelpSample.id, HelpSample.id), at, newest_first=True)
    tried = _tried(db, [row[0].id for row in rows.rows])
    return [SampleRow(row, unit, name or "", tried[row.id]) for row, unit, name, *_marks in rows.rows], rows


def sample_page(db: Session, row: HelpSample) -> SamplePage:
    """One sample with all its entries."""
    unit = db.get_one(Unit, row.unit_id)
    maker = db.get(Person, row.made_by)
    found = (
        select(HelpSampled, HelpEntry, Unit.name, Person.name)
        .join(HelpEntry, HelpEntry.id == HelpSampled.entry_id)
        .join(Unit, Unit.id == HelpEntry.unit_id)
        .outerjoin(Person, Person.id == HelpEntry.helper_id)
        .where(HelpSampled.sample_id == row.id)
        .order_by(HelpSampled.place)
    )
    rows = [
        SampledRow(drawn.place, entry, name or "", unit_name, drawn.result)
        for drawn, entry, unit_name, name in db.execute(found)
    ]
    of = SampleRow(row, unit.name, maker.name if maker else "", _tried(db, [row.id])[row.id])
    return SamplePage(of, int(unit.path.split("/")[1]), rows)


def _tried(db: Session, numbers: Sequence[int]) -> dict[int, Tried]:
    counted = select(HelpSampled.sample_id, HelpSampled.result, func.count())
    counted = counted.where(among(HelpSampled.sample_id, numbers))
    found: dict[int, dict[str, int]] = {each: {} for each in numbers}
    for number, result, times in db.execute(counted.group_by(HelpSampled.sample_id, HelpSampled.result)):
        found[number][result] = times
    return {number: _as_tried(times) for number, times in found.items()}


def _as_tried(times: dict[str, int]) -> Tried:
    confirmed, denied = times.get(Result.CONFIRMED, 0), times.get(Result.NOT_CONFIRMED, 0)
    low, high = wilson(confirmed, confirmed + denied)
    return Tried(confirmed, denied, times.get(Result.UNREACHABLE, 0), times.get("", 0), low, high)


def unit_to_draw(db: Session, me: int, number: int) -> UnitRow | None:
    """A unit of a coordinator."""
    return db.scalar(select(Unit).where(Unit.id == number, visible_units(me, Right.COORDINATE)))


def units_to_draw(db: Session, me: int, most: int = 200) -> Sequence[UnitRow]:
    """The highest open units of a coordinator, as many as a form can offer."""
    depth = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    chosen = select(Unit).where(visible_units(me, Right.COORDINATE), Unit.closed_on.is_(None))
    return db.scalars(chosen.order_by(depth, Unit.folded_name, Unit.id).limit(most)).all()


def newest(db: Session) -> int:
    """The number of the newest entry."""
    return db.scalar(select(func.max(HelpEntry.id))) or 0
