"""`lms pull`: what was pushed to the repositories of packs becomes what trainees see."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from lms.authoring.fetching import site_of
from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.content.show import problem_as_json
from lms.discovery import enabled_plugins, question_types
from lms.repositories import queries
from lms.repositories.git import GitFailed
from lms.repositories.pulling import Asked, NoSuchRepository, Result
from lms.repositories.pulling import pull as look
from lms.repositories.rules import Cause, Outcome, meaning

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database

SENTENCES = {
    Outcome.NOTHING: "nothing has changed.",
    Outcome.REFUSED: "nothing was published; mend the errors above, then push again.",
    Outcome.CONFLICT: "nothing was joined; choose on the desk what holds, at /authoring/repositories.",
    Outcome.UNPUSHED: "the other side did not take what the desk wrote.",
    Outcome.FAILED: "could not be fetched.",
}


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
def pull(name: str | None, *, as_json: bool) -> None:
    """Fetch the repository NAME, or all of them, and publish what changed.

    Nothing is overwritten: where the same lines were changed here and there, both stay as they are, and what trainees
    see stays. Exit code: 0 all is published or waits for a second person's approval, 1 something is
    not, 2 wrong use.

    Example: lms pull water
    """
    settings = load_settings()
    with ready_database(settings) as database:
        results = _pull(database, settings, name, as_json=as_json)
    if as_json:
        click.echo(json.dumps([as_plain(result) for result in results], ensure_ascii=False))
    raise SystemExit(0 if all(result.is_fine for result in results) else 1)


def _pull(database: Database, settings: Settings, name: str | None, *, as_json: bool) -> list[Result]:
    with database.reading() as db:
        names = [known.remote.name for known in queries.repositories(db, settings)]
    if not names:
        raise click.ClickException("There is no repository. Name one in LMS_REPOSITORIES, or add one on the desk.")
    site = site_of(database, settings, question_types(enabled_plugins(settings.plugins)))
    results = []
    chosen = names if name is None else [name]
    with click.progressbar(chosen, label="Fetching", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for each in bar:
            try:
                results.append(look(site, each, Asked(Cause.COMMAND)))
            except NoSuchRepository:
                raise click.UsageError(f"There is no repository {each}. There is: {', '.join(names)}.") from None
            except GitFailed as problem:
                raise click.ClickException(problem.words) from None
    if not as_json:
        for result in results:
            _say(result)
    return results


def as_plain(result: Result) -> dict[str, Any]:
    """A result as JSON has it."""
    return {
        "repository": result.name,
        "outcome": result.outcome.value,
        "before": result.before,
        "after": result.after,
        "published": list(result.courses),
        "waiting": list(result.waits),
        "words": result.words,
        "conflicts": result.detail.get("files", []),
        "problems": [problem_as_json(problem) for problem in result.problems],
    }


def _say(result: Result) -> None:
    for problem in result.problems:
        if problem.severity == "error":
            click.echo(f"{problem.file}:{problem.line}: {problem.message} {problem.fix}", err=True)
    for path in result.detail.get("files", []):
        click.echo(f"{path}: changed here and there", err=True)
    said = " ".join(part for part in (meaning(result.words), result.words) if part)
    click.echo(f"{result.name}: {_sentence(result)} {said}".rstrip(), err=not result.is_fine)


def _sentence(result: Result) -> str:
    if result.outcome is Outcome.PUBLISHED:
        courses = ", ".join(result.courses) or "no course has changed"
        return f"fetched {result.after[:12]}; published: {courses}.{_waits(result)}"
    if result.outcome is Outcome.WAITING:
        return f"fetched {result.after[:12]}.{_waits(result)}"
    return SENTENCES[result.outcome]


def _waits(result: Result) -> str:
    return f" Waits for a second person's approval: {', '.join(result.waits)}." if result.waits else ""
