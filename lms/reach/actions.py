"""Opening and closing periods; wanting to stand on boards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms import jobs
from lms.clock import now
from lms.db import insert_once
from lms.helping import catalogue, period_actions
from lms.reach import closed_queries
from lms.reach.models import BoardConsent, ClosedPeriod

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.helping.models import HelpPeriod
    from lms.reach.rules import Period

JOB = "close_period"
# until then whoever was noting help at the moment of the closing has committed: a unit and those above it count alike
SETTLED = timedelta(seconds=10)


class NotBegun(ValueError):
    """A period that is still to come: nothing can be reported on it."""


class Closed(ValueError):
    """A period that is closed stays for good."""


class StillRunning(ValueError):
    """A period whose last day is not over: what is given on that day would come too late."""


def open_period(db: Session, root: int, period: Period, today: date) -> None:
    """Let a programme report on a period. Opening it twice is one period. Raises `NotBegun`."""
    if period.first > today:
        raise NotBegun
    period_actions.open_period(db, root, period.first, period.last)


def remove_period(db: Session, period: HelpPeriod) -> None:
    """Take an open period away; no entry and no figure hangs on it. Raises `Closed`."""
    if not period_actions.remove_open(db, period.id):
        raise Closed


def close_period(db: Session, period: HelpPeriod, by: int, today: date) -> None:
    """Close a period for ever, with the definitions of its last day; the worker writes its figures.

    Closing it twice changes nothing, except that what the worker failed to write is tried again. Raises `StillRunning`.
    """
    if today < closes_from(period):
        raise StillRunning
    definitions = closed_queries.as_words(catalogue.definitions(db, period.unit_id, period.last_day))
    if insert_once(db, ClosedPeriod, {"period_id": period.id, "definitions": definitions, "frozen_at": None}):
        period_actions.mark_closed(period, by)
        jobs.enqueue(db, JOB, {"period": period.id}, run_at=now() + SETTLED, dedupe=job_key(period.id))
    else:
        jobs.try_again(db, job_key(period.id))


def closes_from(period: HelpPeriod) -> date:
    """The first day on which a period can be closed: the one after its last."""
    return period.last_day + timedelta(days=1)


def job_key(period_id: int) -> str:
    """Under which key the worker is asked for the figures of a closed period."""
    return f"{JOB}/{period_id}"


def want_board(db: Session, person: int) -> None:
    """Stand on boards from now on. Saying so twice is once."""
    standing = select(BoardConsent.id).where(BoardConsent.person_id == person, BoardConsent.ended_at.is_(None))
    if db.scalar(standing.limit(1)) is None:
        db.add(BoardConsent(person_id=person, given_at=now()))


def leave_board(db: Session, person: int) -> None:
    """Stand on no board any more."""
    standing = update(BoardConsent).where(BoardConsent.person_id == person, BoardConsent.ended_at.is_(None))
    db.execute(standing.values(ended_at=now()))
