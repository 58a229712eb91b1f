"""The hours in which nobody is written to. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_QUIET = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


def quiet_times(text: str) -> tuple[time, time] | None:
    """From when until when nobody is written to; None for never. Raises `ValueError`."""
    if not text.strip():
        return None
    found = _QUIET.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no span of time such as 21:00-08:00")
    hour, minute, end_hour, end_minute = map(int, found.groups())
    return time(hour, minute), time(end_hour, end_minute)


def is_quiet(moment: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> bool:
    """Whether a moment lies in the quiet hours, which may run over midnight."""
    if quiet is None:
        return False
    start, end = quiet
    here = moment.astimezone(zone).time()
    return start <= here < end if start <= end else here >= start or here < end


def next_decent(moment: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    if quiet is None or not is_quiet(moment, quiet, zone):
        return moment
    here = moment.astimezone(zone)
    end = here.replace(hour=quiet[1].hour, minute=quiet[1].minute, second=0, microsecond=0)
    return (
        end
        if end > here
        else (here + timedelta(days=1)).replace(hour=quiet[1].hour, minute=quiet[1].minute, second=0, microsecond=0)
    )
