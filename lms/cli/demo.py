"""`lms demo`: a platform with made-up people, to look around in."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import make_url

from lms.cli.schema import closing_database, explaining, revisions, upgrade_database
from lms.cli.serve import run_server, see_to_keys
from lms.config import DEVELOPMENT_KEY, load_settings
from lms.content.packs import offered_packs, publish_pack
from lms.demo import PASSWORD, PEOPLE, AnotherDemonstration, has_people, make_people
from lms.demo.programmes import PLANS, accounts_of, make_programme
from lms.discovery import enabled_plugins, question_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lms.config import Settings
    from lms.db import Database
    from lms.plugins import QuestionType


@click.command()
@click.option("--programme", type=click.Choice(sorted(PLANS)), help="A whole programme instead of a few people.")
@click.option(
    "--scale",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    help="Make a programme smaller: 0.01 is a hundredth of its people.",
)
@click.option(
    "--help-entries",
    type=click.IntRange(0, 10_000_000),
    help="How often help was noted in a programme; millions take longer to make and need more room.",
)
@click.option("--serve", "serving", is_flag=True, help="Serve when everything is ready.")
def demo(*, programme: str | None, scale: float, help_entries: int | None, serving: bool) -> None:
    """Make a demonstration in LMS_HOME (default: var): database, courses, people who never lived.

    Without --programme these are a few people at every stage of the way. A programme is one of those that Handrail is
    made for, with its real numbers: vietnam has 212,761 people in 46,105 teams and takes a while. Each
    demonstration needs a folder of its own.

    Example: lms demo --serve
    """
    port = os.environ.setdefault("LMS_PORT", "8000")
    os.environ.setdefault("LMS_DEMO", "yes")
    os.environ.setdefault("LMS_SECRET_KEY", DEVELOPMENT_KEY)
    os.environ.setdefault("LMS_URL", f"http://127.0.0.1:{port}")
    settings = load_settings()
    if not settings.demo:
        raise click.ClickException("LMS_DEMO says that this is no demonstration.")
    settings.home.mkdir(parents=True, exist_ok=True)
    if programme is None:
        code = prepare_demo(settings)
        _say_welcome(settings, [(person.login, person.story) for person in PEOPLE], code)
    else:
        prepare_programme(settings, programme, scale, help_entries)
        _say_welcome(settings, [(account.login, account.story) for account in accounts_of(programme)], "")
    if serving:
        os.environ["LMS_LOG"] = str(settings.home / "server.log")
        run_server(load_settings(), worker=True, watching=True)


def prepare_demo(settings: Settings) -> str:
    """Tables, courses and people; the code of the certificate that one of them holds."""
    with explaining(settings), closing_database(settings) as database, _one_demonstration(settings, "lms demo"):
        return make_people(database, _prepare(settings, database))


def prepare_programme(settings: Settings, name: str, scale: float, help_entries: int | None = None) -> None:
    """Tables, courses and a whole programme."""
    command = f"lms demo --programme {name}"
    with explaining(settings), closing_database(settings) as database, _one_demonstration(settings, command):
        types = _prepare(settings, database)
        make_programme(database, types, name, scale=scale, help_entries=help_entries, say=click.echo)


@contextmanager
def _one_demonstration(settings: Settings, command: str) -> Iterator[None]:
    try:
        yield
    except AnotherDemonstration:
        raise click.ClickException(
            f"There is another demonstration in {make_url(settings.database)}, or one that was not finished. Its "
            f"people stay as they are. Take another folder: LMS_HOME=another {command}"
        ) from None


def _prepare(settings: Settings, database: Database) -> Mapping[str, QuestionType]:
    """Tables and courses; the types of questions that are in force."""
    _refuse_real_people(settings, database)
    upgrade_database(database)
    see_to_keys(settings, database)
    types = question_types(enabled_plugins(settings.plugins))
    for folder in offered_packs(settings):
        _changed, problems = publish_pack(database, folder, types)
        for problem in problems:
            if problem.severity == "error":
                click.echo(f"{problem.file}:{problem.line}: {problem.message} {problem.fix}", err=True)
    return types


def _refuse_real_people(settings: Settings, database: Database) -> None:
    """Before anything is touched: neither tables nor courses of a real installation change."""
    if revisions(database)[0] is None:
        return
    with database.reading() as db:
        if has_people(db, demo=False) and not has_people(db, demo=True):
            raise click.ClickException(
                f"There are real people in {make_url(settings.database)}. Nothing was changed. Take another folder: "
                "LMS_HOME=demo lms demo"
            )


def _say_welcome(settings: Settings, logins: Iterable[tuple[str, str]], code: str) -> None:
    click.echo(f"\nHandrail is at {settings.url}\n\nSign in as (password for all: {PASSWORD})")
    for login, story in logins:
        click.echo(f"  {login:12} {story}")
    if code:
        click.echo(f"\nA certificate to check: {settings.url}/c/{code}")
    click.echo(f"Data: {Path(settings.home).resolve()}. Stop with Ctrl+C.\n")
