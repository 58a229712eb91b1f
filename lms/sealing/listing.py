"""The job that writes the signed status list: once a day, and soon after a certificate was withdrawn or replaced."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.issuers import keyring
from lms.sealing import status
from lms.sealing.offline_queries import changes

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database

JOB = "list_withdrawn"
FILE = "status.cose"
AT = time(2, 30, tzinfo=UTC)
SOON = timedelta(seconds=20)  # several withdrawals at once make one list


def ask_daily(db: Session) -> None:
    """See to it that a list is asked for: today's if there was none yet, else tomorrow's."""
    jobs.enqueue(db, JOB, {"daily": True}, dedupe=f"{JOB}/daily")


def ask(db: Session) -> None:
    """Ask for a list with what has just changed."""
    jobs.enqueue(db, JOB, {}, run_at=now() + SOON, dedupe=f"{JOB}/changed")


def make_list(database: Database, settings: Settings, task: jobs.Task) -> None:
    """Write the list to the data folder. Raises `keyring.NoKey`."""
    with database.writing() as db:
        jobs.let_others_ask(db, task)
    write_list(database, settings)
    with database.writing() as db:
        if task.args.get("daily"):
            tomorrow = now().date() + timedelta(days=1)
            jobs.enqueue(db, JOB, {"daily": True}, run_at=datetime.combine(tomorrow, AT), dedupe=f"{JOB}/daily")
        jobs.finish(db, task)


def write_list(database: Database, settings: Settings) -> Path:
    """Write the list as of now; nobody ever reads half of one. Raises `keyring.NoKey`."""
    with database.reading() as db:
        made_at = now()
        message = status.write(changes(db), made_at, keyring.signer(db, settings))
    path = settings.home / FILE
    partial = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    partial.write_bytes(message)
    partial.replace(path)
    return path


def last_list(settings: Settings) -> bytes | None:
    """The list as it was written last."""
    try:
        return (settings.home / FILE).read_bytes()
    except FileNotFoundError:
        return None
