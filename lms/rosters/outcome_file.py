"""What became of every row, as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"  # tells spreadsheets that this is UTF-8
BUFFER = 64 * 1024
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """CSV in UTF-8, in pieces of some 64 kB. No cell can be taken for a formula (OWASP, CSV injection)."""
    text = io.StringIO(MARK, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row])
        if text.tell() >= BUFFER:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
