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

    from sqlalchemy.orm import Session

    from lms.reporting.offers import Offer
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
    """What stands above every copy of a report: its name, what it is about, and when it is true.

    `counted` is the moment up to which it is counted; None for a past day. `notes` say more, one sentence each.
    """

    title: str
    about: str
    definition: str
    as_of: str
    counted: datetime | None = None
    notes: Sequence[str] = ()


def heading(db: Session, offer: Offer, asked: Asked) -> Heading:
    """The heading in the language of this request."""
    report, counted = offer.report, None if asked.is_past else offer.counted_at(db)
    if asked.is_past:
        as_of = _("As of the end of %(day)s (UTC)", day=show_date(asked.day))
    elif counted is None:
        as_of = _("Not counted yet.")
    else:
        as_of = _("As of %(moment)s", moment=show_moment(counted))
    about = _about(report, asked)
    return Heading(_(report.title), about, _(report.definition), as_of, counted, offer.notes(db, asked))


def _about(report: Report, asked: Asked) -> str:
    about = asked.unit.name
    if report.has_course:
        about = _("%(unit)s · %(course)s", unit=about, course=asked.titles.get(asked.course, asked.course))
    if asked.months is not None:
        first, last = show_date(asked.months.first), show_date(asked.months.last)
        about = _("%(unit)s · %(first)s – %(last)s", unit=about, first=first, last=last)
    return about


def head(report: Report) -> list[str]:
    """The words above the columns."""
    return [_(column.words) for column in report.columns]


def in_words(report: Report, row: Sequence[Cell]) -> list[Any]:
    """A row for people: states and months as words; numbers and days stay as they are, for the spreadsheet to show."""
    return [_worded(column, cell) for column, cell in zip(report.columns, row, strict=True)]


def _worded(column: Column, cell: Cell) -> Any:
    if column.kind == "state":
        return str(STATES[State(str(cell))])
    if column.kind == "month":
        return _month(cell) or _("Whole period")
    return str(BASES[str(cell)]) if column.kind == "basis" and cell else cell


def _month(cell: Cell) -> str | None:
    return f"{cell:%Y-%m}" if isinstance(cell, date) else None


def csv_pieces(report: Report, above: Heading, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The report as CSV. The heading is the last line, so that programs find the columns in the first."""

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            yield _rounded(in_words(report, row))
        yield []
        yield [above.title, above.about, above.as_of]
        yield [above.definition]
        for note in above.notes:
            yield [note]

    return as_csv(head(report), lines())


def _rounded(row: list[Any]) -> list[Any]:
    return [round(cell, 4) if isinstance(cell, float) else cell for cell in row]


def json_lines(report: Report, asked: Asked, above: Heading, rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The report as one JSON object, in pieces; the names of the fields are the columns' ids."""
    about = {
        "report": report.id,
        "unit": asked.unit.code,
        "course": asked.course if report.has_course else None,
        "as_of": asked.day.isoformat(),
        "counted_at": above.counted.isoformat() if above.counted else None,
        **(asked.months.in_address if asked.months else {}),
        "definition": report.definition,
        "notes": list(above.notes),
    }
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(rows):
        said = {column.id: _for_programs(column, cell) for column, cell in zip(report.columns, row, strict=True)}
        yield (",\n" if number else "\n") + json.dumps(said, ensure_ascii=False)
    yield "\n]}\n"


def _for_programs(column: Column, cell: Cell) -> str | int | float | None:
    if column.kind == "month":
        return _month(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def write(path: Path, form: str, report: Report, asked: Asked, above: Heading, rows: Iterable[Sequence[Cell]]) -> None:
    """Write a report to a file in one of `rules.FORMATS`."""
    if form == "xlsx":
        notes = [above.title, above.about, above.as_of, above.definition, *above.notes]
        write_xlsx(path, above.title, notes, head(report), (in_words(report, row) for row in rows))
    elif form == "csv":
        with path.open("wb") as file:
            file.writelines(csv_pieces(report, above, rows))
    else:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json_lines(report, asked, above, rows))
