"""Pure geometry of the desk's drawings: a burn-up against a goal, a map of tiles. Lengths are units of the viewBox."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.coordination.forecast import Forecast

NICE = (1, 2, 2.5, 5, 10)
TILE = 45  # a tile and the gap beside it
ROW_OF_TILES = 7
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Frame:
    """The paper of a drawing: its size, the margins around what is drawn, how many numbers and dates fit beside it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: int
    months: int


WIDE = Frame(700, 336, 72, 8, 46, 36, 4, 6)
NARROW = Frame(340, 300, 54, 8, 58, 34, 3, 3)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the paper."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A place beside an axis, and the number or the day written there."""

    at: float
    number: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """How a number grew: at the end of each of these days, the last one being today; and how far it shall grow."""

    points: Sequence[tuple[date, int]]
    registered: int
    goal: int
    due: date | None


@dataclass(frozen=True, slots=True)
class BurnUp:
    """A burn-up as places on the paper. What is None is not drawn."""

    frame: Frame
    line: str
    area: str
    lines: Sequence[Mark]
    dates: Sequence[Mark]
    today: Point
    goal_y: float
    due_x: float | None = None
    reached: Point | None = None
    spread: str = ""

    @property
    def base(self) -> float:
        """Where zero is."""
        return self.frame.height - self.frame.bottom

    @property
    def end(self) -> float:
        """Where the paper ends at the right."""
        return self.frame.width - self.frame.right


class _Scale:
    """From days and numbers to places."""

    def __init__(self, frame: Frame, first: date, last: date, most: int) -> None:
        self.frame, self.first = frame, first
        self.days, self.most = max(1, (last - first).days), max(1, most)

    def x(self, day: date) -> float:
        """Across; what lies beyond the last day stands at the edge."""
        inner = self.frame.width - self.frame.left - self.frame.right
        along = min(1.0, (day - self.first).days / self.days)
        return round(self.frame.left + inner * along, 1)

    def y(self, number: float) -> float:
        """Up."""
        inner = self.frame.height - self.frame.top - self.frame.bottom
        return round(self.frame.height - self.frame.bottom - inner * min(1.0, number / self.most), 1)

    def point(self, day: date, number: float) -> Point:
        """A place."""
        return Point(self.x(day), self.y(number))


def burn_up(growth: Growth, forecast: Forecast | None, frame: Frame) -> BurnUp:
    """The drawing of a growth, with its goal and its forecast."""
    first, (today, number) = growth.points[0][0], growth.points[-1]
    expected = forecast.expected if forecast is not None else None
    last = _last_day(first, today, growth.due, expected)
    scale = _Scale(frame, first, last, max(growth.registered, growth.goal, number))
    places = [scale.point(*point) for point in growth.points]
    line, now = _path(places), places[-1]
    return BurnUp(
        frame=frame,
        line=line,
        area=_path([Point(places[0].x, scale.y(0)), *places, Point(now.x, scale.y(0))]),
        lines=[Mark(scale.y(value), value) for value in steps(scale.most, frame.ticks)],
        dates=[Mark(scale.x(day), day=day) for day in dates(first, last, frame.months)],
        today=now,
        goal_y=scale.y(growth.goal),
        due_x=scale.x(growth.due) if growth.due is not None and first <= growth.due <= last else None,
        reached=scale.point(expected, growth.goal) if expected is not None and expected <= last else None,
        spread=_spread(scale, now, growth.goal, forecast, last),
    )


def _last_day(first: date, today: date, due: date | None, expected: date | None) -> date:
    """As far as the deadline and the forecast reach, but what happened keeps at least a third of the paper."""
    last = max(day for day in (today, due, expected) if day is not None)
    reach = today + timedelta(days=max(28, 2 * (today - first).days))
    return min(max(last + timedelta(days=max(2, (last - first).days // 20)), first + timedelta(days=7)), reach)


def _spread(scale: _Scale, now: Point, goal: int, forecast: Forecast | None, last: date) -> str:
    """The range of a forecast: from today to the earliest and to the latest day, cut off where the paper ends."""
    if forecast is None or forecast.expected is None or forecast.earliest is None:
        return ""
    early = scale.point(min(forecast.earliest, last), goal)
    if forecast.latest is not None and forecast.latest <= last:
        return _path([now, early, scale.point(forecast.latest, goal)])
    edge, height = scale.x(last), scale.y(goal)
    if forecast.latest is None:
        return _path([now, early, Point(edge, height), Point(edge, now.y)])
    until_edge = (edge - now.x) / max(1.0, edge - now.x + (forecast.latest - last).days * _per_day(scale))
    return _path([now, early, Point(edge, height), Point(edge, round(now.y + (height - now.y) * until_edge, 1))])


def _per_day(scale: _Scale) -> float:
    return (scale.frame.width - scale.frame.left - scale.frame.right) / scale.days


def _path(places: Sequence[Point]) -> str:
    return " ".join(f"{place.x:g},{place.y:g}" for place in places)


def steps(most: int, count: int) -> list[int]:
    """Round numbers from zero up, about `count` above zero, the highest not above `most`."""
    size = 10 ** math.floor(math.log10(max(1.0, most / count)))
    step = next(math.ceil(size * nice) for nice in NICE if size * nice * (count + 0.5) >= most or nice == NICE[-1])
    return list(range(0, most + 1, step))


def dates(first: date, last: date, count: int) -> list[date]:
    """Days to write below: firsts of months if there are two or more, else every week; at most `count` of them."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    firsts = [day for day in days if day.day == 1]
    marks = firsts if len(firsts) > 1 else days[::7]
    return marks[:: max(1, math.ceil(len(marks) / count))]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a tile stands: column and row, counted from 0."""

    column: int
    row: int


def tiles(places: Sequence[tuple[float, float] | None]) -> list[Cell]:
    """A cell for each place, in the order given.

    Places are latitude and longitude in degrees. Where all of them are known, the tiles stand as on a map, north up,
    each in the free cell nearest to its place; else they stand in rows, in the order given.
    """
    known = [place for place in places if place is not None]
    if len(known) < len(places) or len(set(known)) < len(known) or len(known) < 4:
        return [Cell(number % ROW_OF_TILES, number // ROW_OF_TILES) for number in range(len(places))]
    return _as_on_a_map(known)


def _as_on_a_map(places: Sequence[tuple[float, float]]) -> list[Cell]:
    south, north = min(place[0] for place in places), max(place[0] for place in places)
    west, east = min(place[1] for place in places), max(place[1] for place in places)
    squeeze = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    columns = min(ROW_OF_TILES, max(2, round(math.sqrt(len(places) * 1.6 * across / up))))
    rows = min(MOST_ROWS, max(2, math.ceil(len(places) * 1.6 / columns)))
    taken: dict[Cell, int] = {}
    # from the north down, so that the result doesn't depend on the order given
    for number in sorted(range(len(places)), key=lambda each: (-places[each][0], places[each][1])):
        latitude, longitude = places[number]
        column = (longitude - west) / max(east - west, 1e-6) * (columns - 1)
        row = (north - latitude) / up * (rows - 1)
        taken[_nearest(taken, column, row, columns)] = number
    rows_used = sorted({cell.row for cell in taken})
    closed = {row: place for place, row in enumerate(rows_used)}
    found = {number: Cell(cell.column, closed[cell.row]) for cell, number in taken.items()}
    return [found[number] for number in range(len(places))]


def _nearest(taken: dict[Cell, int], column: float, row: float, columns: int) -> Cell:
    """The free cell that is nearest to a place. There is always one: rows may go on below."""
    last = math.ceil(row) + 1 + len(taken) // columns
    free = (Cell(x, y) for y in range(last + 1) for x in range(columns) if Cell(x, y) not in taken)
    return min(free, key=lambda cell: ((cell.column - column) ** 2 + (cell.row - row) ** 2, cell.row, cell.column))


def readings(growth: Growth, most: int = 10) -> list[tuple[date, int, float]]:
    """A growth as rows of a table: some days, evenly apart, the last one being today; the number; how many a day."""
    first, today = growth.points[0][0], growth.points[-1][0]
    apart = max(1, math.ceil((today - first).days / most))
    days = sorted(today - timedelta(days=number) for number in range(0, (today - first).days + 1, apart))
    known, found = dict(growth.points), []
    number, before = 0, None
    for day in (first + timedelta(days=each) for each in range((today - first).days + 1)):
        number = known.get(day, number)
        if day in days:
            since = (day - before[0]).days if before else 0
            found.append((day, number, (number - before[1]) / since if before else 0.0))
            before = (day, number)
    return found
