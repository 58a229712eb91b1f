"""`lms show`: what was understood in a pack, or one page as a trainee gets it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lms.cli.check import known_types, pack_name, read_pack
from lms.content.checker.checking import check_pack
from lms.content.reader import BadPack, read_around
from lms.content.show import as_json as show_json
from lms.content.show import as_text, page_html


@click.command()
@click.argument("pack", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything that was understood as JSON.")
@click.option("--html", "as_html", is_flag=True, help="PACK is a Markdown file: print it as a trainee gets it.")
def show(pack: Path, *, as_json: bool, as_html: bool) -> None:
    """Show what was understood in a PACK: a folder, a zip file, or with --html one page.

    Example: lms show courses/tour/index.md --html
    """
    if as_html:
        click.echo(_page(pack))
        return
    report = check_pack(read_pack(pack), known_types(), name=pack_name(pack), has_colours=False)
    if as_json:
        click.echo(json.dumps(show_json(report), ensure_ascii=False, indent=2))
        return
    for line in as_text(report):
        click.echo(line)


def _page(path: Path) -> str:
    """The page, with the files around it; a file that is no page of a course there is shown alone."""
    if path.is_dir():
        raise click.UsageError("--html needs a Markdown file.")
    types = known_types()
    try:
        files, name = read_around(path)
    except BadPack as error:
        raise click.UsageError(str(error)) from None
    found = page_html(files, types, name)
    if found is None:
        found = page_html({"index.md": path.read_bytes()}, types, "index.md")
    return found or ""
