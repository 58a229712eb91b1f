"""`lms check`: what is wrong in a pack, where, and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from lms.clock import now
from lms.config import BadSetting, Settings, load_settings
from lms.content.checker.checking import Report, check_pack
from lms.content.checker.fixing import fix_files
from lms.content.checker.registry import RULES
from lms.content.reader import BadPack, read_folder, read_zip
from lms.content.show import problem_as_json
from lms.discovery import enabled_plugins, question_types
from lms.plugins import QuestionType

_COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


@click.command()
@click.argument("pack", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--fix", "does_fix", is_flag=True, help="Write what needs no decision: ids, marks, heading levels.")
def check(pack: Path, *, as_json: bool, does_fix: bool) -> None:
    """Check a PACK: a folder or a zip file, the current folder if left out.

    Exit code: 0 nothing stops publishing, 1 there are errors, 2 wrong use.

    Example: lms check ~/our-courses --fix
    """
    if does_fix and pack.is_file():
        raise click.UsageError("--fix needs a folder: a zip file is not changed.")
    types = known_types()
    files = read_pack(pack)
    report = _looked_at(files, types, pack)
    written: list[str] = []
    if does_fix:
        changed = fix_files(files, report.problems)
        written = _write(pack, changed)
        report = _looked_at({**files, **changed}, types, pack) if changed else report
    if as_json:
        found = [problem_as_json(problem) for problem in report.problems]
        click.echo(json.dumps({"problems": found, "fixed": written}, ensure_ascii=False, indent=2))
    else:
        _say(report, written)
    raise SystemExit(1 if report.count("error") else 0)


def _looked_at(files: Mapping[str, bytes], types: Mapping[str, QuestionType], pack: Path) -> Report:
    return check_pack(files, types, name=pack_name(pack), has_colours=False, today=now().date())


def known_types() -> Mapping[str, QuestionType]:
    """The question types in force; without an installation the built-in ones."""
    try:
        names = load_settings().plugins
    except BadSetting:
        names = ()
    return question_types(enabled_plugins(names))


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of a folder or zip file; what cannot be read ends the command with code 2."""
    try:
        return read_folder(path) if path.is_dir() else read_zip(path)
    except BadPack as error:
        raise click.UsageError(str(error)) from None


def pack_name(path: Path) -> str:
    """The name of a pack: its folder's or file's name."""
    return path.resolve().name.removesuffix(".zip") or "course"


def _write(pack: Path, changed: Mapping[str, bytes]) -> list[str]:
    for name, data in changed.items():
        (pack / name).write_bytes(data)
    return sorted(changed)


def _say(report: Report, written: list[str]) -> None:
    for name in written:
        click.echo(f"{name}: mended")
    for problem in report.problems:
        place = f"{problem.file or '.'}:{problem.line}" if problem.line else problem.file or "."
        kind = click.style(problem.severity, fg=_COLOURS[problem.severity])
        click.echo(f"{place}: {kind}: {problem.message} [{problem.rule}]\n    {problem.fix}")
    _explain(report)
    counts = ", ".join(f"{report.count(kind)} {kind}{'' if report.count(kind) == 1 else 's'}" for kind in _COLOURS)
    click.echo(f"{len(report.courses)} courses, {len(report.pack.banks)} banks: {counts}.")


def _explain(report: Report) -> None:
    """Where each rule that was broken is explained: its page on the desk."""
    found = sorted({problem.rule for problem in report.problems} & RULES.keys())
    if found:
        click.echo("\nWhy, with a bad and a good example:")
        for rule in found:
            click.echo(f"    {_site()}/authoring/rules/{rule}")
        click.echo()


def _site() -> str:
    """The address of the installation; without one that can be read, the address a new one has."""
    try:
        return load_settings().url.rstrip("/")
    except BadSetting:
        return Settings().url.rstrip("/")
