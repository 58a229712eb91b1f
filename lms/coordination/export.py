"""The list of people as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from lms.coordination.rules import for_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lms.coordination.people_pages import PersonRow
    from lms.figures.rules import State

MARK = "\ufeff"  # tells spreadsheets that this is UTF-8
BUFFER = 64 * 1024


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


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """CSV in UTF-8, in pieces of some 64 kB. No cell can be taken for a formula."""
    text = io.StringIO(MARK, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow([for_spreadsheet(cell) for cell in head])
    for row in rows:
        writer.writerow([for_spreadsheet(cell) for cell in row])
        if text.tell() >= BUFFER:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
