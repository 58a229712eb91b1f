"""The worker's side: a report becomes a file in the data folder."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.people.rules import Right
from lms.reporting import actions, files, queries
from lms.reporting.models import ReportFile
from lms.reporting.months import read_months
from lms.web.language import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.reporting.offers import Offer
    from lms.reporting.rules import Cell

EACH = 5000
KEPT = timedelta(days=14)


def folder(app: Flask) -> Path:
    """Where report files lie."""
    place: Path = app.config["LMS"].home / "reports"
    place.mkdir(parents=True, exist_ok=True)
    return place


def path_of(app: Flask, file: ReportFile) -> Path:
    """Where one report file lies, or will lie."""
    return folder(app) / f"{file.id}.{file.format}"


def make_report(app: Flask, database: Database, task: jobs.Task) -> None:
    """Make a file that somebody asked for, if they still may see what is in it. Bears being run again."""
    offers: Mapping[str, Offer] = app.extensions["lms_reports"]
    with database.reading() as db:
        file = db.get(ReportFile, task.args["file"])
        asked = _asked(db, offers[file.report], file) if file is not None else None
        if file is not None and asked is not None:
            written = _write(app, database, db, offers[file.report], file, asked)
    with database.writing() as db:
        if file is not None:
            actions.end_file(db, file.id, "done" if asked is not None else "refused", written if asked else 0)
        jobs.finish(db, task)
    delete_old(app)


def _asked(db: Session, offer: Offer, file: ReportFile) -> queries.Asked | None:
    """What is asked; None if the right to see it is gone."""
    right = Right.SEE_PEOPLE if offer.report.has_names else Right.OVERSEE
    unit = queries.unit_by_id(db, file.unit_id, file.asked_by, right) if file.unit_id else None
    if unit is None:
        return None
    given, titles = file.arguments, queries.titles(db, file.language)
    months = read_months(given["since"], given["until"]) if "since" in given else None
    return queries.Asked(unit, given["course"], file.as_of, now().date(), titles, months)


def _write(app: Flask, database: Database, db: Session, offer: Offer, file: ReportFile, asked: queries.Asked) -> int:
    count = 0

    def counting() -> Iterator[Sequence[Cell]]:
        nonlocal count
        for row in offer.rows(db, asked):
            count += 1
            if count % EACH == 0:
                actions.note_progress(database, file.id, count)
            yield row

    target = path_of(app, file)
    unfinished = target.with_suffix(".unfinished")
    with app.test_request_context(base_url=app.config["LMS"].url), speaking(file.language):
        above = files.heading(db, offer, asked)
        files.write(unfinished, file.format, offer.report, asked, above, counting())
    unfinished.replace(target)
    return count


def delete_old(app: Flask) -> None:
    """Take away files that nobody has needed for two weeks; they can be made again."""
    oldest = now().timestamp() - KEPT.total_seconds()
    for path in folder(app).iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
