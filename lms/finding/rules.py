"""Pure decisions about help points: when they are open, what an entry may say, when one has to be warned of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

WARN_DAYS = 30  # before the last certificate behind a point ends
WEEKDAYS = range(1, 8)
MOST_SPANS = 4  # of opening hours on one day
_DAY_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
_RULE = re.compile(r"^\s*(?P<days>[a-z0-9,\s-]+?)\s+(?P<times>\d{1,2}[:.].*|off|closed)$", re.IGNORECASE)
_SPAN = re.compile(r"^\s*(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})\s*$")
_PHONE = re.compile(r"\+?[\d\s()/-]{3,38}(\s?(ext|#)\.?\s?\d{1,5})?")


class State(StrEnum):
    """Who sees an entry: nobody but the coordinator, because it came from a file; the public; nobody, by choice."""

    PROPOSED = "proposed"
    PUBLIC = "public"
    HIDDEN = "hidden"


class Access(StrEnum):
    """What makes a place easy to use."""

    STEP_FREE = "step-free"
    TOILET = "toilet"
    QUIET = "quiet"
    SIGN_LANGUAGE = "sign-language"
    HEARING_LOOP = "hearing-loop"
    LARGE_PRINT = "large-print"
    SEATS = "seats"
    PARKING = "parking"


class BadHours(ValueError):
    """Opening hours cannot be understood; the argument is the part that is meant."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one minute of a day until another, both since midnight."""

    opens: int
    closes: int


Week = dict[int, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a coordinator, or a file, says of a point."""

    place: str = ""
    phone: str = ""
    exceptions: str = ""
    week: Mapping[int, tuple[Span, ...]] | None = None
    services: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def read_spans(text: str) -> tuple[Span, ...]:
    """The hours of one day, as `9:00-12:00, 13:00-17:00`; nothing: closed. Raises `BadHours`."""
    spans = sorted(_span(part) for part in re.split(r"[,;]", text) if part.strip())
    if len(spans) > MOST_SPANS or any(one.closes > other.opens for one, other in pairwise(spans)):
        raise BadHours(text.strip())
    return tuple(spans)


def _span(text: str) -> Span:
    found = _SPAN.match(text)
    if found is None:
        raise BadHours(text.strip())
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups())
    opens, closes = 60 * hour + minute, 60 * last_hour + last_minute
    if minute > 59 or last_minute > 59 or not 0 <= opens < closes <= 24 * 60:
        raise BadHours(text.strip())
    return Span(opens, closes)


def read_week(text: str) -> Week:
    """The hours of a week as files have them: `Mo-Fr 09:00-17:00; Sa 10:00-14:00`. Raises `BadHours`.

    A part of what OpenStreetMap writes in `opening_hours`; days may also be the numbers 1 (Monday) to 7.
    """
    week: Week = {}
    for rule in text.split(";"):
        if not rule.strip():
            continue
        found = _RULE.match(" ".join(rule.split()))
        if found is None:
            raise BadHours(rule.strip())
        times = found["times"].lower()
        spans = () if times in {"off", "closed"} else read_spans(times)
        week |= dict.fromkeys(_days(found["days"]), spans)
    return {day: spans for day, spans in sorted(week.items()) if spans}


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        begin, end = _day(first), _day(last if dash else first)
        days += [(begin - 1 + step) % 7 + 1 for step in range((end - begin) % 7 + 1)]
    return days


def _day(text: str) -> int:
    if text.isdecimal() and int(text) in WEEKDAYS:
        return int(text)
    if text[:2] in _DAY_NAMES:
        return _DAY_NAMES.index(text[:2]) + 1
    raise BadHours(text)


def written(spans: Iterable[Span]) -> str:
    """Hours of a day as they are typed."""
    return ", ".join(f"{clock(span.opens)}-{clock(span.closes)}" for span in spans)


def clock(minutes: int) -> str:
    """Minutes since midnight as on a clock with 24 hours."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


class Opening(StrEnum):
    """How a point stands at a moment."""

    OPEN = "open"
    LATER = "later"  # it opens later on this day
    OVER = "over"  # it was open on this day
    CLOSED = "closed"  # not open on this day
    UNKNOWN = "unknown"  # nobody has said


@dataclass(frozen=True, slots=True)
class Today:
    """Whether a point is open at a moment, and until when, or from when (minutes since midnight)."""

    opening: Opening
    at: int = 0


def today(week: Mapping[int, Sequence[Span]], moment: datetime) -> Today:
    """How a point with these hours stands at a moment, which is in the time of the place."""
    if not week:
        return Today(Opening.UNKNOWN)
    spans, minute = week.get(moment.isoweekday(), ()), 60 * moment.hour + moment.minute
    for span in spans:
        if span.opens <= minute < span.closes:
            return Today(Opening.OPEN, span.closes)
        if minute < span.opens:
            return Today(Opening.LATER, span.opens)
    return Today(Opening.OVER if spans else Opening.CLOSED)


def problems(
    entry: Entry, services: Iterable[str], languages: Iterable[str], channels: Iterable[str]
) -> dict[str, str]:
    """Field -> what is wrong with it: `long`, `phone`, or the first value that no list has."""
    found = {
        "place": "long" if len(entry.place) > 200 else "",
        "exceptions": "long" if len(entry.exceptions) > 300 else "",
        "phone": "phone" if entry.phone and not _PHONE.fullmatch(entry.phone) else "",
        "services": _unknown(entry.services, services),
        "languages": _unknown(entry.languages, languages),
        "access": _unknown(entry.access, Access),
        "channels": _unknown(entry.channels, channels),
    }
    return {field: problem for field, problem in found.items() if problem}


def _unknown(given: Iterable[str], known: Iterable[str]) -> str:
    return next(iter(sorted(set(given) - {str(each) for each in known})), "")


def is_shown(state: str, stands_until: date | None, day: date) -> bool:
    """Whether the public sees a point: it is public, and a certificate stands behind it on that day."""
    return state == State.PUBLIC and stands_until is not None and day <= stands_until


def has_to_be_warned(state: str, stands_until: date | None, warned_on: date | None, day: date) -> bool:
    """Whether its coordinators have to be told now that a point drops soon, or has dropped."""
    ends_soon = stands_until is None or stands_until <= day + timedelta(days=WARN_DAYS)
    return state == State.PUBLIC and ends_soon and warned_on is None
