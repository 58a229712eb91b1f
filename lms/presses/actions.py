"""What can be done to a print job: start, stop, go on; and what the worker notes of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.clock import now
from lms.people import actions as people
from lms.presses.models import PrintFile, PrintRun
from lms.presses.rules import AT_WORK, State, job_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.presses.rules import Sheet, Wanted

JOB, FORGET = "print", "forget_print"


class NotNow(Exception):
    """A print job is not in a state in which this can be done: somebody else was faster, or it is done."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it lies on the disk: which sheets it holds, which were left out, bytes and SHA-256."""

    number: int
    sheets: Sequence[Sheet]
    left_out: Sequence[Sheet]
    bytes: int
    digest: str


def start(db: Session, client_id: str, wanted: Wanted, *, papers: int, days: int, by: int, today: date) -> int:
    """Have something printed; the id of the print job. Asking twice with the same `client_id` is one job.

    `days` is after how many its files are deleted. Raises `NotNow` if somebody else's job has that id.
    """
    known = _known(db, client_id, by)
    if known is not None:
        return known
    row = PrintRun(
        client_id=client_id, kind=wanted.kind, unit_id=wanted.unit, course_id=wanted.course or None, since=wanted.since,
        until=wanted.until, design=wanted.design, year=wanted.year, sheet_order=wanted.order, state=State.WAITING,
        papers=papers, as_of=today, asked_by=by, asked_at=now(),
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        found = _known(db, client_id, by)
        if found is None:
            raise NotNow(client_id) from None
        return found
    _ask_worker(db, row.id)
    jobs.enqueue(db, FORGET, {"run": row.id}, run_at=now() + timedelta(days=days))
    people.record(db, "print-begun", by, None, run=row.id, what=wanted.kind.value, unit=wanted.unit, papers=papers)
    return row.id


def _known(db: Session, client_id: str, by: int) -> int | None:
    return db.scalar(select(PrintRun.id).where(PrintRun.client_id == client_id, PrintRun.asked_by == by))


def _ask_worker(db: Session, run_id: int) -> None:
    if not jobs.try_again(db, job_key(run_id)):  # one that was given up would keep another from being asked for
        jobs.enqueue(db, JOB, {"run": run_id}, dedupe=job_key(run_id))


def stop(db: Session, run_id: int, *, by: int) -> None:
    """Make no further file; those that are there stay. Raises `NotNow`."""
    row = _locked(db, run_id)
    if row is None or row.state not in AT_WORK:
        raise NotNow(run_id)
    row.state, row.ended_at = State.STOPPED, now()
    people.record(db, "print-stopped", by, None, run=run_id)


def go_on(db: Session, run_id: int, *, by: int) -> None:
    """Make the files that are still missing after a stop, or after the worker failed. Raises `NotNow`."""
    row = _locked(db, run_id)
    if row is not None and row.state in AT_WORK and jobs.try_again(db, job_key(run_id)):
        return
    if row is None or row.state != State.STOPPED or row.forgotten_at is not None:
        raise NotNow(run_id)
    is_chosen = db.scalar(select(PrintFile.id).where(PrintFile.run_id == run_id).limit(1)) is not None
    row.state, row.ended_at = State.RUNNING if is_chosen else State.WAITING, None
    _ask_worker(db, run_id)
    people.record(db, "print-begun", by, None, run=run_id, what=row.kind, unit=row.unit_id, papers=row.papers)


def _locked(db: Session, run_id: int) -> PrintRun | None:
    return db.scalar(select(PrintRun).where(PrintRun.id == run_id).with_for_update())


def chosen(db: Session, task: jobs.Task, files: Sequence[Sequence[Sheet]]) -> None:
    """Keep which paper goes into which file, so that every later look is the same; then the first file is made."""
    row = _locked(db, task.args["run"])
    jobs.finish(db, task)
    if row is None or row.state != State.WAITING:
        return
    db.add_all(
        PrintFile(
            run_id=row.id, number=number, sheets=_plain(sheets), left_out=[], papers=len(sheets), bytes=0, digest="",
        )
        for number, sheets in enumerate(files, 1)
    )  # fmt: skip
    row.papers = sum(map(len, files))
    if files:
        row.state = State.RUNNING
        _ask_worker(db, row.id)
    else:
        row.state, row.ended_at = State.DONE, now()


def made(db: Session, task: jobs.Task, file: Made | None) -> None:
    """Note that a file is there (None: all are), and have the next one made unless the job was stopped meanwhile."""
    row = _locked(db, task.args["run"])
    jobs.finish(db, task)
    if row is None:
        return
    if row.forgotten_at is not None:  # it was deleted while this file was made
        jobs.enqueue(db, FORGET, {"run": row.id})
        return
    if file is not None:
        values = {
            "sheets": _plain(file.sheets), "left_out": [each.name for each in file.left_out],
            "papers": len(file.sheets), "bytes": file.bytes, "digest": file.digest, "made_at": now(),
        }  # fmt: skip
        this = update(PrintFile).where(PrintFile.run_id == row.id, PrintFile.number == file.number)
        db.execute(this.where(PrintFile.made_at.is_(None)).values(values))
    if row.state != State.RUNNING:
        return
    waiting = select(PrintFile.id).where(PrintFile.run_id == row.id, PrintFile.made_at.is_(None))
    if db.scalar(waiting.limit(1)) is not None:
        _ask_worker(db, row.id)
    else:
        row.state, row.ended_at = State.DONE, now()
        people.record(db, "print-done", row.asked_by, None, run=row.id)


def refuse(db: Session, task: jobs.Task) -> None:
    """Whoever asked may not print there any more."""
    row = _locked(db, task.args["run"])
    jobs.finish(db, task)
    if row is not None and row.state in AT_WORK:
        row.state, row.ended_at = State.REFUSED, now()


def forget(db: Session, run_id: int) -> None:
    """Delete the names of a print job; its numbers stay. A job that is still at work ends."""
    row = _locked(db, run_id)
    if row is None:
        return
    if row.state in AT_WORK:
        row.state, row.ended_at = State.STOPPED, now()
    row.forgotten_at = now()
    db.execute(update(PrintFile).where(PrintFile.run_id == run_id).values(sheets=[], left_out=[]))


def _plain(sheets: Sequence[Sheet]) -> list[list[object]]:
    return [list(asdict(each).values()) for each in sheets]
