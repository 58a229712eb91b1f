"""The cells of the list of people, for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lms.coordination.people_pages import PersonRow
    from lms.figures.rules import State


def cells(row: PersonRow, states: Mapping[State, str], zone: ZoneInfo) -> list[str]:
    """A person as a line: name, name in Latin letters, units, their codes; then state and dates for each course."""
    codes, units = zip(*row.units, strict=True) if row.units else ((), ())
    line = [row.name, row.latin_name, "; ".join(units), "; ".join(codes)]
    for standing in row.standings.values():
        line += [
            states[standing.state],
            standing.since.isoformat() if standing.since else "",
            _day(standing.last, zone),
            _day(standing.certified, zone),
            standing.valid_until.isoformat() if standing.valid_until else "",
        ]
    return line


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat() if moment else ""
