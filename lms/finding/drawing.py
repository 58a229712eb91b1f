"""A map drawn from the units' own places: dots, numbers of the list, names of districts. No tiles, no roads."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    Box: TypeAlias = tuple[float, float, float, float]

WIDTH, HIGHEST, LOWEST, EDGE = 640, 560, 220, 28
MOST_LABELS = 12
LETTERS = "ABCDEFGHIJKL"  # of districts whose names have no room
EARTH = 6371.0  # km, mean radius


@dataclass(frozen=True, slots=True)
class Size:
    """How large words are drawn, about, in units of the drawing: a letter, a line, half of a number's circle."""

    letter: float
    line: int
    spot: int


# a drawing that fills a desk's column, and one that a phone shrinks to less than half
USUAL, LARGE = Size(9.5, 18, 14), Size(16.5, 29, 22)


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
    """The drawing: its size, the path of all dots, that of those where many points are, numbers and names.

    Where it is shown small, `large_names` take the place of `names`: as many as have room in large letters. The other
    districts have a letter there, and `legend` says what it means.
    """

    width: int
    height: int
    dots: str
    crowds: str
    numbers: Sequence[Mark]
    names: Sequence[Mark]
    large_names: Sequence[Mark]
    letters: Sequence[Mark]
    legend: Sequence[tuple[str, str]]


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
    named = _middles(list(zip(spots, at, strict=True)), names)
    drawn, _left_out = _labels(named, _Room(height, USUAL, numbers))
    room = _Room(height, LARGE, numbers)
    large, left_out = _labels(named, room)
    letters, legend = _lettered(left_out, room)
    return Drawing(
        WIDTH,
        height,
        "".join(f"M{x} {y}h0" for spot, (x, y) in plain if spot.count == 1),
        "".join(f"M{x} {y}h0" for spot, (x, y) in plain if spot.count > 1),
        numbers,
        drawn,
        large,
        letters,
        legend,
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


def _middles(drawn: Sequence[tuple[Spot, tuple[int, int]]], names: Mapping[int, str]) -> list[Mark]:
    """The names of the districts that the spots lie in, each in the middle of its points, those with more points first.

    They are those of the deepest level that has few enough of them.
    """
    found = []
    for unit in _districts([spot for spot, _xy in drawn], names):
        inside = [(spot.count, xy) for spot, xy in drawn if unit in spot.above]
        weight = sum(count for count, _xy in inside)
        x, y = (round(sum(count * xy[axis] for count, xy in inside) / weight) for axis in (0, 1))
        found.append((weight, Mark(x, y, names[unit])))
    return [mark for _weight, mark in sorted(found, key=lambda each: (-each[0], each[1].words))]


class _Room:
    """Where in a drawing words of one size still have room beside its numbers."""

    def __init__(self, height: int, size: Size, numbers: Sequence[Mark]) -> None:
        self.height, self.size = height, size
        half = size.spot
        self.taken: list[Box] = [(each.x - half, each.y - half, each.x + half, each.y + half) for each in numbers]

    def take(self, mark: Mark) -> Mark | None:
        """Words at or near their place, inside the drawing and covering nothing; None if there is no room."""
        line, half = self.size.line, len(mark.words) * self.size.letter / 2
        x = round(min(max(mark.x, half), max(WIDTH - half, half)))
        for y in (mark.y, mark.y - 2 * line, mark.y + 2 * line):
            box = (x - half, y - line, x + half, float(y))
            if line <= y <= self.height and all(_is_apart(box, other) for other in self.taken):
                self.taken.append(box)
                return Mark(x, y, mark.words)
        return None


def _labels(wanted: Sequence[Mark], room: _Room) -> tuple[list[Mark], list[Mark]]:
    """Those that have room, where they are drawn, and those that have none."""
    tried = [(mark, room.take(mark)) for mark in wanted]
    return [placed for _mark, placed in tried if placed is not None], [mark for mark, placed in tried if placed is None]


def _lettered(left_out: Sequence[Mark], room: _Room) -> tuple[list[Mark], list[tuple[str, str]]]:
    """A letter for each district whose name has no room, where a letter has, and what the letters mean."""
    badge = LETTERS[:2]  # a circle is as wide as two letters
    tried = [(_beside(replace(mark, words=badge), room), mark.words) for mark in left_out]
    placed = [(place, name) for place, name in tried if place is not None]
    legend = [(letter, name) for letter, (_place, name) in zip(LETTERS, placed, strict=False)]
    letters = [replace(place, words=letter) for letter, (place, _name) in zip(LETTERS, placed, strict=False)]
    return letters, legend


def _beside(mark: Mark, room: _Room) -> Mark | None:
    """Words at or near their place, also to the left and right of it."""
    tried = (room.take(replace(mark, x=mark.x + step * room.size.spot)) for step in (0, 2, -2, 4, -4))
    return next((place for place in tried if place is not None), None)


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
