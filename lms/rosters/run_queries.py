"""Reads about import runs: one as the worker needs it, one as its page shows it, all of somebody's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms import jobs
from lms.paging import page
from lms.people.latin import in_latin_letters
from lms.people.models import Person, Unit
from lms.people.queries import visible_units
from lms.rosters.columns import PEOPLE
from lms.rosters.entries import Reason
from lms.rosters.models import ImportBatch, ImportRun, MembershipOffer
from lms.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.paging import At, Page

TROUBLES = 50


class State(StrEnum):
    """How far a run has come. Reading, checking and running are the worker's; in the others a person is asked."""

    READING = "reading"
    MATCHING = "matching"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


AT_WORK = frozenset({State.READING, State.CHECKING, State.RUNNING})


def job_key(run_id: int) -> str:
    """Under which key the worker is asked to go on with a run."""
    return f"import/{run_id}"


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the worker needs it. `is_dry`: nothing but the run itself is written."""

    id: int
    kind: str
    unit: int | None
    by: int | None
    state: State
    file: str
    layout: Layout
    columns: Mapping[str, int]
    family_first: bool
    moves: bool
    language: str
    position: int

    @property
    def is_dry(self) -> bool:
        """Whether this only looks what would change."""
        return self.state is State.CHECKING

    @property
    def has_units(self) -> bool:
        """Whether the rows say themselves which unit they belong to."""
        return "unit_code" in self.columns or "unit_name" in self.columns


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows came to what."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    asked: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.created + self.updated + self.unchanged + self.asked + self.rejected


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that needs a person: what stands in the file, and why."""

    row: int
    outcome: str
    code: str
    who: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Example:
    """A row as the check found it. `changes` are (field, before, after).

    `suggested` is the name of somebody new in Latin letters, where the file gives none.
    """

    row: int
    outcome: str
    changes: Sequence[Sequence[str]]
    suggested: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """What the page of a run shows. `counts` are of what is done so far; `checked` are those of the dry run."""

    id: int
    kind: str
    state: State
    file_name: str
    layout: Layout
    sheets: Sequence[str]
    names: Sequence[str]
    samples: Sequence[Sequence[str]]
    columns: Mapping[str, int]
    family_first: bool
    moves: bool
    language: str
    unit: str
    unit_id: int | None
    rows: int
    counts: Counts
    checked: Counts | None
    examples: Sequence[Example]
    problem: Reason | None
    is_forgotten: bool
    created_at: datetime
    ended_at: datetime | None
    failure: jobs.Trouble | None = None  # what the worker met at its last try

    @property
    def is_at_work(self) -> bool:
        """Whether the worker is busy with it."""
        return self.state in AT_WORK

    @property
    def is_live(self) -> bool:
        """Whether something will change on the page by itself."""
        return self.is_at_work and not (self.failure and self.failure.is_final)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run stands, for a command."""

    state: State
    rows: int
    names: Sequence[str]
    columns: Mapping[str, int]
    counts: Counts
    problem: Reason | None


@dataclass(frozen=True, slots=True)
class Troubles:
    """A page of the rows that need a person; `later` is where the next page begins, None: nowhere."""

    rows: Sequence[Trouble]
    later: str = ""


@dataclass(frozen=True, slots=True)
class RunsPage:
    """All runs that somebody may see, the newest first; `failed` are those that the worker gave up."""

    rows: Sequence[Any]
    page: Page
    failed: frozenset[int] = frozenset()


def run(db: Session, run_id: int) -> Run | None:
    """One run, for the worker."""
    row = db.get(ImportRun, run_id)
    return _run(row) if row is not None else None


def has_file(db: Session, run_id: int, stored: str) -> bool:
    """Whether a run reads the file that was stored under a name."""
    return bool(db.get_one(ImportRun, run_id).options.get("file") == stored)


def _run(row: ImportRun) -> Run:
    options = row.options
    return Run(
        row.id, row.kind, row.unit_id, row.started_by, State(row.state), options.get("file", ""),
        Layout(**options.get("layout", {})), row.mapping, bool(options.get("family_first")), bool(options.get("moves")),
        options.get("language", "en"), row.position,
    )  # fmt: skip


def rejected_rows(db: Session, run_id: int) -> set[int]:
    """The rows that were left out so far."""
    batches = db.scalars(
        select(ImportBatch.troubles).where(ImportBatch.run_id == run_id, ImportBatch.trouble_count > 0)
    )
    return {row[0] for troubles in batches for row in troubles if row[1] == "rejected"}


def _mine(actor: int) -> ColumnElement[bool]:
    """The runs that somebody may see: her own, and those into units that she coordinates."""
    return (ImportRun.started_by == actor) | ImportRun.unit_id.in_(select(Unit.id).where(visible_units(actor)))


def run_page(db: Session, actor: int, run_id: int) -> RunPage | None:
    """The page of a run that somebody may see."""
    found = db.execute(
        select(ImportRun, Unit.name)
        .outerjoin(Unit, Unit.id == ImportRun.unit_id)
        .where(ImportRun.id == run_id, _mine(actor))
    ).one_or_none()
    if found is None:
        return None
    row, unit = found
    options, work = row.options, _run(row)
    return RunPage(
        row.id, row.kind, work.state, row.file_name, work.layout, options.get("sheets", ()),
        options.get("names", ()), options.get("samples", ()), work.columns, work.family_first,
        work.moves, work.language, unit or "", row.unit_id, row.rows,
        Counts(row.created, row.updated, row.unchanged, row.asked, row.rejected),
        Counts(**options["checked"]) if "checked" in options else None,
        [_example(each, work) for each in options.get("examples", ())],
        _reason(json.loads(row.problem)) if row.problem else None,
        not options.get("file"), row.created_at, row.ended_at,
        jobs.troubles(db, [job_key(row.id)]).get(job_key(row.id)) if work.state in AT_WORK else None,
    )  # fmt: skip


def _example(kept: Mapping[str, Any], run: Run) -> Example:
    """Nothing is stored of a suggestion: it follows the rules of today, and no import can put it over a given name."""
    new = {field: after for field, before, after in kept["changes"] if not before}
    is_open = run.kind == PEOPLE and "latin_name" not in new
    name, language = new.get("name", "") if is_open else "", new.get("language") or run.language
    return Example(kept["row"], kept["outcome"], kept["changes"], in_latin_letters(name, language))


def _reason(pair: Sequence[Any]) -> Reason | None:
    return Reason(pair[0], pair[1]) if pair and pair[0] else None


def runs(db: Session, actor: int, at: At) -> RunsPage:
    """The runs that somebody may see, the newest first."""
    statement = (
        select(ImportRun, Unit.name.label("unit"), Person.name.label("by"))
        .outerjoin(Unit, Unit.id == ImportRun.unit_id)
        .outerjoin(Person, Person.id == ImportRun.started_by)
        .where(_mine(actor))
    )
    found = page(db, statement, (ImportRun.id, ImportRun.id), at, newest_first=True)
    known = jobs.troubles(db, [job_key(each[0].id) for each in found.rows if each[0].state in AT_WORK])
    given_up = {key for key, trouble in known.items() if trouble.is_final}
    failed = frozenset(each[0].id for each in found.rows if job_key(each[0].id) in given_up)
    return RunsPage(found.rows, found, failed)


def troubles(db: Session, run_id: int, *, only: str = "", after: str = "") -> Troubles:
    """Some of the rows that need a person, in the order in which they were taken."""
    batch, skip = (int(part) for part in after.split("-")) if after else (0, 0)
    found: list[Trouble] = []
    statement = (
        select(ImportBatch.first_row, ImportBatch.troubles)
        .where(ImportBatch.run_id == run_id, ImportBatch.trouble_count > 0, ImportBatch.first_row >= batch)
        .order_by(ImportBatch.first_row)
        .execution_options(yield_per=5)
    )
    for first, rows in db.execute(statement):
        for place, (row, outcome, code, who, key, values) in enumerate(rows):
            if (first == batch and place < skip) or (only and outcome != only):
                continue
            if len(found) == TROUBLES:
                return Troubles(found, f"{first}-{place}")
            found.append(Trouble(row, outcome, code, who, _reason((key, values))))
    return Troubles(found)


def all_troubles(db: Session, run_id: int) -> Iterator[Trouble]:
    """All rows that need a person, batch by batch."""
    statement = (
        select(ImportBatch.troubles)
        .where(ImportBatch.run_id == run_id, ImportBatch.trouble_count > 0)
        .order_by(ImportBatch.first_row)
        .execution_options(yield_per=5)
    )
    for rows in db.scalars(statement):
        for row, outcome, code, who, key, values in rows:
            yield Trouble(row, outcome, code, who, _reason((key, values)))


def unfinished(db: Session, kind: str, unit: int | None, digest: str) -> int | None:
    """The run of a command that was killed while it brought this very file in."""
    return db.scalar(
        select(ImportRun.id)
        .where(
            ImportRun.kind == kind,
            ImportRun.unit_id.is_(None) if unit is None else ImportRun.unit_id == unit,
            ImportRun.digest == digest,
            ImportRun.state == State.RUNNING,
            ImportRun.started_by.is_(None),
        )
        .order_by(ImportRun.id.desc())
        .limit(1)
    )


def summary(db: Session, run_id: int) -> RunSummary:
    """How a run stands, for a command."""
    row = db.get_one(ImportRun, run_id)
    counts = Counts(row.created, row.updated, row.unchanged, row.asked, row.rejected)
    problem = _reason(json.loads(row.problem)) if row.problem else None
    return RunSummary(State(row.state), row.rows, row.options.get("names", ()), row.mapping, counts, problem)


def outcomes(db: Session, run_id: int) -> Iterator[tuple[int, str, str, Reason | None]]:
    """Row, outcome, code and reason of every row, batch by batch."""
    statement = (
        select(ImportBatch.outcomes)
        .where(ImportBatch.run_id == run_id)
        .order_by(ImportBatch.first_row)
        .execution_options(yield_per=5)
    )
    for rows in db.scalars(statement):
        for row, outcome, *more in rows:
            code, key, values = (*more, "", "", {})[:3] if len(more) < 3 else more
            yield row, outcome, code, _reason((key, values)) if key else None


def waiting_decisions(db: Session, actor: int) -> int:
    """How many rows of runs that ended need somebody."""
    ended = ImportRun.state.in_([State.DONE, State.STOPPED])
    return db.scalar(select(func.coalesce(func.sum(ImportRun.rejected), 0)).where(_mine(actor), ended)) or 0


def offers(db: Session, person: int) -> Sequence[Any]:
    """The open units that list somebody, and ask whether that is right."""
    return db.execute(
        select(MembershipOffer.id, MembershipOffer.since, Unit.name, Unit.code)
        .join(Unit, Unit.id == MembershipOffer.unit_id)
        .where(MembershipOffer.person_id == person, MembershipOffer.decided_at.is_(None), Unit.closed_on.is_(None))
        .order_by(MembershipOffer.id)
        .limit(TROUBLES)
    ).all()
