"""`lms import`: questions of other systems become a question file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.authoring.saving import BadPath, place_of
from lms.cli.check import known_types
from lms.content.packs import PackFolder
from lms.exchange import placing
from lms.exchange.bringing import FORMATS, MOST_BYTES, bring
from lms.exchange.found import CannotRead
from lms.exchange.placing import BadTarget, Existing, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.exchange.bringing import Brought


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", metavar="PATH", help="The question file to write, by its path in the pack; else it is printed.")
@click.option(
    "--pack",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The pack's folder, the current one if left out.",
)
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), help="Do not guess the format.")
@click.option("--encoding", default="", metavar="NAME", help="Do not guess the letters: `windows-1257`.")
@click.option("--language", default="", metavar="TAG", help="The language of the questions, if not English.")
@click.option("--append", is_flag=True, help="Add to the file if it is there already.")
@click.option("--replace", is_flag=True, help="Take the place of the questions of a file that is there already.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each question.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each question as JSON.")
def import_(  # noqa: PLR0913 - a command has its options
    file: Path,
    into: str | None,
    pack: Path,
    format_name: str | None,
    encoding: str,
    language: str,
    *,
    append: bool,
    replace: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in questions of another system: a FILE in GIFT, Moodle XML or Aiken.

    What cannot be carried over is listed with the reason. Exit code: 0 done, 1 the file cannot be read or nothing of
    it can be brought in, 2 wrong use.

    Example: lms import old-exam.xml --into quizzes/exam.md
    """
    if append and replace:
        raise click.UsageError("--append and --replace exclude each other.")
    mode = Existing.APPEND if append else Existing.REPLACE if replace else Existing.REFUSE
    existing = _existing(pack, into, mode) if into else None
    spoken = language or placing.language_of(existing, "en")
    stem = placing.name_of(into or f"{file.stem}.md")
    wishes = {"format_name": format_name or "", "encoding": encoding, "language": spoken}
    brought = _brought(file, stem=stem, taken=placing.taken_ids(existing, mode), **wishes)
    if into and not dry_run and brought.fates:
        _write(pack, placing.changes_of(into, brought, existing, mode, spoken))
    is_printed = not (into or dry_run or as_json)
    if as_json:
        click.echo(json.dumps(brought.as_json(), ensure_ascii=False, indent=2))
    elif is_printed:
        click.echo(placing.whole_file(brought, None, mode, spoken).decode(), nl=False)
    if not as_json:
        _report(file, brought, "" if dry_run else into or "", aside=is_printed)
    raise SystemExit(0 if brought.fates or dry_run else 1)


def _brought(file: Path, **wishes: Any) -> Brought:
    """What the file becomes; what cannot be read ends the command with file, line and fix."""
    try:
        return bring(_read(file), known_types(), **wishes)
    except CannotRead as error:
        raise click.ClickException(f"{file}:{error.line}: {error.message} {error.fix}") from None


def _read(file: Path) -> bytes:
    """The file, but not more of it than can be taken."""
    with file.open("rb") as source:
        return source.read(MOST_BYTES + 1)


def _existing(pack: Path, into: str, mode: Existing) -> bytes | None:
    try:
        place = place_of(PackFolder(pack.resolve().name, pack.resolve()), into)
        existing = place.read_bytes() if place.is_file() else None
        placing.refuse_target(into, existing, mode)
    except BadPath:
        raise click.UsageError(f"{into} is no path of a file in {pack}.") from None
    except Taken as error:
        raise click.ClickException(f"{error} (--append, --replace)") from None
    except BadTarget as error:
        raise click.ClickException(str(error)) from None
    return existing


def _write(pack: Path, changes: Mapping[str, bytes]) -> None:
    """Write the pictures first and the questions last, each whole or not at all."""
    folder = PackFolder(pack.resolve().name, pack.resolve())
    for path, content in changes.items():
        place = place_of(folder, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        waiting = place.with_name(f".{place.name}.new")
        waiting.write_bytes(content)
        waiting.replace(place)


def _report(file: Path, brought: Brought, into: str, *, aside: bool) -> None:
    """What became of every question, a line each, and what it lost below it."""
    for fate in brought.fates:
        click.echo(f"{file}: {fate.where}: {fate.question.type} question {{#{fate.question.id}}}", err=aside)
        for loss in fate.losses:
            click.echo(f"    lost: {loss.what}. {loss.why}", err=aside)
    told = {loss for fate in brought.fates for loss in fate.losses}
    for loss in brought.losses:
        if loss not in told:
            click.echo(f"{file}: {loss.where}: left out: {loss.what}\n    {loss.why}", err=aside)
    count = f"{len(brought.fates)} question{'' if len(brought.fates) == 1 else 's'}"
    files = f", {len(brought.files)} files beside" if brought.files else ""
    where = f" in {into}{files}" if into else ""
    click.echo(f"{count}{where}, {len(brought.losses)} losses ({brought.format}, {brought.encoding}).", err=aside)
