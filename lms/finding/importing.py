"""Entries of help points from a file: they are proposed, and a coordinator lets the public see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms import tables
from lms.finding import actions, desk_queries, queries, rules
from lms.finding.models import HelpPoint
from lms.finding.rules import BadHours, Entry, State, Week
from lms.helping import catalogue
from lms.helping.rules import Channel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.people.models import Unit
    from lms.tables import Row

COLUMNS = ("unit", "place", "phone", "hours", "exceptions", "services", "languages", "access", "channels")
LISTS = ("services", "languages", "access", "channels")
ROWS_AT_A_TIME = 200


class Outcome(StrEnum):
    """What became of a row."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # the coordinator's own entry stands
    REJECTED = "rejected"


class ColumnMissing(ValueError):
    """No column names the units; the argument lists the columns that there are."""


@dataclass(slots=True)
class Brought:
    """How many rows came to what, and the rows that are no entries now: number, code of the unit, field, problem."""

    rows: int = 0
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    troubles: list[tuple[int, Outcome, str, str, object]] = field(default_factory=list)

    def note(self, row: int, outcome: Outcome, unit: str = "", name: str = "", problem: object = "") -> None:
        """Account for a row."""
        self.rows, self.counts[outcome] = self.rows + 1, self.counts[outcome] + 1
        if outcome in {Outcome.KEPT, Outcome.REJECTED}:
            self.troubles.append((row, outcome, unit, name, problem))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is brought in: the day, the languages that can be named, and whether anything is written."""

    today: date
    languages: Collection[str]
    is_dry: bool


def bring_in(database: Database, file: Path, manner: Manner) -> Brought:
    """Bring a file in, some rows in a transaction. Raises `lms.tables.Unreadable` and `ColumnMissing`."""
    look = tables.look(file, lambda names: sum(_plain(name) in COLUMNS for name in names))
    places = {_plain(name): place for place, name in enumerate(look.names) if _plain(name) in COLUMNS}
    if "unit" not in places:
        raise ColumnMissing(", ".join(look.names))
    brought, seen = Brought(), set[str]()
    rows = iter(tables.rows(file, look.layout))
    while part := list(islice(rows, ROWS_AT_A_TIME)):
        with database.reading() if manner.is_dry else database.writing() as db:
            units = _units(db, part, places["unit"])
            for row in part:
                _bring_row(db, row, places, units, seen, manner, brought)
    return brought


def _plain(name: str) -> str:
    return name.strip().casefold()


def _units(db: Session, part: Iterable[Row], place: int) -> dict[str, Unit]:
    return desk_queries.units_by_code(db, (row.cells[place].strip() for row in part if len(row.cells) > place))


def _bring_row(
    db: Session,
    row: Row,
    places: Mapping[str, int],
    units: Mapping[str, Unit],
    seen: set[str],
    manner: Manner,
    brought: Brought,
) -> None:
    cells = {name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in places.items()}
    code = cells.get("unit", "")
    unit = units.get(code)
    if row.problem:
        brought.note(row.number, Outcome.REJECTED, code, "row", row.problem)
    elif unit is None:
        brought.note(row.number, Outcome.REJECTED, code, "unit", code)
    elif code in seen:
        brought.note(row.number, Outcome.REJECTED, code, "twice", code)
    else:
        seen.add(code)
        _bring_entry(db, row.number, unit, cells, manner, brought)


def _bring_entry(
    db: Session, number: int, unit: Unit, cells: Mapping[str, str], manner: Manner, brought: Brought
) -> None:
    try:
        entry = _entry(cells)
    except BadHours as error:
        brought.note(number, Outcome.REJECTED, unit.code, "hours", error)
        return
    lists = catalogue.catalogue(db, int(unit.path.split("/")[1]), manner.today)
    services = [each.code for each in lists.services]
    wrong = next(iter(rules.problems(entry, services, manner.languages, Channel).items()), None)
    if wrong is not None:
        brought.note(number, Outcome.REJECTED, unit.code, *wrong)
        return
    point = db.scalar(select(HelpPoint).where(HelpPoint.unit_id == unit.id))
    before = _known(db, point) if point is not None else None
    if before == entry:
        brought.note(number, Outcome.UNCHANGED)
    elif point is not None and point.state != State.PROPOSED:
        brought.note(number, Outcome.KEPT, unit.code, "kept", "")
    else:
        if not manner.is_dry:
            actions.write(db, unit, entry, state=State.PROPOSED, by=None, today=manner.today)
        brought.note(number, Outcome.CHANGED if point is not None else Outcome.PROPOSED)


def _entry(cells: Mapping[str, str]) -> Entry:
    words = {name: " ".join(cells.get(name, "").split()) for name in ("place", "phone", "exceptions")}
    offers = {name: frozenset(_items(cells.get(name, ""))) for name in LISTS}
    return _made(words, offers, rules.read_week(cells.get("hours", "")))


def _made(words: Mapping[str, str], offers: Mapping[str, frozenset[str]], week: Week) -> Entry:
    return Entry(
        words["place"],
        words["phone"],
        words["exceptions"],
        week,
        offers["services"],
        offers["languages"],
        offers["access"],
        offers["channels"],
    )


def _items(text: str) -> Iterator[str]:
    return (part.strip().casefold() for part in text.replace(";", ",").split(",") if part.strip())


def _known(db: Session, point: HelpPoint) -> Entry:
    tags: Mapping[str, Sequence[str]] = queries.tags_of(db, [point.id])[point.id]
    week = {day: tuple(spans) for day, spans in queries.weeks_of(db, [point.id])[point.id].items()}
    offers = {name: frozenset(tags.get(tag, ())) for tag, name in actions.TAGS}
    return _made({"place": point.place, "phone": point.phone, "exceptions": point.exceptions}, offers, week)
