"""A file of tallies, opened: CSV or XLSX, to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import tables
from lms.helping import tally_files, tally_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lms.helping.tally_files import Line


def lines_of(path: Path) -> Iterator[Line]:
    """What the rows of a file say. Raises `lms.tables.Unreadable` and `ColumnsMissing`, before the first row."""
    look = tables.look(path, tally_files.familiar)
    where = tally_files.columns(look.names, tally_words.column_names())
    return iter(tally_files.read_lines(tables.rows(path, look.layout), where, tally_words.codes()))
