"""Certificates on paper from the command line: print jobs, and one certificate as a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from lms.cli.schema import open_database
from lms.clock import now
from lms.config import load_settings
from lms.credentials.paper import render_pdf, render_picture
from lms.printable import MissingLetters
from lms.printing import jobs, queries
from lms.sealing import pictures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.credentials.paper import Paper
    from lms.people.models import Unit


def exported(db: Session, settings: Settings, code: str, form: Literal["pdf", "png", "svg"]) -> bytes:
    """A certificate as PDF or as a picture. Raises `ClickException` if it is not signed or cannot be printed."""
    paper = queries.paper(db, code, settings.url.rstrip("/"))
    if paper is None:
        raise click.ClickException(f"{code} is not signed yet. The worker does it within seconds: lms work")
    try:
        if form == "pdf":
            return render_pdf(paper)
        return pictures.noted(render_picture(paper, form), form, paper.signed)
    except MissingLetters as problem:
        raise click.ClickException(f"{code} cannot be printed. {problem}") from problem


@click.command("print")
@click.option("--unit", "code", help="Code of a unit: its people and those of the units below it.")
@click.option("--course", default="", help="Id of a course.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Those issued on this day (UTC) or later.")
@click.option(
    "--size", type=click.IntRange(1, jobs.AT_ONCE), default=jobs.AT_ONCE, show_default=True, help="In a file."
)
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True, help="At work at a time.")
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder."
)
def print_command(
    code: str | None, course: str, since: datetime | None, size: int, processes: int, folder: Path
) -> None:
    """Write print jobs: PDF files of up to 500 valid certificates each, by unit and name, and index.csv.

    Repeated with the same certificates it writes the same bytes. A file of 500 takes up to 2.5 GB of memory in each
    process while it is made; on a small machine take --size 100 or --processes 1.

    Example: lms certificates print --unit CESIS --since 2026-11-01 -o ~/to-print
    """
    settings = load_settings()
    base = settings.url.rstrip("/")
    with open_database(settings) as database:
        with database.reading() as db:
            day = since.date() if since else None
            found = queries.to_print(db, now().date(), unit=_unit(db, code), course=course, since=day)
        made = jobs.jobs(found, size)
        folder.mkdir(parents=True, exist_ok=True)

        def papers(job: jobs.Job) -> list[Paper]:
            with database.reading() as db:
                return queries.papers(db, [each.id for each in job.certificates], base)

        written = jobs.print_jobs(made, papers, folder, processes)
        hidden = not sys.stderr.isatty()
        try:
            with click.progressbar(length=len(found), label="Printing", file=sys.stderr, hidden=hidden) as bar:
                for job in written:
                    bar.update(len(job.certificates))
        except MissingLetters as problem:
            raise click.ClickException(str(problem)) from problem
    (folder / jobs.INDEX).write_text(jobs.index(made), encoding="utf-8-sig", newline="")
    click.echo(f"{folder}: {len(found)} certificates in {len(made)} files, and {jobs.INDEX}")


def _unit(db: Session, code: str | None) -> Unit | None:
    if code is None:
        return None
    unit = queries.unit_of(db, code)
    if unit is None:
        raise click.ClickException(f"There is no unit {code}. lms units list shows their codes.")
    return unit
