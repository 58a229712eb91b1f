"""`lms export`: questions in a format that other systems take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.cli.check import known_types, read_pack
from lms.content.reader import BadPack, read_around
from lms.exchange.sending import ENDINGS, question_files, send

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command()
@click.argument("source", metavar="FILE.md|PACK", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "format_name", required=True, type=click.Choice(list(ENDINGS)), help="The format to write.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else printed."
)
def export(source: Path, format_name: str, output: Path | None) -> None:
    """Write the questions of a question file, or of all in a pack, as GIFT or Moodle XML.

    What the other format has no place for is listed. Exit code: 0 done, 1 there is no question, 2 wrong use.

    Example: lms export quizzes/exam.md --format moodle-xml -o exam.xml
    """
    files, path = _files(source)
    sent = send(question_files(files, known_types(), path), files, format_name)
    for loss in sent.losses:
        click.echo(f"{loss.where}: lost: {loss.what}\n    {loss.why}", err=True)
    if not sent.questions:
        raise click.ClickException(f"{source}: no question can be written. See `lms check` for what is wrong.")
    if output:
        output.write_text(sent.text, encoding="utf-8")
    else:
        click.echo(sent.text, nl=False)
    count = f"{sent.questions} question{'' if sent.questions == 1 else 's'}"
    click.echo(f"{count}, {len(sent.losses)} losses.", err=True)


def _files(source: Path) -> tuple[Mapping[str, bytes], str]:
    """The files of a pack, or those around one question file and its path among them."""
    if source.is_dir() or source.suffix == ".zip":
        return read_pack(source), ""
    try:
        return read_around(source)
    except BadPack as error:
        raise click.UsageError(str(error)) from None
