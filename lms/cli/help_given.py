"""`lms help`: help given, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from lms.cli.help_points import points
from lms.cli.schema import ready_database
from lms.clock import now
from lms.config import load_settings
from lms.helping import tally_import, tally_reading, tally_words
from lms.helping.tally_files import ColumnsMissing
from lms.helping.tally_rules import Change
from lms.people import queries as people
from lms.tables import Unreadable
from lms.web import table_words

if TYPE_CHECKING:
    from lms.db import Database
    from lms.helping.tally_import import Brought, Importer

MOST_SHOWN = 20


@click.group()
def help() -> None:  # noqa: A001 - the command is called so
    """Bring in what units counted of the help that they gave, and where people find help.

    Example: lms help import october.csv --by nora
    """


help.add_command(points)


@help.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "login", help="Login of the account on whose behalf; left out: only with --dry-run.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every row that was left out.")
def import_tallies(file: Path, login: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Bring monthly tallies of units in: CSV or XLSX with unit, month, kind, audience and people.

    Rows of one unit, month, kind, audience, service, channel and outcome are added up; that is what the month says
    then. A second run changes nothing.

    Example: lms help import october.csv --dry-run
    """
    if login is None and not dry_run:
        raise click.UsageError("Say on whose behalf the tallies are entered: --by LOGIN. Or only look: --dry-run.")
    settings = load_settings()
    with ready_database(settings) as database:
        by = None if dry_run else _account(database, login or "")
        who = tally_import.Importer(by, None, now().astimezone(ZoneInfo(settings.time_zone)).date())
        brought = _bring_in(database, file, who)
    _tell(brought, dry_run=dry_run, as_json=as_json)


def _account(database: Database, login: str) -> int:
    with database.reading() as db:
        person = people.by_login(db, login)
    if person is None:
        raise click.ClickException(f"There is no account {login}.")
    return person.id


def _bring_in(database: Database, file: Path, who: Importer) -> Brought:
    try:
        return tally_import.bring_in(database, tally_reading.lines_of(file), who)
    except Unreadable as error:
        raise click.ClickException(f"{file}: {table_words.sentence(error.reason, error.values)}") from None
    except ColumnsMissing as error:
        raise click.ClickException(f"{file}: {tally_words.missing(error)}") from None


def _tell(brought: Brought, *, dry_run: bool, as_json: bool) -> None:
    counts = {
        "created": brought.changes[Change.CREATED],
        "changed": brought.changed,
        "unchanged": brought.changes[Change.UNCHANGED],
        "rejected": len(brought.rejected),
    }
    troubles = [{"row": row, "reason": tally_words.reason(key, given)} for row, key, given in brought.rejected]
    if as_json:
        facts = {"rows": brought.rows, **counts, "dry_run": dry_run, "troubles": troubles}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    told = ", ".join(f"{name} {number}" for name, number in counts.items())
    click.echo(("Would be: " if dry_run else "") + told)
    for trouble in troubles[:MOST_SHOWN]:
        click.echo(f"row {trouble['row']}: {trouble['reason']}")
    if len(troubles) > MOST_SHOWN:
        click.echo("… and more. All of them: --json")
