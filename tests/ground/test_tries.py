"""What counts tries against guessing: by windows of time, and forgotten with them; what a dead job remembers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from lms.jobs import Job, Worker, enqueue
from lms.people.actions import TooOften, check_tries, count_try, forget_tries
from lms.people.models import ThrottleCount

if TYPE_CHECKING:
    from lms.db import Database
    from lms.jobs import Task

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def kept(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(ThrottleCount)) or 0


def test_tries_are_counted_to_the_end_of_their_window_and_then_forgotten(database: Database) -> None:
    for seconds, until in ((3600, timedelta(hours=1)), (86400, timedelta(hours=12))):
        with time_machine.travel(NOON, tick=False):
            for _ in range(2):
                count_try(database, "x", "anna", limit=2, seconds=seconds)
            with pytest.raises(TooOften):
                count_try(database, "x", "anna", limit=2, seconds=seconds)
        with time_machine.travel(NOON + until - timedelta(seconds=61), tick=False):
            with pytest.raises(TooOften):
                check_tries(database, "x", "anna", limit=2, seconds=seconds)
            with database.writing() as db:
                forget_tries(db)
            assert kept(database) == 1
        with time_machine.travel(NOON + until, tick=False):
            check_tries(database, "x", "anna", limit=2, seconds=seconds)
            with database.writing() as db:
                forget_tries(db)
            assert kept(database) == 0


def test_a_job_that_failed_remembers_no_address(database: Database) -> None:
    def fails(_database: Database, _task: Task) -> None:
        raise ValueError({"anna.ozola@example.org": (550, b"no such user <anna.ozola@example.org>")})

    with database.writing() as db:
        enqueue(db, "x", {})
    logging.getLogger("lms.jobs").setLevel(logging.CRITICAL)
    Worker(database, {"x": fails}).run_due()
    logging.getLogger("lms.jobs").setLevel(logging.NOTSET)
    with database.reading() as db:
        error = db.scalars(select(Job.error)).one()
    assert "anna" not in error
    assert "example.org" not in error
    assert "550" in error
