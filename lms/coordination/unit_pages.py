"""What the pages of units show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from lms.coordination.charts import Cell
from lms.figures.rules import Figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from lms.coordination.charts import Growth
    from lms.coordination.matrix import Stage
    from lms.coordination.target_pages import TargetRow
    from lms.figures.rules import Day
    from lms.paging import Page
    from lms.people.models import Unit
    from lms.people.rules import Right


class Sort(StrEnum):
    """What a list of units is sorted by."""

    NAME = "name"
    REGISTERED = "registered"
    SHARE = "share"
    LEFT = "left"
    NOT_STARTED = "not-started"


class Gap(StrEnum):
    """What units may lack: anybody at all, or anybody who has started."""

    NOBODY = "nobody"
    NO_START = "no-start"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the course, and how the units below are sorted."""

    course: str
    sort: Sort = Sort.NAME
    is_falling: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit and where its people stand, those of the units below it included."""

    unit: Unit
    figures: Figures


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit as a tile of a map: the sign written on it, where it stands, and its figures."""

    unit: Unit
    sign: str
    cell: Cell
    figures: Figures
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class KindRow:
    """Units of one kind below a unit: how many there are, have nobody, have somebody but no start, are done."""

    kind: str
    units: int
    nobody: int
    no_start: int
    one: int
    half: int
    whole: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How a unit stands in a course.

    `days` are today and yesterday, if anything happened then. `growth` is what is drawn, None if there is nothing.
    `tiles` are empty where there are too many units right below for a map. `rights` are the reader's in this unit.
    """

    unit: Unit
    figures: Figures
    targets: Sequence[TargetRow]
    growth: Growth | None
    days: Mapping[date, Day]
    tiles: Sequence[Tile]
    kinds: Sequence[KindRow]
    rights: frozenset[Right]
    counted: datetime | None

    def target_in(self, course: str) -> TargetRow | None:
        """The soonest target that counts people in a course."""
        return next((row for row in self.targets if row.course == course and row.is_of_people), None)


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit, what stands above it in scope, and the units right below it."""

    overview: Overview
    above: Sequence[Unit]
    rows: Sequence[UnitRow]
    page: Page


@dataclass(frozen=True, slots=True)
class GapRow:
    """A unit that lacks something, and the names of the units above it, the highest first."""

    unit: Unit
    above: Sequence[str]
    registered: int


@dataclass(frozen=True, slots=True)
class GapPage:
    """The units of a kind below a unit that lack something."""

    unit: Unit
    above: Sequence[Unit]
    kinds: Sequence[KindRow]
    rows: Sequence[GapRow]
    page: Page
    counted: datetime | None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A unit in a course: how it stands, its figures, and the day that matters for that (see `matrix.Stage`)."""

    stage: Stage
    figures: Figures
    day: date | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit and its cells, by course."""

    unit: Unit
    registered: int
    cells: Mapping[str, MatrixCell]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """Units by courses. `total` is the unit itself; `once` counts each person once, whatever the courses."""

    unit: Unit
    above: Sequence[Unit]
    courses: Sequence[str]
    rows: Sequence[MatrixRow]
    page: Page
    total: MatrixRow
    once: Figures
    stages: Mapping[Stage, int] = field(default_factory=dict)
    person_courses: int = 0
    counted: datetime | None = None
