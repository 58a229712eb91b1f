"""`lms pack`: packs travel as zip files."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.authoring import uploads
from lms.cli.schema import ready_database
from lms.config import load_settings
from lms.content.actions import PackHasErrors
from lms.content.packs import offered_packs, read_pack
from lms.content.reader import BadPack
from lms.content.show import problem_as_json
from lms.discovery import enabled_plugins, question_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.config import Settings
    from lms.content.structure import Problem


@click.group()
def pack() -> None:
    """Take packs and courses along as zip files, and bring them in.

    Example: lms pack export handrail -o handrail.zip
    """


@pack.command("export")
@click.argument("name", required=False)
@click.option("--course", help="Only the course with this id, with everything that it uses.")
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File.")
def export(name: str | None, *, course: str | None, target: Path) -> None:
    """Write the pack NAME, or one course of it, as it lies on disk, into a zip file.

    Example: lms pack export handrail --course e-services -o e-services.zip
    """
    settings = load_settings()
    try:
        files = _files(settings, name, course)
    except BadPack as problem:
        raise click.ClickException(str(problem)) from None
    with uploads.whole_zip(files) as made, target.open("wb") as file:
        shutil.copyfileobj(made, file)
    click.echo(f"{target}: {len(files)} files.")


def _files(settings: Settings, name: str | None, course: str | None) -> Mapping[str, bytes]:
    folders = {folder.name: folder for folder in offered_packs(settings)}
    if name is None and course is None:
        raise click.UsageError(f"Name a pack, or a course with --course. Packs: {', '.join(folders)}.")
    if name is not None and name not in folders:
        raise click.UsageError(f"There is no pack {name}. Packs: {', '.join(folders)}.")
    chosen = [folders[name]] if name else list(folders.values())
    if course is None:
        return uploads.read_whole(chosen[0])
    types = question_types(enabled_plugins(settings.plugins))
    for folder in chosen:
        with suppress(LookupError):
            return uploads.course_files(read_pack(folder), types, course)
    raise click.UsageError(f"There is no course {course}.")


@pack.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="The pack's name; the file's name if left out.")
@click.option("--replace", "replaces", is_flag=True, help="Take the place of an uploaded pack of this name.")
@click.option("--json", "as_json", is_flag=True, help="Print what happened as JSON.")
def bring_in(file: Path, *, name: str | None, replaces: bool, as_json: bool) -> None:
    """Put the pack in a zip FILE into the data folder and publish it. One with errors is not taken.

    Example: lms pack import e-services.zip
    """
    settings = load_settings()
    called = uploads.pack_name(f"{name}.zip" if name else file.name)
    types = question_types(enabled_plugins(settings.plugins))
    problems: Sequence[Problem] = ()
    changed: list[str] = []
    try:
        uploads.refuse_taken(settings, called, replace=replaces)
        with file.open("rb") as source, ready_database(settings) as database:
            changed = uploads.bring_in(database, settings, types, called, uploads.read_upload(source), by=None)
    except uploads.NameTaken as taken:
        hint = "Give --replace, or another --name." if taken.may_replace else "Give another --name."
        raise click.ClickException(f"There is a pack {called}. {hint}") from None
    except BadPack as problem:
        raise click.ClickException(str(problem)) from None
    except PackHasErrors as found:
        problems = [problem for problem in found.problems if problem.severity == "error"]
    _say(called, changed, problems, as_json=as_json)
    raise SystemExit(1 if problems else 0)


def _say(name: str, changed: Sequence[str], problems: Sequence[Problem], *, as_json: bool) -> None:
    if as_json:
        told = {"pack": name, "published": changed, "problems": [problem_as_json(each) for each in problems]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in problems:
        click.echo(f"{each.file}:{each.line}: {each.message} {each.fix}", err=True)
    if problems:
        click.echo(f"{name}: not taken; mend the errors above.", err=True)
    else:
        click.echo(f"{name}: published {', '.join(changed)}." if changed else f"{name}: nothing has changed.")
