"""The cells of the list of people, for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.coordination.people_pages import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lms.coordination.people_pages import Noted
RECOGNISED = "recognised"


def cells(row: Noted, states: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    """A person as a line: name, name in Latin letters, units, their codes; then state and dates for each course.

    `states` has the words of each state, and of `RECOGNISED`: certified by earlier learning alone.
    """
    units = row.units
    names, codes = "; ".join([name for _code, name in units]), "; ".join([code for code, _name in units])
    line = [row.name, row.latin_name, names, codes]
    for notes in row.notes.values():
        line += (
            states[RECOGNISED if notes.is_recognised else notes.state],
            str(notes.since or ""),
            _day(notes.last, zone),
            _day(notes.certified, zone),
            str(notes.valid_until or ""),
        )
    return line


def _day(kept: datetime | str | None, zone: ZoneInfo) -> str:
    moment = moment_of(kept)
    return moment.astimezone(zone).date().isoformat() if moment else ""
