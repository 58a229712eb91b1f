"""What the desk's first page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.coordination.rules import Figures
    from lms.paging import Page
    from lms.people.models import Unit


@dataclass(frozen=True, slots=True)
class Looked:
    """Which figures are looked at: the course, the unit (none: the whole scope), one level of units or all."""

    course: str
    unit: Unit | None = None
    all_levels: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit and where its people stand, those of the units below it included."""

    unit: Unit
    figures: Figures
    has_units: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the desk opens with. `unit` is empty where several units stand side by side."""

    tops: Sequence[Unit]
    unit: Unit | None
    above: Sequence[Unit]
    figures: Figures
    rows: Sequence[UnitRow]
    page: Page
