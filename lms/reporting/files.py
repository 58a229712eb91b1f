"""A report as a file: JSON for programs, CSV and XLSX for spreadsheets, all from the same rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from lms.credentials.facts import PRIOR_LEARNING
from lms.figures.rules import State
from lms.spreadsheets import as_csv, write_xlsx
from lms.web.language import _, lazy, show_date, show_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from lms.reporting.queries import Asked
    from lms.reporting.rules import Cell, Column, Report

STATES = {
    State.NOT_STARTED: lazy("Not started"),
    State.UNDER_WAY: lazy("Under way"),
    State.FAILED: lazy("Not passed yet"),
    State.CERTIFIED: lazy("Certified"),
    State.EXEMPT: lazy("Exempt"),
}
# what a certificate rests on where it does not rest on the course
BASES = {PRIOR_LEARNING: lazy("Earlier learning")}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above every copy of a report: its name, what it is about, and when it is true."""

    title: str
    about: str
    definition: str
    as_of: str


def heading(report: Report, asked: Asked, counted: datetime | None) -> Heading:
    """The heading in the language of this request."""
    about = asked.unit.name
    if report.has_course:
        about = _("%(unit)s · %(course)s", unit=about, course=asked.titles.get(asked.course, asked.course))
    if asked.is_past or counted is None:
        as_of = _("As of the end of %(day)s (UTC)", day=show_date(asked.day))
    else:
        as_of = _("As of %(moment)s", moment=show_moment(counted))
    return Heading(_(report.title), about, _(report.definition), as_of)


def head(report: Report) -> list[str]:
    """The words above the columns."""
    return [_(column.words) for column in report.columns]


def in_words(report: Report, row: Sequence[Cell]) -> list[Any]:
    """A row for people: states as words; numbers and days stay what they are, for the spreadsheet to show."""
    return [_worded(column, cell) for column, cell in zip(report.columns, row, strict=True)]


def _worded(column: Column, cell: Cell) -> Any:
    if column.kind == "state":
        return str(STATES[State(str(cell))])
    return str(BASES[str(cell)]) if column.kind == "basis" and cell else cell


def csv_pieces(report: Report, above: Heading, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The report as CSV. The heading is the last line, so that programs find the columns in the first."""

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            yield _rounded(in_words(report, row))
        yield []
        yield [above.title, above.about, above.as_of]
        yield [above.definition]

    return as_csv(head(report), lines())


def _rounded(row: list[Any]) -> list[Any]:
    return [round(cell, 4) if isinstance(cell, float) else cell for cell in row]


def json_lines(report: Report, asked: Asked, rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The report as one JSON object, in pieces; the names of the fields are the columns' ids."""
    about = {
        "report": report.id,
        "unit": asked.unit.code,
        "course": asked.course if report.has_course else None,
        "as_of": asked.day.isoformat(),
        "definition": report.definition,
    }
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    names = [column.id for column in report.columns]
    for number, row in enumerate(rows):
        said = {
            name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in zip(names, row, strict=True)
        }
        yield (",\n" if number else "\n") + json.dumps(said, ensure_ascii=False)
    yield "\n]}\n"


def write(path: Path, form: str, report: Report, asked: Asked, above: Heading, rows: Iterable[Sequence[Cell]]) -> None:
    """Write a report to a file in one of `rules.FORMATS`."""
    if form == "xlsx":
        notes = [above.title, above.about, above.as_of, above.definition]
        write_xlsx(path, above.title, notes, head(report), (in_words(report, row) for row in rows))
    elif form == "csv":
        with path.open("wb") as file:
            file.writelines(csv_pieces(report, above, rows))
    else:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json_lines(report, asked, rows))
