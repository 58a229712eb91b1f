"""Tallies from a file: which column is what, and what each row says."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.helping.rules import Channel, Kind, Outcome
from lms.helping.tally_rules import Box, Number, read_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from lms.tables import Row

FIELDS = ("unit", "month", "kind", "audience", "service", "people", "minutes", "channel", "outcome")
NEEDED = ("unit", "month", "kind", "audience", "people")
# other names of columns, as spreadsheets have them
NAMES = {
    **{field: field for field in FIELDS},
    "unit code": "unit",
    "code": "unit",
    "date": "month",
    "day": "month",
    "number": "people",
    "persons": "people",
}


NO_BOX, NOTHING = Box("", ""), Number(0)


class ColumnsMissing(ValueError):
    """A file has no column for what each row must say; `fields` are those, `names` the columns that it has."""

    def __init__(self, fields: Sequence[str], names: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields, self.names = fields, names

    @property
    def is_no_table(self) -> bool:
        """Whether the file is something else, a picture for example: not even two columns, or signs no text has."""
        named = [" ".join(name.split()) for name in self.names if name]
        return len(named) < 2 or any(unicodedata.category(sign) == "Cc" for name in named for sign in name)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says; `problem` names the field that cannot be read, or the reason of the row itself."""

    row: int
    unit: str = ""
    month: date | None = None
    box: Box = NO_BOX
    number: Number = NOTHING
    problem: str = ""


def columns(names: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    """Field -> place of its column. `said` maps names in the reader's language to fields. Raises `ColumnsMissing`."""
    known = {**{name.casefold(): field for name, field in said.items()}, **NAMES}
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        field = known.get(" ".join(name.split()).casefold())
        if field is not None:
            found.setdefault(field, place)
    if missing := [field for field in NEEDED if field not in found]:
        raise ColumnsMissing(missing, names)
    return found


def familiar(cells: Iterable[str]) -> int:
    """How many cells are names of columns of a tally."""
    return sum(" ".join(cell.split()).casefold() in NAMES for cell in cells)


def read_lines(rows: Iterable[Row], where: Mapping[str, int], said: Mapping[str, str]) -> Iterable[Line]:
    """What the rows say. `said` maps words in the reader's language to codes of kinds, channels and outcomes."""
    codes = {word.casefold(): code for word, code in said.items()}
    codes |= {str(code): str(code) for code in (*Kind, *Channel, *Outcome)}
    for row in rows:
        said = {field: row.cells[place] if place < len(row.cells) else "" for field, place in where.items()}
        if row.problem:
            yield Line(row.number, problem=row.problem)
        elif said["people"]:  # a row of the file to fill in that was not filled in says nothing
            yield _line(row.number, said, codes)


def _line(number: int, said: Mapping[str, str], codes: Mapping[str, str]) -> Line:
    month, people = read_month(said["month"]), _number(said["people"])
    minutes = _number(said.get("minutes", "")) if said.get("minutes") else None
    wrong = {"unit": not said["unit"], "month": month is None, "people": people is None}
    wrong["minutes"] = bool(said.get("minutes")) and minutes is None
    box = Box(
        codes.get(said["kind"].casefold(), said["kind"]),
        said["audience"].casefold(),
        said.get("service", "").casefold(),
        *(codes.get(said.get(each, "").casefold(), said.get(each, "")) for each in ("channel", "outcome")),
    )
    problem = next((field for field, is_wrong in wrong.items() if is_wrong), "")
    return Line(number, said["unit"], month, box, Number(people or 0, minutes), problem)


def _number(text: str) -> int | None:
    plain = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None
