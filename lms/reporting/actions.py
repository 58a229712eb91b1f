"""Ask for a report file, and make it in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms import jobs
from lms.clock import now
from lms.db import insert_once
from lms.reporting.models import ReportFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.reporting.queries import Asked

JOB = "report"


def ask_for_file(db: Session, file_id: str, report: str, asked: Asked, *, form: str, language: str, by: int) -> None:
    """Have a report made as a file. Asking twice with the same id is one file."""
    months = asked.months.in_address if asked.months else {}
    about = {"unit_id": asked.unit.id, "as_of": asked.day, "arguments": {"course": asked.course, **months}}
    made = {"format": form, "language": language, "state": "waiting", "rows": 0, "asked_by": by, "asked_at": now()}
    if insert_once(db, ReportFile, {"id": file_id, "report": report, **about, **made, "ended_at": None}):
        jobs.enqueue(db, JOB, {"file": file_id}, dedupe=job_key(file_id))


def job_key(file_id: str) -> str:
    """Under which key the worker is asked for a file."""
    return f"{JOB}/{file_id}"


def note_progress(database: Database, file_id: str, rows: int) -> None:
    """Say how many rows are written."""
    with database.writing() as db:
        db.execute(update(ReportFile).where(ReportFile.id == file_id).values(rows=rows, state="running"))


def end_file(db: Session, file_id: str, state: str, rows: int = 0) -> None:
    """Note that a file is done, or that it may not be made any more."""
    db.execute(update(ReportFile).where(ReportFile.id == file_id).values(state=state, rows=rows, ended_at=now()))
