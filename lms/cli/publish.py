"""`lms publish`: what stands in the folders becomes what trainees see."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.content import approvals
from lms.content.packs import PackFolder, offered_packs, publish_pack
from lms.discovery import enabled_plugins, question_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.content.structure import Problem


@click.command()
@click.argument("pack", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
def publish(pack: Path | None, *, as_json: bool) -> None:
    """Publish a PACK (a folder), or all packs of the settings. Nothing is published of a pack with errors.

    Example: lms publish ~/our-courses
    """
    settings = load_settings()
    types = question_types(enabled_plugins(settings.plugins))
    folders = [PackFolder(pack.resolve().name, pack.resolve())] if pack else offered_packs(settings)
    if not folders:
        raise click.ClickException("There is no pack to publish. Name a folder, or set LMS_PACKS.")
    report: list[dict[str, Any]] = []
    with ready_database(settings) as database, _bar(folders) as bar:
        for folder in bar:
            changed, problems = publish_pack(database, folder, types)
            with database.reading() as db:
                waits = [each.course_id for each in approvals.undecided(db, folder.name)]
            report.append({"pack": folder.name, "published": changed, "waiting": waits, "problems": problems})
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        for line in report:
            _say(**line)
    failed = any(problem.severity == "error" for line in report for problem in line["problems"])
    raise SystemExit(1 if failed else 0)


def _bar(folders: list[PackFolder]) -> Any:
    return click.progressbar(folders, label="Publishing", file=sys.stderr, hidden=not sys.stderr.isatty())


def _say(pack: str, published: list[str], waiting: list[str], problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors:
        click.echo(f"{problem.file}:{problem.line}: {problem.message} {problem.fix}", err=True)
    if errors:
        click.echo(f"{pack}: nothing was published; mend the errors above.", err=True)
        return
    if waiting:
        click.echo(f"{pack}: waits for a second person's approval: {', '.join(waiting)}.")
    if published or not waiting:
        click.echo(f"{pack}: published {', '.join(published)}." if published else f"{pack}: nothing has changed.")
