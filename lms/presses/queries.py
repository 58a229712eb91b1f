"""Reads about print jobs: what would be printed, one job, all of somebody's units. Narrowed to what one coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from lms import jobs
from lms.credentials.models import Certificate
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right
from lms.presses.models import PrintFile, PrintRun
from lms.presses.rules import AT_WORK, Kind, Order, Sheet, State, Wanted, file_name, files_for, job_key
from lms.printing import queries as printing
from lms.printing import statement_queries as statements
from lms.printing.statement_rules import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.printing.statement_rules import StatementPart

MOST_NAMED = 50  # of those who were left out, on the page of a job


@dataclass(frozen=True, slots=True)
class Count:
    """How many papers a choice makes, in how many files; `unsealed` certificates have to wait for their signature."""

    papers: int
    files: int
    unsealed: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A print job, as the worker and its page need it."""

    id: int
    wanted: Wanted
    unit_name: str
    state: State
    papers: int
    as_of: date
    by: int
    by_name: str
    asked_at: datetime
    is_forgotten: bool
    files: int
    made_files: int
    made: int

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in AT_WORK


@dataclass(frozen=True, slots=True)
class File:
    """A file that is made: its number and name, its pages' first and last unit, its size in bytes, and its digest."""

    number: int
    name: str
    papers: int
    first: str
    last: str
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """A print job with its files, and the names of whom it left out, as many as a page can show.

    `trouble` is what the worker met at its last try.
    """

    run: Run
    files: Sequence[File]
    left_out: Sequence[str]
    left_out_count: int
    trouble: jobs.Trouble | None = None

    @property
    def is_live(self) -> bool:
        """Whether something will change on the page by itself."""
        return self.run.is_at_work and not (self.trouble and self.trouble.is_final)


@dataclass(frozen=True, slots=True)
class RunsPage:
    """The print jobs of the units that somebody coordinates, the newest first; `failed` were given up."""

    rows: Sequence[Run]
    page: Page
    failed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NextFile:
    """What the worker makes next."""

    number: int
    sheets: Sequence[Sheet]


def unit_of(db: Session, unit: int) -> Unit:
    """The unit with this id. Raises `NoResultFound`."""
    return db.get_one(Unit, unit)


def may_print(db: Session, actor: int, unit: int) -> bool:
    """Whether somebody coordinates a unit."""
    mine = select(Unit.id).where(Unit.id == unit, visible_units(actor, Right.COORDINATE))
    return db.scalar(mine) is not None


def count(db: Session, wanted: Wanted, parts: Sequence[StatementPart], today: date) -> Count:
    """What a choice makes, in one statement besides the unit's own."""
    unit = unit_of(db, wanted.unit)
    if wanted.kind is Kind.STATEMENTS:
        period = whole(wanted.year or today.year)
        people = statements.count_to_state(db, parts, unit, period, today)
        return Count(people, files_for(people))
    every, unsealed = printing.count_to_print(
        db, today, unit=unit, course=wanted.course, since=wanted.since, until=wanted.until
    )
    return Count(every - unsealed, files_for(every - unsealed), unsealed)


def sheets(db: Session, wanted: Wanted, parts: Sequence[StatementPart], today: date) -> list[Sheet]:
    """The papers that a choice makes."""
    unit = unit_of(db, wanted.unit)
    if wanted.kind is Kind.STATEMENTS:
        found = statements.to_state(db, parts, unit, whole(wanted.year or today.year), today)
        return [Sheet(each.id, "", each.unit, each.name) for each in found]
    chosen = printing.to_print(db, today, unit=unit, course=wanted.course, since=wanted.since, until=wanted.until)
    return [Sheet(each.id, each.code, each.unit, each.name) for each in chosen]


def run(db: Session, run_id: int) -> Run | None:
    """A print job, for the worker."""
    row = db.execute(_described().where(PrintRun.id == run_id)).one_or_none()
    return _run(row) if row else None


def run_of(db: Session, actor: int, run_id: int) -> Run | None:
    """A print job of a unit that somebody coordinates."""
    row = db.execute(_described().where(PrintRun.id == run_id, visible_units(actor, Right.COORDINATE))).one_or_none()
    return _run(row) if row else None


def runs(db: Session, actor: int, at: At) -> RunsPage:
    """The print jobs of the units that somebody coordinates."""
    mine = _described().where(visible_units(actor, Right.COORDINATE))
    found = page(db, mine, (PrintRun.id, PrintRun.id), at, newest_first=True)
    rows = [_run(row) for row in found.rows]
    known = jobs.troubles(db, [job_key(each.id) for each in rows if each.is_at_work])
    given_up = {key for key, trouble in known.items() if trouble.is_final}
    return RunsPage(rows, found, frozenset(each.id for each in rows if job_key(each.id) in given_up))


def _described() -> Select[*tuple[Any, ...]]:
    files = (
        select(
            PrintFile.run_id,
            func.count().label("files"),
            func.count(PrintFile.made_at).label("made_files"),
            func.sum(case((PrintFile.made_at.is_not(None), PrintFile.papers), else_=0)).label("made"),
        )
        .group_by(PrintFile.run_id)
        .subquery()
    )
    return (
        select(PrintRun, Unit.name, Person.name.label("by_name"), files.c.files, files.c.made_files, files.c.made)
        .join(Unit, Unit.id == PrintRun.unit_id)
        .outerjoin(Person, Person.id == PrintRun.asked_by)
        .outerjoin(files, files.c.run_id == PrintRun.id)
    )


def _run(found: Any) -> Run:
    row, unit_name, by_name, files, made_files, made = tuple(found)[:6]
    wanted = Wanted(
        Kind(row.kind), row.unit_id, Order(row.sheet_order), row.course_id or "", row.since, row.until, row.design,
        row.year,
    )  # fmt: skip
    return Run(
        row.id,
        wanted,
        unit_name,
        State(row.state),
        row.papers,
        row.as_of,
        row.asked_by,
        by_name or "",
        row.asked_at,
        row.forgotten_at is not None,
        files or 0,
        made_files or 0,
        int(made or 0),
    )


def run_page(db: Session, found: Run) -> RunPage:
    """A print job with what is made of it."""
    rows = db.scalars(select(PrintFile).where(PrintFile.run_id == found.id).order_by(PrintFile.number)).all()
    left_out = [name for row in rows for name in row.left_out]
    files = [_file(found, row) for row in rows if row.made_at is not None]
    trouble = jobs.troubles(db, [job_key(found.id)]).get(job_key(found.id)) if found.is_at_work else None
    return RunPage(found, files, left_out[:MOST_NAMED], len(left_out), trouble)


def _file(found: Run, row: PrintFile) -> File:
    units = [Sheet(*each).unit for each in row.sheets] or [""]
    return File(
        row.number,
        file_name(found.wanted.kind, row.number, found.wanted.year),
        row.papers,
        units[0],
        units[-1],
        row.bytes,
        row.digest,
    )


def made_file(db: Session, run_id: int, number: int) -> int | None:
    """The size of a file that is made, in bytes."""
    made = select(PrintFile.bytes).where(
        PrintFile.run_id == run_id, PrintFile.number == number, PrintFile.made_at.is_not(None)
    )
    return db.scalar(made)


def next_file(db: Session, run_id: int) -> NextFile | None:
    """The first file of a print job that is not made yet."""
    waiting = select(PrintFile).where(PrintFile.run_id == run_id, PrintFile.made_at.is_(None))
    row = db.scalar(waiting.order_by(PrintFile.number).limit(1))
    return NextFile(row.number, [Sheet(*each) for each in row.sheets]) if row else None


def index(db: Session, run_id: int) -> Iterator[tuple[int, int, Sheet]]:
    """Where each paper is: number of the file, place in it, the sheet; file by file."""
    numbers = select(PrintFile.number).where(PrintFile.run_id == run_id, PrintFile.made_at.is_not(None))
    for number in db.scalars(numbers.order_by(PrintFile.number)).all():
        rows = db.scalar(select(PrintFile.sheets).where(PrintFile.run_id == run_id, PrintFile.number == number))
        for place, each in enumerate(rows or (), 1):
            yield number, place, Sheet(*each)


def holding(db: Session, person: int) -> set[int]:
    """The print jobs, not deleted yet, that have a sheet of somebody."""
    mine = set(db.scalars(select(Certificate.id).where(Certificate.actor_id == person)))
    names = set(db.scalars(select(Person.name).where(Person.id == person)))
    rows = db.execute(
        select(PrintRun.id, PrintRun.kind, PrintFile.sheets, PrintFile.left_out)
        .join(PrintFile, PrintFile.run_id == PrintRun.id)
        .where(PrintRun.forgotten_at.is_(None))
    )
    looked_for = {Kind.CERTIFICATES: mine, Kind.STATEMENTS: {person}}
    return {
        run
        for run, kind, sheets, left_out in rows
        if names & set(left_out) or any(Sheet(*each).id in looked_for[Kind(kind)] for each in sheets)
    }
