"""The worker's side of closing a period: the figures of every unit, as they were known at that moment, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from lms import jobs
from lms.clock import now
from lms.figures.storing import put
from lms.reach import closed_queries as queries
from lms.reach.models import ClosedFigure, ClosedPeriod

if TYPE_CHECKING:
    from lms.db import Database

MOST = 1000  # rows in one transaction, so that nobody waits long for the write lock


def close(database: Database, task: jobs.Task) -> None:
    """The job that writes what every unit had. Bears being run again."""
    freeze(database, task.args["period"])
    with database.writing() as db:
        jobs.finish(db, task)


def freeze(database: Database, period_id: int) -> None:
    """Write what every unit had at the closing of a period, once: what a broken run left is written anew, alike."""
    with database.writing() as db:
        closed = db.get_one(ClosedPeriod, period_id)
        if closed.frozen_at is not None:
            return
        db.execute(delete(ClosedFigure).where(ClosedFigure.period_id == period_id))
    with database.at_one_moment() as db:
        waiting: list[tuple[object, ...]] = []
        for row in queries.rows_to_keep(db, period_id):
            waiting.append(row)
            if len(waiting) == MOST:
                _write(database, waiting)
                waiting.clear()
        _write(database, waiting)
    with database.writing() as db:
        db.execute(update(ClosedPeriod).where(ClosedPeriod.period_id == period_id).values(frozen_at=now()))


def _write(database: Database, rows: list[tuple[object, ...]]) -> None:
    with database.writing() as db:
        put(db, ClosedFigure, rows)
