"""Entering what a unit counted in a month. The number entered is the month's; only what differs is written.

A higher number adds the difference. A lower one undoes what was entered before, which stays visible with its moment,
and enters the new number in its place: so figures as of a past day stay what they were.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lms.clock import now
from lms.helping import actions, rules, tally_queries
from lms.helping.tally_rules import Change, as_help, change, difference, replacement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.models import HelpEntry
    from lms.helping.tally_queries import Book
    from lms.helping.tally_rules import Box, Number
    from lms.people.models import Unit


def problems(book: Book, box: Box, wanted: Number, today: date) -> dict[str, str]:
    """What is wrong with a number for a box, as `rules.problems` says it; 0 takes away what stands, and is right."""
    given = as_help(box, wanted, book.day)
    found = rules.problems(given, today, is_tally=True) | actions.unlisted(book.lists, given)
    if not box.service:  # a tally need not tell with what people were helped
        found.pop("service", None)
    if found.get("people") == "few" and wanted.people == 0:
        del found["people"]
    return found


def enter(
    db: Session, by: int, unit: Unit, month: date, wanted: Mapping[Box, Number], *, today: date
) -> dict[Box, Change]:
    """Let these boxes of a unit's tally say these numbers. Raises `BadHelp`, and has changed nothing then."""
    tally_queries.take_turns(db, unit.id)
    book = tally_queries.book(db, unit, month, today)
    for box, number in wanted.items():
        if found := problems(book, box, number, today):
            raise actions.BadHelp(found)
    return {box: _let_say(db, by, book, box, number) for box, number in wanted.items()}


def _let_say(db: Session, by: int, book: Book, box: Box, wanted: Number) -> Change:
    stands = book.number(box)
    made = change(stands, wanted)
    if made is Change.UNCHANGED:
        return made
    if made is Change.CORRECTED:
        for entry in book.entries[box]:
            take_back(by, entry)
    number = difference(stands, wanted) if made is Change.ADDED else replacement(stands, wanted)
    if number.people:
        _note(db, by, book, box, number)
    return made


def _note(db: Session, by: int, book: Book, box: Box, number: Number) -> None:
    given = as_help(box, number, book.day)
    standing = rules.tally_standing(book.mandates, given)
    actions.note(db, by, book.unit.id, given, client_id=str(uuid.uuid4()), helper=None, standing=standing)


def take_back(by: int, entry: HelpEntry) -> None:
    """Undo an entry of a tally. Whoever may enter the unit's tallies may; twice changes nothing."""
    if entry.undone_at is None:
        entry.undone_at, entry.undone_by = now(), by
