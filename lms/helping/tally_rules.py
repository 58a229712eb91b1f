"""Pure decisions about a unit's tally of a month: what its boxes say, and what entering a number changes."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lms.helping.rules import OLDEST_IN_TALLY, Help

_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?|(\d{1,2})[./](\d{4})|\d{1,2}\.(\d{1,2})\.(\d{4})")


class Box(NamedTuple):
    """What a tally counts together in a month. An empty service, channel or outcome was not told."""

    kind: str
    audience: str
    service: str = ""
    channel: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """What a box says: how many people (of visits: how many visits), and perhaps how many minutes in all."""

    people: int
    minutes: int | None = None

    def __add__(self, other: Number) -> Number:
        told = [each.minutes for each in (self, other) if each.minutes is not None]
        return Number(self.people + other.people, sum(told) if told else None)


class Change(StrEnum):
    """What becomes of a box."""

    CREATED = "created"
    ADDED = "added"  # the difference to what stood there
    CORRECTED = "corrected"  # what stood there is undone, and the new number takes its place
    UNCHANGED = "unchanged"


def change(stands: Number, wanted: Number) -> Change:
    """What makes a box that stands at one number say another. Minutes that are not told stay as they are."""
    minutes = (stands.minutes or 0) if wanted.minutes is None else wanted.minutes
    if (wanted.people, minutes) == (stands.people, stands.minutes or 0):
        return Change.UNCHANGED
    if not stands.people:
        return Change.CREATED
    is_more = wanted.people > stands.people and minutes >= (stands.minutes or 0)
    return Change.ADDED if is_more else Change.CORRECTED


def difference(stands: Number, wanted: Number) -> Number:
    """What an `ADDED` number has more than what stands."""
    minutes = None if wanted.minutes is None else wanted.minutes - (stands.minutes or 0) or None
    return Number(wanted.people - stands.people, minutes)


def replacement(stands: Number, wanted: Number) -> Number:
    """What takes the place of what stands: a `CORRECTED` number, with the minutes that stood where none are told."""
    return Number(wanted.people, stands.minutes if wanted.minutes is None else wanted.minutes)


def as_help(box: Box, number: Number, day: date) -> Help:
    """A box and its number as an entry of a day."""
    return Help(box.kind, box.audience, box.service, number.people, day, number.minutes, box.channel, box.outcome)


def last_day(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def day_of(month: date, today: date) -> date:
    """The day under which a tally of a month is noted: its last one, or today if that is still to come."""
    last = last_day(month)
    return min(last, today) if month <= today else last


def is_too_old(month: date, today: date) -> bool:
    """Whether nothing can be entered for a month any more."""
    return (today - day_of(month, today)).days > OLDEST_IN_TALLY


def read_month(text: str) -> date | None:
    """The first day of a month as people write it (2026-10, 10.2026) or of the month of a day; None if it is none."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        return None
    year, month = (found[1], found[2]) if found[1] else (found[4], found[3]) if found[3] else (found[6], found[5])
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None
