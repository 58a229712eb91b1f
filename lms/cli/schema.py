"""`lms db`: the state of the tables."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

import lms.app
from lms.config import load_settings
from lms.db import Database
from lms.paths import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from lms.config import Settings

assert lms.app  # importing the app is what makes every table known
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)  # it tells of every look at the tables


def alembic_config(engine: Engine | None = None) -> Config:
    """Alembic, told where our migrations are and which database to use."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade_database(database: Database) -> None:
    """Bring the tables up to this version of the program."""
    command.upgrade(alembic_config(database.engine), "head")


def known_revisions() -> list[str]:
    """The revisions of tables that this program can bring up to date, the one it needs first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]


def revisions(database: Database) -> tuple[str | None, str | None]:
    """The revision of the tables, and the one that this program needs."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(alembic_config()).get_current_head()


@contextmanager
def explaining(settings: Settings) -> Iterator[None]:
    """What the database says when it cannot be used, as a sentence of this command."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:  # the others are faults of ours
            raise
        said = " ".join(str(error.orig).split())
        raise click.ClickException(f"The database {make_url(settings.database)} cannot be used: {said}") from None


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database for one command. A SQLite file that is not there is not made: its name may be a slip."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        raise click.ClickException(f"There is no database {url.database}. To make it: lms db upgrade")
    with explaining(settings), closing_database(settings) as database:
        yield database


@contextmanager
def closing_database(settings: Settings) -> Iterator[Database]:
    """The database, made if it is not there, closed at the end."""
    database = Database(settings.database)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """The database for a command that works with its tables; they must be those of this program."""
    with open_database(settings) as database:
        present, needed = revisions(database)
        if present != needed:
            raise click.ClickException(behind(present, needed))
        yield database


def behind(present: str | None, needed: str | None) -> str:
    """What to do about tables that are not those of this program."""
    if present is None or present in known_revisions():
        return f"The tables are at {present or 'nothing'}, this program needs {needed}: lms db upgrade"
    return f"The tables are at {present}, which this program ({needed}) does not know. Install the newer program."


@click.group()
def db() -> None:
    """See and change the state of the database's tables.

    Example: lms db state
    """


@db.command()
def upgrade() -> None:
    """Bring the tables up to date. Back up first.

    Example: lms backup before.zip && lms db upgrade
    """
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    with explaining(settings), closing_database(settings) as database:
        before, needed = revisions(database)
        if before is not None and before not in known_revisions():
            raise click.ClickException(behind(before, needed))
        upgrade_database(database)
    click.echo(
        "The tables are up to date." if before == needed else f"Upgraded from {before or 'nothing'} to {needed}."
    )


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def state(*, as_json: bool) -> None:
    """Say which revision the tables have. Exit code 1 if they are not this program's.

    Example: lms db state
    """
    with open_database(load_settings()) as database:
        present, needed = revisions(database)
    if as_json:
        click.echo(json.dumps({"present": present, "needed": needed}))
    else:
        click.echo(f"Tables: {present or 'none'}. This program needs: {needed}.")
    if present != needed:
        raise SystemExit(1)
