"""`lms publish`: what stands in the folders becomes what trainees see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from lms.config import load_settings
from lms.content.packs import PackFolder, offered_packs, publish_pack
from lms.db import Database
from lms.discovery import enabled_plugins, question_types

if TYPE_CHECKING:
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
    database = Database(settings.database)
    folders = [PackFolder(pack.resolve().name, pack.resolve())] if pack else offered_packs(settings)
    failed = False
    report = []
    for folder in folders:
        changed, problems = publish_pack(database, folder, types)
        errors = [problem for problem in problems if problem.severity == "error"]
        failed = failed or bool(errors)
        report.append({"pack": folder.name, "published": changed, "problems": problems})
        if not as_json:
            _say(folder.name, changed, errors)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    raise SystemExit(1 if failed else 0)


def _say(name: str, changed: list[str], errors: list[Problem]) -> None:
    for problem in errors:
        click.echo(f"{problem.file}:{problem.line}: {problem.message} {problem.fix}", err=True)
    if errors:
        click.echo(f"{name}: nothing was published; mend the errors above.", err=True)
    else:
        click.echo(f"{name}: published {', '.join(changed)}." if changed else f"{name}: nothing has changed.")
