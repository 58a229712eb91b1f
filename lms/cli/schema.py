"""`lms db`: the state of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from lms.config import load_settings
from lms.db import Database
from lms.paths import shipped

if TYPE_CHECKING:
    from sqlalchemy import Engine


def alembic_config(engine: Engine) -> Config:
    """Alembic, told where our migrations are and which database to use."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))
    config.attributes["engine"] = engine
    return config


def upgrade_database(database: Database) -> None:
    """Bring the tables up to this version of the program."""
    command.upgrade(alembic_config(database.engine), "head")


def revisions(database: Database) -> tuple[str | None, str | None]:
    """The revision of the tables, and the one that this program needs."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(alembic_config(database.engine)).get_current_head()


@click.group()
def db() -> None:
    """See and change the state of the database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables up to date. Back up first.

    Example: lms backup before.zip && lms db upgrade
    """
    database = Database(load_settings().database)
    before, needed = revisions(database)
    upgrade_database(database)
    click.echo(
        "The tables are up to date." if before == needed else f"Upgraded from {before or 'nothing'} to {needed}."
    )


@db.command()
def state() -> None:
    """Say which revision the tables have. Exit code 1 if they are behind.

    Example: lms db state
    """
    present, needed = revisions(Database(load_settings().database))
    click.echo(f"Tables: {present or 'none'}. This program needs: {needed}.")
    if present != needed:
        raise SystemExit(1)
