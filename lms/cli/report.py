"""`lms report`: a report on the terminal or into a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from lms.app import REPORTS, create_app
from lms.cli.schema import ready_database
from lms.clock import now
from lms.config import load_settings
from lms.reporting import files, queries
from lms.reporting.months import of_year, read_months
from lms.reporting.rules import FORMATS
from lms.web.language import SOURCE, languages, speaking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.reporting.months import Months
    from lms.reporting.rules import Report


class _Wanted(NamedTuple):
    code: str
    course: str | None
    as_of: str | None
    since: str | None
    until: str | None


@click.command()
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--unit", "code", required=True, help="Code of the unit that it is about.")
@click.option("--course", help="Id of the course; left out, the first one on offer.")
@click.option("--as-of", help="A day (YYYY-MM-DD): the figures at its end. Left out: now.")
@click.option("--since", help="First month (YYYY-MM) of a report on help; left out: January.")
@click.option("--until", help="Last month (YYYY-MM) of a report on help; left out: December.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help="Kind of file.")
@click.option("--language", type=click.Choice(languages()), default=SOURCE, show_default=True, help="Its words.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; left out: the terminal.")
def report(  # noqa: PLR0913 - a command has its options
    *,
    name: str,
    code: str,
    course: str | None,
    as_of: str | None,
    since: str | None,
    until: str | None,
    form: str,
    language: str,
    output: Path | None,
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
            offer = REPORTS[name]
            asked = _asked(db, offer.report, _Wanted(code, course, as_of, since, until), language)
            above, rows = files.heading(db, offer, asked), offer.rows(db, asked)
            if output is not None:
                files.write(output, form, offer.report, asked, above, rows)
            elif form == "csv":
                sys.stdout.buffer.writelines(files.csv_pieces(offer.report, above, rows))
            else:
                sys.stdout.writelines(files.json_lines(offer.report, asked, above, rows))


def _asked(db: Session, known: Report, wanted: _Wanted, language: str) -> queries.Asked:
    unit, titles, today = queries.unit_by_code(db, wanted.code), queries.titles(db, language), now().date()
    if unit is None:
        raise click.ClickException(f"No unit has the code {wanted.code}.")
    chosen = wanted.course or next(iter(titles), "")
    if chosen not in titles and (known.has_course or chosen):
        raise click.ClickException(f"No course {chosen!r} is on offer. These are: {', '.join(titles) or 'none'}.")
    day = _day(wanted.as_of, today)
    if day < today and not known.has_past:
        raise click.UsageError(f"The report {known.id} is made for today only; leave --as-of out.")
    return queries.Asked(unit, chosen, day, today, titles, _months(known, wanted, day))


def _day(as_of: str | None, today: date) -> date:
    try:
        day = date.fromisoformat(as_of) if as_of else today
    except ValueError:
        raise click.UsageError(f"--as-of is {as_of!r}; it takes a day such as {today.isoformat()}.") from None
    if day > today:
        raise click.UsageError(f"--as-of is {as_of}, which is still to come.")
    return day


def _months(known: Report, wanted: _Wanted, day: date) -> Months | None:
    if not known.has_months:
        if wanted.since or wanted.until:
            raise click.UsageError(f"The report {known.id} is about no period; leave --since and --until out.")
        return None
    usual = of_year(day).in_address
    since, until = wanted.since or usual["since"], wanted.until or usual["until"]
    found = read_months(since, until)
    if found is None:
        raise click.UsageError(
            f"--since is {since!r} and --until is {until!r}; they take months such as {day:%Y-%m}, the second one the "
            "same or a later one, within ten years."
        )
    return found
