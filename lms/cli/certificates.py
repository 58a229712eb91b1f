"""`lms certificates`: what operators and strangers do with certificates from the command line."""

from __future__ import annotations

import click

from lms.cli.audit import audit


@click.group()
def certificates() -> None:
    """Check certificates and take them along.

    Example: lms certificates audit
    """


certificates.add_command(audit)
