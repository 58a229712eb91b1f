"""`lms units`: registers of units from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lms.cli.imports import bring_in, with_options
from lms.rosters.columns import UNITS

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def units() -> None:
    """Bring units of the organisation in.

    Example: lms units import units.csv
    """


@units.command("import")
@with_options
def import_units(file: Path, unit: str | None, columns: tuple[str, ...], *, dry_run: bool, as_json: bool) -> None:
    """Bring a register of units in: CSV or XLSX with code, name, kind and the code of the unit above.

    A second run changes nothing.

    Example: lms units import units.csv --dry-run
    """
    bring_in(UNITS, file, unit=unit, dry_run=dry_run, columns=columns, as_json=as_json)
