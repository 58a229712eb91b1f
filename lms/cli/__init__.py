"""The `lms` command, one file for each group of commands. Exit codes: 0 done, 1 not done, 2 wrong use."""

from __future__ import annotations

import sys

import click

from lms import __version__
from lms.cli.backup import backup, restore
from lms.cli.check import check
from lms.cli.demo import demo
from lms.cli.doctor import doctor
from lms.cli.people import people
from lms.cli.publish import publish
from lms.cli.schema import db
from lms.cli.serve import serve, work
from lms.cli.show import show
from lms.config import BadSetting
from lms.discovery import BrokenPlugin


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lms")
def lms() -> None:
    """Handrail: train and certify digital helpers."""


for command in (serve, check, show, publish, people, work, backup, restore, doctor, demo, db):
    lms.add_command(command)


def main() -> None:
    """Run the command; a bad setting is a sentence, not a traceback."""
    try:
        lms()
    except (BadSetting, BrokenPlugin) as problem:
        click.echo(f"lms: {problem}", err=True)
        sys.exit(2)
