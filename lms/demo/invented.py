"""Entries of help that never happened, in the ways in which people make numbers up.

Who invents copies a day, writes round numbers, fills the list right before it is counted, claims more than a day holds,
writes the same minutes or the same service again and again, or sits down at night. Some invent with care.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from random import Random
    from typing import TypeAlias

    from lms.demo.helping import Entry, Span, Ways

    Pattern: TypeAlias = "Callable[[Random, Sequence[date], Ways], list[Entry]]"

DEADLINE = "deadline"  # only of months that are over
LEAST_DAYS = 10  # whoever has helped for a shorter time does not invent yet


@dataclass(frozen=True, slots=True)
class Block:
    """What one person invented, and the days that it is about."""

    pattern: str
    entries: Sequence[Entry]

    @property
    def days(self) -> frozenset[date]:
        """The days on which the help is said to have been given."""
        return frozenset(each.given_on for each in self.entries)


def block(draw: Random, span: Span, ways: Ways) -> Block | None:
    """What somebody invents within one month; None if there are not days enough."""
    if span.days < LEAST_DAYS:
        return None
    start = span.first + timedelta(days=int(draw.random() * span.days))
    days = [day for day in _of_month(start) if span.first <= day <= span.last]
    if len(days) < LEAST_DAYS:
        return None
    is_over = days[-1] == _of_month(start)[-1]
    name = draw.choice([each for each in sorted(PATTERNS) if is_over or each != DEADLINE])
    return Block(name, PATTERNS[name](draw, days, ways))


def _of_month(day: date) -> list[date]:
    return [day.replace(day=number) for number in range(1, calendar.monthrange(day.year, day.month)[1] + 1)]


def _some(draw: Random, days: Sequence[date], least: int, most: int) -> list[date]:
    return sorted(draw.sample(days, min(len(days), draw.randint(least, most))))


def _copied(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """One day, entered again for other days."""
    first, *others = _some(draw, days, 4, 9)
    model = [ways.entry(first) for _ in range(draw.randint(4, 8))]
    later = [
        each._replace(given_on=day, noted=each.noted + (day - first), outcome=ways.entry(day).outcome)
        for day in others
        for each in model
    ]
    return model + later


def _round(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """Numbers as nobody counts them."""
    found = [ways.entry(day) for day in _some(draw, days, 8, 10) for _ in range(draw.randint(1, 2))]
    return [
        each._replace(kind="training", people=draw.choice((10, 20, 20, 30, 50, 100)), channel="in-person")
        for each in found
    ]


def _deadline(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """The month, filled on one evening before it is counted."""
    noted = _moment(days[-1], 17 * 60 + draw.randint(0, 120))
    found = [ways.entry(day) for day in _some(draw, days[:-3], 7, 14) for _ in range(draw.randint(2, 4))]
    return [each._replace(noted=noted + timedelta(minutes=place)) for place, each in enumerate(found)]


def _too_much(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """More than a day holds."""
    return [
        ways.entry(day)._replace(kind="consultation", people=1, minutes=draw.choice((20, 30, 30, 40)))
        for day in _some(draw, days, 1, 2)
        for _ in range(draw.randint(32, 60))
    ]


def _with_care(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """What could have happened: nobody finds this by its numbers, only by asking."""
    return [ways.entry(day) for day in _some(draw, days, 5, 9)]


def _same_minutes(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """Always the same time."""
    minutes = draw.choice((10, 15, 20, 30))
    found = [ways.entry(day) for day in _in_a_row(draw, days, 9) for _ in range(draw.randint(2, 4))]
    return [each._replace(minutes=minutes) for each in found]


def _same_service(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """Always the same help."""
    model = ways.entry(days[0])
    found = [ways.entry(day) for day in _in_a_row(draw, days, 9) for _ in range(draw.randint(2, 4))]
    return [each._replace(service=model.service, audience=model.audience) for each in found]


def _at_night(draw: Random, days: Sequence[date], ways: Ways) -> list[Entry]:
    """Noted when nobody else does."""
    found = [ways.entry(day) for day in _some(draw, days, 5, 9) for _ in range(draw.randint(2, 4))]
    return [
        each._replace(noted=_moment(each.given_on + timedelta(days=1), 60 + int(draw.random() * 180))) for each in found
    ]


def _in_a_row(draw: Random, days: Sequence[date], amount: int) -> Sequence[date]:
    start = draw.randrange(max(1, len(days) - amount + 1))
    return days[start : start + amount]


def _moment(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)


PATTERNS: Mapping[str, Pattern] = {
    "at-night": _at_night,
    "copied": _copied,
    DEADLINE: _deadline,
    "round": _round,
    "same-minutes": _same_minutes,
    "same-service": _same_service,
    "too-much": _too_much,
    "with-care": _with_care,
}
