"""Files with rows: CSV in any of the usual encodings, and XLSX. Rows come one by one, with the number people see.

A row that cannot be read comes as a row with a problem; only a file that cannot be read at all raises.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lms import encodings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MOST_BYTES = 100 * 2**20
MOST_UNPACKED = 600 * 2**20
MOST_RATIO = 200  # how much smaller a workbook is than its XML; those of people are 5 to 20 times smaller
MOST_MEMORY = 3 * 2**30  # of the process that tries a workbook; a million rows of 20 columns take 1 GiB
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
LONGEST_CELL = 2000
MOST_LINES = 40  # in one row; more means that a quotation mark was never closed
HEAD_WITHIN = 20  # rows before the names of the columns: a title, a date, a ministry
SAMPLES = 5
SEPARATORS = ",;\t|"
PREFIXED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
# what can be said in words (a password, damage) is found again by whoever asked, and said there
APART = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
except (ImportError, ValueError, OSError):
    pass
from python_calamine import CalamineWorkbook
try:
    book = CalamineWorkbook.from_path(sys.argv[1])
    visible = [sheet.name for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)]
    book.get_sheet_by_name(sys.argv[2] if sys.argv[2] in visible else visible[0])
except MemoryError:
    sys.exit(3)
except Exception:
    pass
"""
FOREIGN_ENDINGS = frozenset({".xls", ".ods", ".xlsb", ".numbers", ".pdf", ".doc", ".docx"})


class Unreadable(ValueError):
    """A file cannot be read at all; `reason` is a key of `lms.web.table_words.REASONS`."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


class Row(NamedTuple):
    """A row as it stands in the file, counted from 1; `problem` is a key of `lms.web.table_words.REASONS`."""

    number: int
    cells: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is read. `head` is the number of the row with the names of the columns."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    head: int = 1

    def as_dict(self) -> dict[str, Any]:
        """For a JSON column."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at a file shows. `rows` counts those below the head."""

    layout: Layout
    names: Sequence[str]
    samples: Sequence[Sequence[str]]
    rows: int
    sheets: Sequence[str] = field(default=())


def look(path: Path, familiar: Callable[[Iterable[str]], int], given: Layout | None = None) -> Look:
    """Recognise how a file is written; what `given` says already is believed. Raises `Unreadable`.

    `familiar` counts how many of some cells are names of columns that we know.
    """
    layout = given or Layout()
    sheets: Sequence[str] = ()
    if is_workbook(path):
        _try_apart(path, layout.sheet)
        sheets = _sheets(path)
        layout = Layout(sheet=layout.sheet if layout.sheet in sheets else sheets[0])
    else:
        layout = _recognise(path, familiar, layout)
    top = list(islice(_all_rows(path, layout), HEAD_WITHIN))
    head = _head(top, familiar)
    layout = Layout(layout.encoding, layout.separator, layout.sheet, head.number)
    samples: list[list[str]] = []
    count = 0
    for row in rows(path, layout):
        count += 1
        if len(samples) < SAMPLES and not row.problem:
            samples.append([cell[:80] for cell in row.cells])
    if not count:
        raise Unreadable("no-rows")
    return Look(layout, [cell[:80] for cell in head.cells][:MOST_COLUMNS], samples, count, sheets)


def rows(path: Path, layout: Layout) -> Iterator[Row]:
    """The rows below the head that are not empty. Raises `Unreadable`."""
    count = 0
    for row in _all_rows(path, layout):
        if row.number <= layout.head or not (row.problem or any(row.cells)):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unreadable("too-many-rows", most=MOST_ROWS)
        yield row


def is_workbook(path: Path) -> bool:
    """Whether a file is an XLSX workbook. Raises `Unreadable` for what is neither that nor text."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Unreadable("empty")
    if start.startswith(b"PK\x03\x04"):
        return True
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")) or path.suffix.lower() in FOREIGN_ENDINGS:
        raise Unreadable("foreign-format")
    return False


def _all_rows(path: Path, layout: Layout) -> Iterator[Row]:
    return _workbook_rows(path, layout) if layout.sheet else _text_rows(path, layout)


def _head(top: Sequence[Row], familiar: Callable[[Iterable[str]], int]) -> Row:
    """The row with the names of the columns: where most of them are known, else the first with several cells."""
    full = [row for row in top if not row.problem and any(row.cells)]
    if not full:
        raise Unreadable("empty")
    best = max(full, key=lambda row: (familiar(row.cells), -row.number))
    if familiar(best.cells):
        return best
    return next((row for row in full if sum(map(bool, row.cells)) > 1), full[0])


# text


def _recognise(path: Path, familiar: Callable[[Iterable[str]], int], given: Layout) -> Layout:
    with path.open("rb") as file:
        sample = file.read(encodings.SAMPLE)
        file.seek(0)
        sound = encodings.is_utf8(iter(lambda: file.read(2**20), b""))

    def known(text: str) -> int:
        lines = text.splitlines()[:HEAD_WITHIN]
        return max((familiar(line.split(mark)) for line in lines for mark in SEPARATORS), default=0)

    encoding = given.encoding or encodings.recognise(sample, is_utf8=sound, familiar=known)
    text = sample.decode(encoding, errors="replace")
    return Layout(encoding, given.separator or _separator(text))


def _separator(text: str) -> str:
    """The sign between cells: the one that cuts most rows into the same number of cells, more than one."""
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5]:
        return lines[0][4]

    def evenness(mark: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO("\n".join(lines[:60])), delimiter=mark)
        try:
            widths = Counter(len(row) for row in reader if len(row) > 1)
        except csv.Error:
            return (0, 0)
        (width, often) = widths.most_common(1)[0] if widths else (0, 0)
        return (often, width)

    return max(SEPARATORS, key=evenness)


def _text_rows(path: Path, layout: Layout) -> Iterator[Row]:
    with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=layout.separator)
        number, line = 0, 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, (), "broken-row")
            else:
                lines, line = reader.line_num - line, reader.line_num
                yield _row(number, cells, "open-quote" if lines > MOST_LINES else "")


def _row(number: int, cells: Sequence[str], problem: str = "") -> Row:
    problem = problem or _problem(cells)
    if problem:
        return Row(number, [_clean(cell[:80]) for cell in cells[:MOST_COLUMNS]], problem)
    return Row(number, [_clean(cell) for cell in cells])


def _problem(cells: Sequence[str]) -> str:
    if len(cells) > MOST_COLUMNS:
        return "too-many-cells"
    joined = "".join(cells)
    if len(joined) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
        return "long-cell"
    if "\0" in joined:
        return "nul"
    return "wrong-letters" if "\ufffd" in joined else ""


def _clean(cell: str) -> str:
    """A cell without space around it, with letters in one piece, and without the sign that keeps a formula quiet."""
    if not cell:
        return cell
    if not cell.isascii() and not unicodedata.is_normalized("NFC", cell):
        cell = unicodedata.normalize("NFC", cell)
    cell = cell.strip(" \t\r\n\u00a0\ufeff\0")
    return cell[1:].strip() if cell[:1] == "'" and cell.startswith(PREFIXED) else cell


# workbooks


def _open_workbook(path: Path) -> Any:
    """The workbook, after a look at its size. Raises `Unreadable`. The library is loaded when somebody brings one."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    _check_size(path)
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise Unreadable("locked-workbook") from None
    except CalamineError:
        raise Unreadable("broken-workbook") from None


def _check_size(path: Path) -> None:
    """Look at what the archive says it holds. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("broken-workbook") from None
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(path.stat().st_size, 2**14):
        raise Unreadable("large-workbook")


def _try_apart(path: Path, sheet: str) -> None:
    """Read a sheet in a process of its own first. Raises `Unreadable`.

    The library keeps an array as wide as the last column and as long as the last row, and unpacks more than the archive
    says it holds: two cells far apart, or a lie, would end the process that reads them.
    """
    _check_size(path)
    tried = subprocess.run(  # noqa: S603 - our own words, and a path as an argument
        [sys.executable, "-I", "-c", APART, str(path), sheet, str(MOST_MEMORY)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if tried.returncode:
        raise Unreadable("broken-workbook" if tried.returncode == 1 else "large-workbook")


def _sheets(path: Path) -> Sequence[str]:
    names = [sheet.name for sheet in _open_workbook(path).sheets_metadata if "Visible" in str(sheet.visible)]
    if not names:
        raise Unreadable("broken-workbook")
    return names


def _workbook_rows(path: Path, layout: Layout) -> Iterator[Row]:
    book = _open_workbook(path)
    try:
        sheet = book.get_sheet_by_name(layout.sheet)
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield _row(number, [_as_text(cell) for cell in cells])
    except Exception as error:  # the library has errors of its own, and panics, for damaged sheets
        raise Unreadable("broken-workbook") from error


def _as_text(cell: Any) -> str:
    """A cell's value as a register writes it: whole numbers without a fraction, days as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
