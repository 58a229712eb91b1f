"""Tables for spreadsheets: CSV in pieces, XLSX in constant memory. No cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # tells spreadsheets that this is UTF-8
BUFFER = 64 * 1024
WIDEST = 60


def for_spreadsheet(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection). Numbers and days stay what they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """CSV in UTF-8, in pieces of some 64 kB; an empty cell for None, days as ISO 8601."""
    text = io.StringIO(MARK, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow([for_spreadsheet(cell) for cell in head])
    for row in rows:
        # `for_spreadsheet` without a call for each cell: a country has two million
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row]
        )
        if text.tell() >= BUFFER:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def write_xlsx(
    path: Path, title: str, notes: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """One sheet: the notes, the head, the rows. Rows are written as they come and not kept."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "1")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0.0%"})
        for number, column in enumerate(head):
            sheet.set_column(number, number, min(WIDEST, len(column) + 6))
        for place, note in enumerate(notes):
            sheet.write_string(place, 0, note)
        first = len(notes) + 1
        for number, words in enumerate(head):
            sheet.write_string(first, number, words, bold)
        for place, row in enumerate(rows, first + 1):
            _write_row(sheet, place, row, day, share)


def _write_row(sheet: Any, place: int, row: Sequence[Any], day: Any, share: Any) -> None:
    for number, cell in enumerate(row):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(place, number, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(place, number, cell, day)
        elif isinstance(cell, float):
            sheet.write_number(place, number, cell, share)
        elif cell is not None:
            sheet.write_number(place, number, cell)
