"""The `lms` command, one file for each group of commands. Exit codes: 0 done, 1 not done, 2 wrong use."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import cast

import click

from lms import __version__
from lms.config import BadSetting
from lms.discovery import BrokenPlugin

COMMANDS = {
    "backup": "backup",
    "certificates": "certificates",
    "check": "check",
    "db": "schema",
    "demo": "demo",
    "doctor": "doctor",
    "export": "export_questions",
    "help": "help_given",
    "import": "import_questions",
    "keys": "keys",
    "pack": "pack",
    "people": "people",
    "publish": "publish",
    "pull": "pull",
    "recount": "recount",
    "report": "report",
    "restore": "backup",
    "serve": "serve",
    "show": "show",
    "units": "units",
    "work": "serve",
}


class OnDemand(click.Group):
    """Imports a command's file when it is asked for: `lms check` needs neither server nor database."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's contract
        """All commands by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's contract
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        return cast("click.Command", getattr(import_module(f"lms.cli.{COMMANDS[cmd_name]}"), name))


@click.group(cls=OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lms")
def lms() -> None:
    """Handrail: train and certify digital helpers.

    Example: lms demo --serve
    """


def main() -> None:
    """Run the command; what an operator can mend is a sentence, not a traceback."""
    try:
        lms()
    except (BadSetting, BrokenPlugin) as problem:
        click.echo(f"lms: {problem}", err=True)
        sys.exit(2)
    except OSError as problem:
        click.echo(f"lms: {problem}", err=True)
        sys.exit(1)
