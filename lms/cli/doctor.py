"""`lms doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import msgspec
from sqlalchemy import func, select, text

from lms.cli.schema import revisions
from lms.config import Settings, load_settings
from lms.content import queries as content
from lms.content.models import PublishedCourse
from lms.db import Database
from lms.jobs import Job
from lms.people.models import RoleGrant
from lms.people.rules import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

LITTLE_SPACE = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    is_fine: bool
    words: str


def examine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Look at settings, tables, people, courses, jobs and disk."""
    present, needed = revisions(database)
    yield Finding(
        "tables", present == needed, f"at {present or 'nothing'}" + ("" if present == needed else ": lms db upgrade")
    )
    if present != needed:
        return
    with database.reading() as db:
        if database.engine.dialect.name == "sqlite":
            state = db.execute(text("pragma quick_check")).scalar_one()
            yield Finding("database file", state == "ok", str(state))
        courses = db.scalar(select(func.count()).where(PublishedCourse.current_version_id.is_not(None))) or 0
        yield Finding("courses", courses > 0, f"{courses} published" + ("" if courses else ": lms publish"))
        for report in content.pack_reports(db):
            yield Finding(
                f"pack {report.pack}", report.errors == 0, f"{report.errors} errors, {report.warnings} warnings"
            )
        operators = db.scalar(select(func.count()).where(RoleGrant.role == Role.OPERATOR, RoleGrant.ended_at.is_(None)))
        yield Finding(
            "operators", bool(operators), f"{operators}" + ("" if operators else ": lms people add --role operator")
        )
        dead = db.scalar(select(func.count()).where(Job.state == "dead"))
        yield Finding("jobs", not dead, f"{dead} failed for good" + (": see /operation/jobs" if dead else ""))
    free = shutil.disk_usage(settings.home).free
    yield Finding("disk", free > LITTLE_SPACE, f"{free / 1e9:.1f} GB free")
    yield Finding(
        "mail", bool(settings.smtp_url) or settings.demo, "server set" if settings.smtp_url else "goes to outbox/"
    )
    yield Finding(
        "address",
        settings.is_https or settings.demo,
        f"{settings.url}" + ("" if settings.is_https else " is not https"),
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, as_json: bool) -> None:
    """Look whether everything is in order. Exit code 1 if something is not.

    Example: lms doctor
    """
    settings = load_settings()
    found = list(examine(settings, Database(settings.database)))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        for finding in found:
            click.echo(f"{'fine ' if finding.is_fine else 'LOOK '} {finding.name}: {finding.words}")
    raise SystemExit(0 if all(finding.is_fine for finding in found) else 1)
