"""Going through a file: by the worker, or by a command. Each batch is one transaction, so a killed run goes on there.

Parsing and understanding rows happens outside of the write transaction; inside stand only what must not change
meanwhile and the writing itself, so that nobody who saves an answer waits long.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.clock import now
from lms.memory import settled
from lms.people import units
from lms.rosters import lookup_queries, run_actions, run_queries
from lms.rosters.columns import PEOPLE, familiar, family_comes_first, suggest
from lms.rosters.entries import person_entry, unit_entry
from lms.rosters.known import Terms
from lms.rosters.pace import Pace
from lms.rosters.people_import_actions import PeopleImport
from lms.rosters.run_queries import State
from lms.rosters.unit_import_actions import UnitsImport
from lms.rosters.unit_matching import in_order
from lms.tables import Unreadable, look, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.rosters.entries import Entry
    from lms.rosters.matching import Decision
    from lms.rosters.run_queries import Run

TRIES = 3  # of a batch, when somebody adds the same code in the same moment


class _Stopped(Exception):
    """The run was stopped, or another worker does these rows: what this one wrote is rolled back."""


class _Lost(Exception):
    """Whoever started the run may not bring people in there any more, or the unit is gone."""


def carry_on(
    database: Database,
    folder: Path,
    run_id: int,
    *,
    task: jobs.Task | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> None:
    """Do what is next for a run: look at its file, check it, or bring it in. `progress` hears how many are done."""
    with database.reading() as db:
        run = run_queries.run(db, run_id)
    if run is not None:
        try:
            if run.state is State.READING:
                _look(database, folder, run, task)
                return
            if run.state in {State.CHECKING, State.RUNNING}:
                with settled():
                    _go_through(database, folder, run, progress)
        except (Unreadable, OSError, _Lost) as error:
            reason, values = (error.reason, error.values) if isinstance(error, Unreadable) else ("file-lost", {})
            if isinstance(error, _Lost):
                reason = "right-lost"
            with database.writing() as db:
                run_actions.fail(db, run_id, reason, values)
    _end(database, run_id, task)


def _look(database: Database, folder: Path, run: Run, task: jobs.Task | None) -> None:
    kind = run.kind
    found = look(folder / run.file, lambda cells: familiar(kind, cells), run.layout)
    columns = suggest(kind, found.names)
    with database.writing() as db:
        first = family_comes_first(found.names, columns)
        run_actions.looked(db, run.id, found, columns, family_first=first)
        if task is not None:
            jobs.finish(db, task)


def _end(database: Database, run_id: int, task: jobs.Task | None) -> None:
    """End the job where nobody can start the run again in the same moment."""
    if task is None:
        return
    with database.writing() as db:
        if not run_actions.is_at_work(db, run_id):
            jobs.finish(db, task)
            return
    raise RuntimeError("the run was started again: the job is tried again, too")


def _go_through(database: Database, folder: Path, run: Run, progress: Callable[[int], None]) -> None:
    work = PeopleImport(run) if run.kind == PEOPLE else UnitsImport(run)
    source = _entries(folder / run.file, run)
    if run.position:
        with database.reading() as db:
            left_out = run_queries.rejected_rows(db, run.id)
        work.remember(entry for entry in islice(source, run.position) if entry.row not in left_out)
    position = run.position
    pace = Pace(work.size, breaks=not run.is_dry and database.engine.dialect.name == "sqlite")
    while batch := list(islice(source, pace.rows)):
        while batch:
            pace.start()
            taken = _batch(database, run, work, position, batch)
            if not taken:
                return
            pace.end(taken)
            position, batch = position + taken, batch[taken:]
            progress(position)
    with database.writing() as db:
        if run_actions.is_at_work(db, run.id):
            run_actions.end(db, run.id)


def _entries(path: Path, run: Run) -> Iterator[Entry]:
    if run.kind == PEOPLE:
        return (person_entry(row, run.columns, family_first=run.family_first) for row in rows(path, run.layout))
    return iter(in_order([unit_entry(row, run.columns) for row in rows(path, run.layout)]))


def _batch(
    database: Database, run: Run, work: PeopleImport | UnitsImport, position: int, entries: Sequence[Entry]
) -> int:
    """Do some rows; how many were done, 0 if the run was stopped."""
    for turn in range(TRIES):
        try:
            step = _check if run.is_dry else _write
            done = step(database, run, work, position, entries)
        except _Stopped:
            return 0
        except IntegrityError:
            if turn == TRIES - 1:
                raise
        else:
            work.settle()
            return done
    return 0


def _check(
    database: Database, run: Run, work: PeopleImport | UnitsImport, position: int, entries: Sequence[Entry]
) -> int:
    with database.reading() as db:
        lookup_queries.prepare(db)
        decisions = _decide(db, run, work, entries)
    with database.writing() as db:
        if not run_actions.advance(db, run.id, run.state, position, decisions):
            raise _Stopped
        run_actions.keep_examples(db, run.id, decisions)
    return len(decisions)


def _write(
    database: Database, run: Run, work: PeopleImport | UnitsImport, position: int, entries: Sequence[Entry]
) -> int:
    with database.writing() as db:
        lookup_queries.prepare(db)
        if run.kind == PEOPLE:
            units.hold_tree(db, run.unit)  # what is open while rows are matched is open when they are written
        decisions = _decide(db, run, work, entries)
        work.write(db)
        if not run_actions.advance(db, run.id, run.state, position, decisions):
            raise _Stopped
    return len(decisions)


def _decide(db: Session, run: Run, work: PeopleImport | UnitsImport, entries: Sequence[Entry]) -> Sequence[Decision]:
    return work.decide(db, entries, _terms(db, run))


def _terms(db: Session, run: Run) -> Terms:
    """What holds for a run now. Raises `_Lost`."""
    if run.by is not None and not lookup_queries.may_bring_in(db, run.by, run.unit):
        raise _Lost
    place = lookup_queries.place(db, run.unit) if run.unit is not None else None
    if run.unit is not None and (place is None or not place.is_open):
        raise _Lost
    is_default = place is not None and (run.kind != PEOPLE or not run.has_units)
    return Terms(now().date(), place.path if place else "", place if is_default else None, run.moves, run.language)
