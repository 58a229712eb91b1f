"""A map drawn from the units' own places: dots, numbers of the list, names of districts. No tiles, no roads."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    Box: TypeAlias = tuple[float, float, float, float]

WIDTH, HIGHEST, LOWEST, EDGE = 640, 560, 220, 28
MOST_LABELS = 12
LETTER, LINE, SPOT = 9.5, 18, 14  # of a label and a number, about, in units of the drawing
EARTH = 6371.0  # km, mean radius


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the earth. `count` points are drawn as one; `above` are the units above it, the highest first."""

    latitude: float
    longitude: float
    count: int = 1
    number: int = 0
    above: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place of the drawing: a number of the list, or the name of a district."""

    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing: its size, the path of all dots, that of those where many points are, numbers and names."""

    width: int
    height: int
    dots: str
    crowds: str
    numbers: Sequence[Mark]
    names: Sequence[Mark]


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two places in degrees, as the crow flies (haversine formula)."""
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    chord = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))


def draw(spots: Sequence[Spot], names: Mapping[int, str]) -> Drawing | None:
    """The map of some spots; None if there are fewer than two places to see."""
    if len({(spot.latitude, spot.longitude) for spot in spots}) < 2:
        return None
    place, height = _projection(spots)
    at = [place(spot) for spot in spots]
    numbers = [Mark(*xy, str(spot.number)) for spot, xy in zip(spots, at, strict=True) if spot.number]
    plain = [(spot, xy) for spot, xy in zip(spots, at, strict=True) if not spot.number]
    labels = _labels(list(zip(spots, at, strict=True)), names, height)
    return Drawing(
        WIDTH,
        height,
        "".join(f"M{x} {y}h0" for spot, (x, y) in plain if spot.count == 1),
        "".join(f"M{x} {y}h0" for spot, (x, y) in plain if spot.count > 1),
        numbers,
        labels,
    )


class _Projection:
    """Degrees to units of the drawing: equal distances along the middle parallel, north up."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.north, self.west = max(spot.latitude for spot in spots), min(spot.longitude for spot in spots)
        south, east = min(spot.latitude for spot in spots), max(spot.longitude for spot in spots)
        self.narrow = math.cos(math.radians((self.north + south) / 2))
        wide, high = max((east - self.west) * self.narrow, 1e-6), max(self.north - south, 1e-6)
        self.scale = min((WIDTH - 2 * EDGE) / wide, (HIGHEST - 2 * EDGE) / high)
        self.height = max(LOWEST, round(high * self.scale) + 2 * EDGE)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (self.height - high * self.scale) / 2

    def __call__(self, spot: Spot) -> tuple[int, int]:
        """Where a spot is drawn."""
        x = self.left + (spot.longitude - self.west) * self.narrow * self.scale
        return round(x), round(self.top + (self.north - spot.latitude) * self.scale)


def _projection(spots: Sequence[Spot]) -> tuple[_Projection, int]:
    made = _Projection(spots)
    return made, made.height


def _labels(drawn: Sequence[tuple[Spot, tuple[int, int]]], names: Mapping[int, str], height: int) -> list[Mark]:
    """Names of the districts that the spots lie in, on the deepest level where there are few enough of them.

    A name that would cover another one is left out; those with more points come first.
    """
    groups = _districts([spot for spot, _xy in drawn], names)
    middles = []
    for unit in groups:
        inside = [(spot.count, xy) for spot, xy in drawn if unit in spot.above]
        weight = sum(count for count, _xy in inside)
        x, y = (round(sum(count * xy[axis] for count, xy in inside) / weight) for axis in (0, 1))
        middles.append((weight, names[unit], x, y))
    taken: list[Box] = [(x - SPOT, y - SPOT, x + SPOT, y + SPOT) for spot, (x, y) in drawn if spot.number]
    found = []
    for _weight, name, middle, low in sorted(middles, key=lambda each: (-each[0], each[1])):
        half = len(name) * LETTER / 2
        x = round(min(max(middle, half), max(WIDTH - half, half)))
        for y in (low, low - 2 * LINE, low + 2 * LINE):
            box = (x - half, y - LINE, x + half, float(y))
            if LINE <= y <= height and all(_is_apart(box, other) for other in taken):
                taken.append(box)
                found.append(Mark(x, y, name))
                break
    return found


def _is_apart(one: Box, other: Box) -> bool:
    return one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def _districts(spots: Sequence[Spot], names: Mapping[int, str]) -> list[int]:
    levels: dict[int, set[int]] = defaultdict(set)
    for spot in spots:
        for level, unit in enumerate(spot.above):
            if unit in names:
                levels[level].add(unit)
    fitting = [units for units in levels.values() if 2 <= len(units) <= MOST_LABELS]
    return sorted(fitting[-1]) if fitting else []
