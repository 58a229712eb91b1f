"""Bringing the figures of help up to date: with what is new, or all of them against the entries.

Every change is added to what stands, in the transaction that marks its entries as counted. So two who count at once
add each entry once, and a whole count may run beside them: it adds what is missing in the moment that it looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.among import among
from lms.clock import now
from lms.db import insert_once
from lms.figures import turns
from lms.figures.counted_queries import digest_of_units
from lms.figures.queries import counted_at as figures_counted_at
from lms.figures.storing import drop, put
from lms.helping import counting_queries as queries
from lms.helping.adding import Row, Sums
from lms.helping.models import UNCOUNTED, HelpCount, HelpEntry, HelperDay, HelpersLast, HelpFigure, HelpServiceFigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from lms.db import Database

MOST = 1000  # entries, or rows of figures, in one transaction
ONLY = 1  # the id of the one row
BEGINNING = {"id": ONLY, "whole_at": None, "counted_at": None, "units": "", "figures_at": None}


def count_new(database: Database) -> int:
    """Count what was logged or undone since; how many entries that were. After a change of the trees: everything."""
    moment, counted = now(), 0
    with database.reading() as db:
        if not queries.has_entries(db):
            return 0
        is_out_of_shape = db.scalar(select(HelpCount.units)) != digest_of_units(db, moment.date())
    if is_out_of_shape:
        recount(database)
    while number := _count_some(database):
        counted += number
    with database.writing() as db:
        insert_once(db, HelpCount, BEGINNING)
        db.execute(update(HelpCount).values(counted_at=moment))
        is_elsewhere = db.scalar(select(HelpCount.figures_at)) != figures_counted_at(db)
    if counted or is_elsewhere:
        count_last_days(database)
    return counted


def _count_some(database: Database) -> int:
    with database.writing() as db:
        waiting = select(HelpEntry).where(UNCOUNTED).order_by(HelpEntry.id).limit(MOST)
        rows = db.scalars(waiting.with_for_update(skip_locked=True)).all()
        if not rows:
            return 0
        sums = Sums(queries.above(db, {row.unit_id for row in rows}))
        for row in rows:
            sign = -1 if row.undone_at is not None else 1
            sums.add(_row(row, sign))
            row.is_counted = sign > 0
        db.flush()
        _add(db, sums)
        note_days(db, {row.helper_id for row in rows if row.helper_id is not None})
    return len(rows)


def _row(entry: HelpEntry, sign: int) -> Row:
    of = (entry.unit_id, entry.given_on, entry.kind, entry.audience, entry.service, entry.standing, entry.is_tally)
    return Row(*of, sign * entry.people, sign)


def _add(db: Session, sums: Sums) -> None:
    sums.settle()
    for model, found in ((HelpFigure, sums.figures), (HelpServiceFigure, sums.services)):
        # in one order everywhere, so that two who count at once wait for each other and do not lock each other out
        rows = sorted((*key, *numbers) for key, numbers in found.items())
        put(db, model, rows, adding=True)
        empty = (model.people == 0, model.entries == 0)
        db.execute(delete(model).where(among(model.unit_id, sorted({row[0] for row in rows})), *empty))


def note_days(db: Session, helpers: set[int]) -> None:
    """Note when these people helped last. Who never did has no row."""
    found = queries.last_days(db, helpers)
    put(db, HelperDay, sorted(found.items()))
    drop(db, HelperDay, [(each,) for each in sorted(helpers - found.keys())])


def recount(database: Database) -> int:
    """Count every entry anew and put right what differs; how many rows did. While somebody else counts: 0."""
    turn = turns.take(database)
    if turn is None:
        return 0
    try:
        return _recount(turn)
    finally:
        turn.end()


def _recount(turn: turns.Turn) -> int:
    moment = now()
    with turn.database.at_one_moment() as db:
        shape, sums = digest_of_units(db, moment.date()), queries.sums_of_counted(db)
        for model, found in ((HelpFigure, sums.figures), (HelpServiceFigure, sums.services)):
            queries.take_away(db, model, found)
        sums.settle()
        days = queries.days_that_differ(db)
    differences = len(sums.figures) + len(sums.services) + len(days)
    for part in _parts(sums):
        with turn.writing() as db:
            _add(db, part)
    for start in range(0, len(days), MOST):
        with turn.writing() as db:
            note_days(db, set(days[start : start + MOST]))
    with turn.writing() as db:
        insert_once(db, HelpCount, BEGINNING)
        db.execute(update(HelpCount).values(whole_at=moment, units=shape))
    return differences


def _parts(sums: Sums) -> Iterator[Sums]:
    """The same in pieces, so that nobody waits long for the write lock."""
    for name in ("figures", "services"):
        rows = list(getattr(sums, name).items())
        for start in range(0, len(rows), MOST):
            part = Sums({})
            getattr(part, name).update(rows[start : start + MOST])
            yield part


def count_last_days(database: Database) -> None:
    """Count anew, for the units of the upper levels, how many people helped on which day for the last time."""
    with database.at_one_moment() as db:
        found, noted = queries.last_days_above(db)
        seen = figures_counted_at(db)
    gone = sorted(noted.keys() - found.keys())
    puts = sorted((*key, number) for key, number in found.items() if noted.get(key) != number)
    for start in range(0, len(gone), MOST):
        with database.writing() as db:
            drop(db, HelpersLast, gone[start : start + MOST])
    for start in range(0, len(puts), MOST):
        with database.writing() as db:
            put(db, HelpersLast, puts[start : start + MOST])
    with database.writing() as db:
        insert_once(db, HelpCount, BEGINNING)
        db.execute(update(HelpCount).values(figures_at=seen))
