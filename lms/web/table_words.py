"""What is said of a file that `lms.tables` cannot read, and of its rows: what is the matter and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.web.language import lazy, number

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS = {
    # the file
    "empty": lazy("The file is empty. Choose the file again, or save it once more in your spreadsheet program."),
    "no-rows": lazy("The file has names of columns but no rows below them. Fill it in and send it again."),
    "too-many-rows": lazy("The file has more than %(most)s rows. Divide it and send the parts one after the other."),
    "foreign-format": lazy("This kind of file cannot be read. Save it as XLSX or CSV and send it again."),
    "broken-workbook": lazy(
        "The workbook is damaged. Open it in your spreadsheet program, save it as XLSX, send it again."
    ),
    "large-workbook": lazy("The workbook is too large inside. Save the sheet as CSV and send that."),
    "locked-workbook": lazy("The workbook is locked with a password. Take the password off and send it again."),
    # a row
    "broken-row": lazy("This row cannot be read: one of its cells does not end. Look for a single quotation mark."),
    "open-quote": lazy(
        "A quotation mark in this row is never closed, so the rows after it were read into it. Close it."
    ),
    "too-many-cells": lazy("This row has more than 200 cells. Delete what stands right of your columns."),
    "long-cell": lazy("A cell in this row is longer than 2,000 characters. Shorten it."),
    "nul": lazy("This row has a character that no text has (NUL). Type the row anew."),
    "wrong-letters": lazy(
        "Some letters of this row cannot be read. Choose another encoding, or save the file as UTF-8."
    ),
}


def sentence(reason: str, values: Mapping[str, Any]) -> str:
    """The sentence for the reason of an `Unreadable`, or for the problem of a `Row`."""
    return str(REASONS[reason]) % {name: number(value) for name, value in values.items()}
