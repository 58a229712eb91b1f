"""`lms doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

from shutil import which
from typing import TYPE_CHECKING

import click
import msgspec

from lms.cli.schema import behind, open_database, revisions
from lms.config import Settings, load_settings
from lms.content.packs import offered_packs
from lms.operation.health import Finding, examine
from lms.repositories import queries
from lms.repositories.commits import is_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from lms.db import Database


def look(settings: Settings, database: Database) -> Iterator[Finding]:
    """Look at the tables; if they are this program's, at everything in them, and at the settings."""
    present, needed = revisions(database)
    yield Finding("tables", present == needed, f"at {present}" if present == needed else behind(present, needed))
    has_home = settings.home.is_dir()
    yield Finding("data folder", has_home, f"{settings.home}{'' if has_home else ' is missing: lms db upgrade'}")
    if present == needed and has_home:
        with database.reading() as db:
            yield from examine(settings, db)
            yield from _git(settings, db)


def _git(settings: Settings, db: Session) -> Iterator[Finding]:
    """Whether the git program is there, if a pack is a repository."""
    packs = [folder.name for folder in offered_packs(settings) if is_repository(folder.path)]
    names = sorted({*packs, *(known.remote.name for known in queries.repositories(db, settings))})
    if names:
        place = which("git")
        missing = f"is not installed; without it, these packs are neither fetched nor saved: {', '.join(names)}"
        yield Finding("git", place is not None, place or missing)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, as_json: bool) -> None:
    """Look whether everything is in order. Exit code 1 if something is not.

    Example: lms doctor
    """
    settings = load_settings()
    with open_database(settings) as database:
        found = list(look(settings, database))
    if as_json:
        rows = [{"name": finding.name, "is_fine": finding.is_fine, "words": finding.words} for finding in found]
        click.echo(msgspec.json.encode(rows).decode())
    else:
        for finding in found:
            click.echo(f"{'fine ' if finding.is_fine else 'LOOK '} {finding.name}: {finding.words}")
    raise SystemExit(0 if all(finding.is_fine or finding.is_advice for finding in found) else 1)
