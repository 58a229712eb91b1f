"""A second tree beside the territory: the Youth Union, with a cell in each district in which there are teams."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from lms.demo.names import YOUTH_UNION
from lms.demo.plan import PlannedUnit, SecondTree

if TYPE_CHECKING:
    from collections.abc import Iterator

UNION = "TN"
NAME = "Đoàn Thanh niên"


def youth_union(units: list[PlannedUnit], since: date) -> SecondTree:
    """Add the tree behind the units of the first one; who of their members belongs where in it."""
    opened = since - timedelta(days=150)
    root = len(units)
    made: dict[int, int] = {}  # place of a province or district -> place of its cell
    cells: dict[int, int] = {}
    teams = [(place, above) for place, unit in enumerate(units) if unit.members for above in _above(units, place)]
    units.append(PlannedUnit(UNION, "youth union", NAME, -1, opened=opened, is_fixed=True))
    for team, (province, district) in teams:
        parent = root
        for place in (province, district):
            if place not in made:
                made[place] = len(units)
                unit = units[place]
                units.append(
                    PlannedUnit(
                        f"{UNION}-{unit.code}", f"{unit.kind} union", f"{NAME} {unit.name}", parent, opened=opened
                    )
                )
            parent = made[place]
        cells[team] = parent
    return SecondTree(YOUTH_UNION, cells)


def _above(units: list[PlannedUnit], place: int) -> Iterator[tuple[int, int]]:
    """Province and district of a team."""
    district = units[units[place].parent].parent
    yield units[district].parent, district
