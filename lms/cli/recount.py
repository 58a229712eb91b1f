"""`lms recount`: count everybody anew, and say whether the figures were right."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
import msgspec

from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.figures.actions import Busy, Recounted, check, recount_all

if TYPE_CHECKING:
    from lms.db import Database


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Only look; exit code 1 if something differs.")
@click.option("--json", "as_json", is_flag=True, help="Print people, units, differences and seconds as JSON.")
def recount(*, only_check: bool, as_json: bool) -> None:
    """Count everybody anew, and put right what differs. The worker counts by itself: this is the proof.

    A difference is a row of standings or figures that is not as the facts make it. What happened in the last seconds
    and is not counted yet differs, too. Nobody has to stop working meanwhile.

    Example: lms recount --check --json
    """
    began = time.monotonic()
    with ready_database(load_settings()) as database:
        try:
            found = _with_bar(database, only_check=only_check)
        except Busy:
            raise click.ClickException("The figures are being counted already. Try again in a minute.") from None
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        click.echo(msgspec.json.encode({**asdict(found), "seconds": seconds}).decode())
    else:
        _say(found, seconds, only_check=only_check)
    raise SystemExit(1 if only_check and found.differences else 0)


def _with_bar(database: Database, *, only_check: bool) -> Recounted:
    count = check if only_check else recount_all
    with click.progressbar(length=1, label="Counting", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, people: int) -> None:
            bar.length = people
            bar.update(done - bar.pos)

        return count(database, on_progress=tell)


def _say(found: Recounted, seconds: float, *, only_check: bool) -> None:
    if not found.differences:
        verdict = "The figures were right."
    elif only_check:
        verdict = f"{found.differences:,} rows differ; lms recount puts them right."
    else:
        verdict = f"{found.differences:,} rows differed; now they are right."
    click.echo(f"Counted {found.people:,} people in {found.units:,} units in {seconds} seconds. {verdict}")
