"""Bringing tallies in from a file: rows of one box of a month are added up, and that is what the month says then.

So a file that is brought in twice changes nothing the second time, and one that was corrected changes what differs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.helping import tally_actions, tally_queries
from lms.helping.tally_rules import Change, Number, change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.helping.catalogue import Choice
    from lms.helping.tally_files import Line
    from lms.helping.tally_queries import Book
    from lms.helping.tally_rules import Box
    from lms.people.models import Unit

    # the code of a unit, and a month
    Month: TypeAlias = tuple[str, date]

MONTHS_AT_A_TIME = 100  # months of units in one transaction


@dataclass
class Brought:
    """What became of the rows: how many of each change, and which were left out and why.

    `rejected` has the row's number, a reason (a field that is wrong, or what `lms.tables` says of a row) and what was
    given there.
    """

    changes: Counter[Change] = field(default_factory=Counter)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.changes.total() + len(self.rejected)

    @property
    def changed(self) -> int:
        """Rows whose boxes said something else before."""
        return self.changes[Change.ADDED] + self.changes[Change.CORRECTED]


@dataclass(frozen=True, slots=True)
class Importer:
    """Who brings in: on behalf of `by` (None: only look), into units of `person` only (None: into any)."""

    by: int | None
    person: int | None
    today: date


def bring_in(database: Database, lines: Iterable[Line], who: Importer) -> Brought:
    """Bring rows in, a hundred months of units in a transaction."""
    brought, months = Brought(), _gathered(lines)
    if unread := months.pop(None, None):
        brought.rejected += [(line.row, line.problem, "") for line in unread]
    # in one order, so that two who bring in the same units wait for each other and do not lock each other out
    keys = sorted(key for key in months if key is not None)
    for start in range(0, len(keys), MONTHS_AT_A_TIME):
        part = keys[start : start + MONTHS_AT_A_TIME]
        with database.reading() if who.by is None else database.writing() as db:
            units = tally_queries.units_by_code(db, who.person, {code for code, _month in part}, who.today)
            for key in part:
                _bring_month(db, units.get(key[0]), key, months[key], who, brought)
    brought.rejected.sort()
    return brought


def _gathered(lines: Iterable[Line]) -> dict[Month | None, list[Line]]:
    """The rows by unit and month; under None those that cannot be read."""
    months: dict[Month | None, list[Line]] = {}
    for line in lines:
        key = None if line.problem or line.month is None else (line.unit, line.month)
        months.setdefault(key, []).append(line)
    return months


def _bring_month(
    db: Session, unit: Unit | None, key: Month, lines: Sequence[Line], who: Importer, brought: Brought
) -> None:
    if unit is None:
        brought.rejected += [(line.row, "unknown-unit", key[0]) for line in lines]
        return
    book = tally_queries.book(db, unit, key[1], who.today)
    boxes: dict[Box, list[Line]] = {}
    for line in lines:
        boxes.setdefault(_listed(book, line.box), []).append(line)
    wanted = {box: _sum(each) for box, each in boxes.items()}
    for box, number in list(wanted.items()):
        if found := tally_actions.problems(book, box, number, who.today):
            wrong = next(iter(found))
            given = getattr(box, wrong, "")
            brought.rejected += [(line.row, _reason(wrong, found[wrong]), given) for line in boxes[box]]
            del wanted[box]
    changes = _look(book, wanted) if who.by is None else _enter(db, who, unit, key[1], wanted)
    for box, made in changes.items():
        brought.changes[made] += len(boxes[box])


def _look(book: Book, wanted: Mapping[Box, Number]) -> dict[Box, Change]:
    return {box: change(book.number(box), number) for box, number in wanted.items()}


def _enter(db: Session, who: Importer, unit: Unit, month: date, wanted: Mapping[Box, Number]) -> dict[Box, Change]:
    return tally_actions.enter(db, who.by or 0, unit, month, wanted, today=who.today)


def _sum(lines: Sequence[Line]) -> Number:
    total = Number(0)
    for line in lines:
        total += line.number
    return total


def _reason(wrong: str, problem: str) -> str:
    """A month is wrong in two ways that need different words."""
    return problem if wrong == "given_on" else wrong


def _listed(book: Book, box: Box) -> Box:
    """The box with codes where the file has names, in any language, of the programme's lists."""
    audience, service = _code(book.lists.audiences, box.audience), _code(book.lists.services, box.service)
    return box._replace(audience=audience, service=service)


def _code(choices: Sequence[Choice], said: str) -> str:
    if not said or any(each.code == said for each in choices):
        return said
    named = (
        each.code for each in choices if said in [str(name).casefold() for name in (*each.names.values(), each.word)]
    )
    return next(named, said)
