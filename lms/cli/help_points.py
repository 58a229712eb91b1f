"""`lms help points`: entries of help points from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from lms.cli.schema import ready_database
from lms.clock import now
from lms.config import load_settings
from lms.finding import importing, words
from lms.finding.importing import ColumnMissing, Manner, Outcome
from lms.tables import Unreadable
from lms.web import table_words

if TYPE_CHECKING:
    from lms.finding.importing import Brought

MOST_SHOWN = 20


@click.group()
def points() -> None:
    """Bring in where people find help.

    Example: lms help points import points.csv
    """


@points.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every row that is no entry now.")
def import_points(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring help points in: CSV or XLSX with the code of the unit, place, phone, hours, services, languages, access.

    What comes in is proposed: a coordinator looks it through and lets the public see it. What a coordinator wrote
    stays. A second run changes nothing.

    Example: lms help points import points.csv --dry-run
    """
    settings = load_settings()
    today = now().astimezone(ZoneInfo(settings.time_zone)).date()
    with ready_database(settings) as database:
        try:
            brought = importing.bring_in(database, file, Manner(today, words.tongues(), dry_run))
        except Unreadable as error:
            raise click.ClickException(f"{file}: {table_words.sentence(error.reason, error.values)}") from None
        except ColumnMissing as error:
            raise click.ClickException(f"{file}: no column is named “unit”. Columns: {error}. Rename one.") from None
    _tell(brought, dry_run=dry_run, as_json=as_json)


def _tell(brought: Brought, *, dry_run: bool, as_json: bool) -> None:
    counts = {outcome.value: brought.counts[outcome] for outcome in Outcome}
    troubles = [
        {"row": row, "outcome": outcome.value, "unit": unit, "reason": _reason(name, problem)}
        for row, outcome, unit, name, problem in brought.troubles
    ]
    if as_json:
        facts = {"rows": brought.rows, **counts, "dry_run": dry_run, "troubles": troubles}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(("Would be: " if dry_run else "") + ", ".join(f"{name} {number}" for name, number in counts.items()))
    for trouble in troubles[:MOST_SHOWN]:
        click.echo(f"row {trouble['row']}: {trouble['reason']}")
    if len(troubles) > MOST_SHOWN:
        click.echo("… and more. All of them: --json")


def _reason(name: str, problem: object) -> str:
    if name == "row":
        return table_words.sentence(str(problem), {})
    return words.row_problem(name, problem)
