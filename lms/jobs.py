"""Work to do later: an outbox in the database and the worker that empties it.

A job is enqueued in the transaction of the change that asks for it. A worker claims jobs with a lease; a worker that
is killed loses its lease, and another runs the job again. So each job must bear being run twice.
"""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Index, String, Text, delete, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from lms.clock import now
from lms.db import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from threading import Event as Signal

    from sqlalchemy.orm import Session

    from lms.db import Database

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
BATCH = 10


class Job(Base):
    """One piece of work. `state` is waiting or dead; a finished job is deleted."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at", "priority"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, Any]]
    priority: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    dedupe: Mapped[str | None] = mapped_column(String(120), unique=True)
    error: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed job, as its handler gets it. `id` stays the same when the job is run again."""

    id: int
    name: str
    args: dict[str, Any]


Handler: TypeAlias = "Callable[[Database, Task], None]"


def enqueue(
    db: Session, name: str, args: dict[str, Any], *, run_at: datetime | None = None, dedupe: str | None = None
) -> None:
    """Ask for work in this transaction. A second job with the same `dedupe` is not made while the first exists."""
    if dedupe is not None and db.scalar(select(Job.id).where(Job.dedupe == dedupe)) is not None:
        return
    moment = now()
    db.add(Job(name=name, args=args, run_at=run_at or moment, created_at=moment, dedupe=dedupe))


class Worker:
    """Runs jobs by name until told to stop."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler]) -> None:
        self.database = database
        self.handlers = handlers
        self.name = uuid.uuid4().hex[:12]

    def run_due(self) -> int:
        """Run what is due, a batch; the number of jobs run."""
        tasks = self._claim()
        for task in tasks:
            self._run(task)
        return len(tasks)

    def drain(self) -> None:
        """Run everything that is due now, including what those jobs ask for."""
        while self.run_due():
            pass

    def run_until(self, stop: Signal, *, pause: float = 0.5) -> None:
        """Run jobs until `stop` is set, looking every `pause` seconds when there is nothing to do."""
        while not stop.is_set():
            try:
                found = self.run_due()
            except OperationalError:
                log.exception("worker cannot reach the database")
                found = 0
            if not found:
                stop.wait(pause)

    def _claim(self) -> Sequence[Task]:
        moment = now()
        with self.database.reading() as db:
            if db.scalar(_due(moment).with_only_columns(func.count()).order_by(None).limit(None)) == 0:
                return []
        with self.database.writing() as db:
            due = db.scalars(_due(moment).limit(BATCH).with_for_update(skip_locked=True)).all()
            for job in due:
                job.lease_until, job.worker, job.attempts = moment + LEASE, self.name, job.attempts + 1
            return [Task(job.id, job.name, job.args) for job in due]

    def _run(self, task: Task) -> None:
        started = time.perf_counter()
        try:
            self.handlers[task.name](self.database, task)
        except Exception:  # any failure of a job must be kept and retried, whatever it is
            log.exception("job failed", extra={"job": task.id, "job_name": task.name})
            self._failed(task, traceback.format_exc(limit=8))
            return
        log.info("job done", extra={"job": task.id, "job_name": task.name, "seconds": time.perf_counter() - started})
        with self.database.writing() as db:
            db.execute(delete(Job).where(Job.id == task.id, Job.worker == self.name))

    def _failed(self, task: Task, error: str) -> None:
        with self.database.writing() as db:
            job = db.get(Job, task.id)
            if job is None or job.worker != self.name:
                return
            job.error, job.lease_until = error[-4000:], None
            job.run_at = now() + timedelta(seconds=5 * 4 ** min(job.attempts, 6))
            if job.attempts >= MOST_ATTEMPTS:
                job.state = "dead"


def _due(moment: datetime) -> Any:
    unleased = (Job.lease_until.is_(None)) | (Job.lease_until < moment)
    return (
        select(Job)
        .where(Job.state == "waiting", Job.run_at <= moment, unleased)
        .order_by(Job.priority.desc(), Job.run_at, Job.id)
    )


def revive(db: Session, job: int) -> None:
    """Give a dead job another eight attempts."""
    db.execute(update(Job).where(Job.id == job).values(state="waiting", attempts=0, run_at=now(), lease_until=None))
