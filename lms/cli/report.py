"""`lms report`: a report on the terminal or into a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.app import create_app
from lms.cli.schema import ready_database
from lms.clock import now
from lms.config import load_settings
from lms.figures import queries as figures
from lms.reporting import files, queries
from lms.reporting.rules import FORMATS, REPORTS
from lms.web.language import SOURCE, languages, speaking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command()
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--unit", "code", required=True, help="Code of the unit that it is about.")
@click.option("--course", help="Id of the course; left out, the first one on offer.")
@click.option("--as-of", help="A day (YYYY-MM-DD): the figures at its end. Left out: now.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="Kind of file.")
@click.option("--language", type=click.Choice(languages()), default=SOURCE, show_default=True, help="Its words.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; left out: the terminal.")
def report(
    name: str, code: str, course: str | None, as_of: str | None, form: str, language: str, output: Path | None
) -> None:
    """Write a report: the same rows as on the screen.

    Example: lms report units --unit VN --as-of 2026-10-31 --format xlsx -o october.xlsx
    """
    if output is None and form == "xlsx":
        raise click.UsageError("XLSX is no text for a terminal: name a file with -o.")
    settings = load_settings()
    with ready_database(settings) as database, database.reading() as db:
        app = create_app(settings, database)
        with app.test_request_context(base_url=settings.url), speaking(language):
            asked = _asked(db, name, code, course, as_of, language)
            above = files.heading(REPORTS[name], asked, figures.counted_at(db))
            rows = queries.rows(db, REPORTS[name], asked)
            if output is not None:
                files.write(output, form, REPORTS[name], asked, above, rows)
            elif form == "csv":
                sys.stdout.buffer.writelines(files.csv_pieces(REPORTS[name], above, rows))
            else:
                sys.stdout.writelines(files.json_lines(REPORTS[name], asked, rows))


def _asked(db: Session, name: str, code: str, course: str | None, as_of: str | None, language: str) -> queries.Asked:
    unit, titles, today = queries.unit_by_code(db, code), queries.titles(db, language), now().date()
    if unit is None:
        raise click.ClickException(f"No unit has the code {code}.")
    chosen = course or next(iter(titles), "")
    if chosen not in titles:
        raise click.ClickException(f"No course {chosen!r} is on offer. These are: {', '.join(titles) or 'none'}.")
    try:
        day = date.fromisoformat(as_of) if as_of else today
    except ValueError:
        raise click.UsageError(f"--as-of is {as_of!r}; it takes a day such as {today.isoformat()}.") from None
    if day > today:
        raise click.UsageError(f"--as-of is {as_of}, which is still to come.")
    if day < today and not REPORTS[name].has_past:
        raise click.UsageError(f"The report {name} is made for today only; leave --as-of out.")
    return queries.Asked(unit, chosen, day, today, titles)
