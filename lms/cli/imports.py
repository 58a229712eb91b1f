"""What `lms units import` and `lms people import` share: one file, brought in here and now, with a summary."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import uuid
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.rosters import lookup_queries, run_actions, run_queries, running
from lms.rosters.columns import FIELDS, LANGUAGE_FIELD
from lms.rosters.run_queries import State
from lms.rosters.words import OUTCOMES, field_name, outcome_name, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lms.config import Settings
    from lms.db import Database
    from lms.rosters.run_queries import Trouble

MOST_SHOWN = 20
OPTIONS = (
    click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    click.option("--unit", help="Code of the unit that the file may touch, with all below it; left out: everything."),
    click.option("--dry-run", is_flag=True, help="Only say what would change."),
    click.option("--column", "columns", multiple=True, metavar="FIELD=NAME", help="Which column holds a field."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON, with every row that was left out."),
)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an import."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def bring_in(
    kind: str,
    file: Path,
    *,
    unit: str | None,
    dry_run: bool,
    columns: Sequence[str],
    as_json: bool,
    moves: bool = False,
) -> None:
    """Bring a file in, and say what came of it. A command that was killed goes on where it was."""
    settings = load_settings()
    with ready_database(settings) as database:
        scope = _unit(database, unit)
        run_id = _begin(database, settings, kind, file, scope, dry_run=dry_run)
        folder = settings.home / run_actions.FOLDER
        with database.reading() as db:
            state = run_queries.summary(db, run_id).state
        if state is State.READING:
            running.carry_on(database, folder, run_id)
            _choose(database, run_id, kind, columns, dry_run=dry_run, moves=moves, language=settings.language)
        _go(database, folder, run_id)
        _tell(database, run_id, as_json=as_json, dry_run=dry_run)


def _unit(database: Database, code: str | None) -> int | None:
    if code is None:
        return None
    with database.reading() as db:
        found = lookup_queries.unit_by_code(db, code)
    if found is None:
        raise click.ClickException(f"No unit has the code {code}.")
    return found


def _begin(database: Database, settings: Settings, kind: str, file: Path, unit: int | None, *, dry_run: bool) -> int:
    """The run of this file: a new one, or the one that a killed command left behind."""
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    if not dry_run:
        with database.reading() as db:
            known = run_queries.unfinished(db, kind, unit, digest)
        if known is not None:
            return known
    folder = settings.home / run_actions.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stored = run_actions.stored_name(file.name)
    shutil.copyfile(file, folder / stored)
    upload = run_actions.Upload(str(uuid.uuid4()), kind, unit, file.name, stored, digest, settings.import_days)
    with database.writing() as db:
        return run_actions.receive(db, upload, by=None, language=settings.language)


def _choose(
    database: Database, run_id: int, kind: str, given: Sequence[str], *, dry_run: bool, moves: bool, language: str
) -> None:
    """Match the columns: as recognised, and as the options say."""
    with database.writing() as db:
        seen = run_queries.summary(db, run_id)
        if seen.state is State.FAILED:
            raise click.ClickException(sentence(seen.problem))
        columns = dict(seen.columns)
        for pair in given:
            field, _equals, name = pair.partition("=")
            if field not in FIELDS[kind] and not field.startswith(LANGUAGE_FIELD):
                raise click.UsageError(f"{field!r} is no field. Fields: {', '.join(FIELDS[kind])}.")
            if name not in seen.names:
                raise click.UsageError(f"No column is named {name!r}. Columns: {', '.join(seen.names)}.")
            columns[field] = list(seen.names).index(name)
        choice = run_actions.Choice(columns, moves=moves, language=language)
        try:
            if dry_run:
                run_actions.check(db, run_id, choice, by_worker=False)
            else:
                run_actions.enter(db, run_id, choice)
        except run_actions.ColumnMissing as lacking:
            field = str(lacking)
            raise click.ClickException(
                f"No column is recognised as “{field_name(field)}”. Columns: {', '.join(seen.names)}. "
                f"Name it: --column {field}=NAME"
            ) from None


def _go(database: Database, folder: Path, run_id: int) -> None:
    with database.reading() as db:
        rows = run_queries.summary(db, run_id).rows
    shown = click.progressbar(length=rows, file=sys.stderr) if sys.stderr.isatty() else nullcontext()
    done = 0
    with shown as bar:

        def progress(count: int) -> None:
            nonlocal done
            if bar is not None:
                bar.update(count - done)
            done = count

        running.carry_on(database, folder, run_id, progress=progress)


def _tell(database: Database, run_id: int, *, as_json: bool, dry_run: bool) -> None:
    with database.reading() as db:
        found = run_queries.summary(db, run_id)
        if found.state not in {State.DONE, State.CHECKED}:
            raise click.ClickException(
                sentence(found.problem) or "The run was stopped. The same command goes on with it."
            )
        counts = {outcome.value: getattr(found.counts, outcome.value) for outcome in OUTCOMES}
        troubles = run_queries.all_troubles(db, run_id)
        if as_json:
            _print_json({"rows": found.counts.rows, **counts, "dry_run": dry_run}, troubles)
            return
        click.echo(("Would be: " if dry_run else "") + ", ".join(f"{OUTCOMES[key]} {counts[key]}" for key in OUTCOMES))
        for place, trouble in enumerate(troubles):
            if place == MOST_SHOWN:
                click.echo("… and more. All of them: --json")
                break
            click.echo(f"row {trouble.row}: {outcome_name(trouble.outcome)}: {sentence(trouble.reason)}")


def _print_json(facts: dict[str, Any], troubles: Iterable[Trouble]) -> None:
    """One object; the rows are printed as they come, so that a register full of mistakes needs no memory."""
    click.echo(json.dumps(facts)[:-1] + ', "troubles": [', nl=False)
    for place, trouble in enumerate(troubles):
        row = {"row": trouble.row, "outcome": trouble.outcome, "code": trouble.code, "reason": sentence(trouble.reason)}
        click.echo((", " if place else "") + json.dumps(row, ensure_ascii=False), nl=False)
    click.echo("]}")
