"""Whole months, from one to another, as addresses, forms and commands name them. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

MOST = 120
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months, by their first and last day."""

    first: date
    last: date

    @property
    def in_address(self) -> dict[str, str]:
        """As an address names them."""
        return {"since": f"{self.first:%Y-%m}", "until": f"{self.last:%Y-%m}"}


def last_day(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def of_year(day: date) -> Months:
    """The year of a day."""
    return Months(date(day.year, 1, 1), date(day.year, 12, 31))


def read_months(since: str, until: str) -> Months | None:
    """From one month to another, as `2026-09`, both included; None where that is no period, or more than ten years."""
    first, end = _month(since), _month(until)
    if first is None or end is None or first > end:
        return None
    is_long = (end.year - first.year) * 12 + end.month - first.month >= MOST
    return None if is_long else Months(first, last_day(end))


def _month(text: str) -> date | None:
    """The first day of a month."""
    found = _MONTH.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
