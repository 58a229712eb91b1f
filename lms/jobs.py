"""Work to do later: an outbox in the database and the worker that empties it.

A job is enqueued in the transaction of the change that asks for it. A worker claims one job at a time with a lease,
which it renews while the job runs; a worker that is killed loses its lease, and another runs the job again. So each job
must bear being run twice. A handler that only writes to the database ends its job in the same transaction (`finish`):
then it has happened once, or not at all.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import traceback
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Index, String, Text, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from lms.among import among
from lms.clock import now
from lms.db import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from threading import Event as Signal

    from sqlalchemy.orm import Session

    from lms.db import Database

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
# mail servers say whom they refused; a job that is dead stays, and would remember it longer than anybody else
_ADDRESS = re.compile(r"[^\s@'\"<>(){}\[\]:;,]+@[^\s@'\"<>(){}\[\]:;,]+")


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
    """A claimed job, as its handler gets it.

    `key` names the job for ever: it stays the same when the job is run again, and no other job ever has it. (An `id`
    may come again: SQLite gives the ids of deleted rows away, and a restored backup begins where it was.)
    """

    id: int
    name: str
    args: dict[str, Any]
    key: str
    worker: str


Handler: TypeAlias = "Callable[[Database, Task], None]"


class TakenOver(RuntimeError):
    """The lease was lost and another worker runs this job: what this one did must be rolled back."""


def enqueue(
    db: Session, name: str, args: dict[str, Any], *, run_at: datetime | None = None, dedupe: str | None = None
) -> None:
    """Ask for work in this transaction. A second job with the same `dedupe` is not made while the first exists."""
    moment = now()
    job = Job(name=name, args=args, run_at=run_at or moment, created_at=moment, dedupe=dedupe)
    if dedupe is None:
        db.add(job)
        return
    if db.scalar(select(Job.id).where(Job.dedupe == dedupe)) is not None:
        return
    try:
        with db.begin_nested():
            db.add(job)
    except IntegrityError:
        return  # somebody else asked for it in this moment


def enqueue_many(db: Session, name: str, many: Sequence[dict[str, Any]]) -> None:
    """Ask for work of one kind many times, in one statement."""
    moment = now()
    if many:
        db.execute(insert(Job), [{"name": name, "args": args, "run_at": moment, "created_at": moment} for args in many])


def finish(db: Session, task: Task) -> None:
    """End a job in the transaction of what it did, so that both happen or neither. Raises `TakenOver`."""
    if not _end(db, task):
        raise TakenOver(f"job {task.id} runs elsewhere")


def let_others_ask(db: Session, task: Task) -> None:
    """Let the same be asked for again from now on, for a job whose work begins only after this is committed."""
    db.execute(update(Job).where(Job.id == task.id).values(dedupe=None))


def _end(db: Session, task: Task) -> bool:
    ended = delete(Job).where(Job.id == task.id, Job.worker == task.worker).returning(Job.id)
    return db.execute(ended).one_or_none() is not None


class Worker:
    """Claims due jobs and runs them, one after the other. Several may run at once, in threads or processes.

    With `only`, it takes no other jobs than these: a lane for what may not wait behind long work.
    """

    def __init__(self, database: Database, handlers: Mapping[str, Handler], *, only: Collection[str] = ()) -> None:
        self.database = database
        self.handlers = handlers
        self.only = only
        self.name = uuid.uuid4().hex[:12]

    def run_due(self) -> bool:
        """Run the next job that is due; whether there was one."""
        task = self._claim()
        if task is not None:
            self._run(task)
        return task is not None

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
                found = False
            if not found:
                stop.wait(pause)

    def _claim(self) -> Task | None:
        moment = now()
        with self.database.reading() as db:
            if db.scalar(_due(moment, self.only)) is None:
                return None
        with self.database.writing() as db:
            _give_up(db, moment)
            job = db.scalar(_due(moment, self.only).with_for_update(skip_locked=True))
            if job is None:
                return None
            job.lease_until, job.worker, job.attempts = moment + LEASE, self.name, job.attempts + 1
            return Task(job.id, job.name, job.args, _key(job), self.name)

    def _run(self, task: Task) -> None:
        started = time.perf_counter()
        try:
            with self._keeping_the_lease(task):
                self.handlers[task.name](self.database, task)
        except TakenOver:
            log.warning("job was taken over", extra={"job": task.id, "job_name": task.name})
            return
        except Exception:  # any failure of a job must be kept and retried, whatever it is
            log.exception("job failed", extra={"job": task.id, "job_name": task.name})
            self._failed(task, traceback.format_exc(limit=8))
            return
        log.info("job done", extra={"job": task.id, "job_name": task.name, "seconds": time.perf_counter() - started})
        with self.database.writing() as db:
            _end(db, task)

    @contextmanager
    def _keeping_the_lease(self, task: Task) -> Iterator[None]:
        """A job may take longer than a lease: renew it for as long as this process lives and runs the job."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(LEASE.total_seconds() / 3):
                try:
                    with self.database.writing() as db:
                        mine = update(Job).where(Job.id == task.id, Job.worker == self.name)
                        db.execute(mine.values(lease_until=now() + LEASE))
                except OperationalError:
                    log.exception("worker cannot renew a lease", extra={"job": task.id})

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _failed(self, task: Task, error: str) -> None:
        with self.database.writing() as db:
            job = db.get(Job, task.id)
            if job is None or job.worker != self.name:
                return
            job.error, job.lease_until = _ADDRESS.sub("…@…", error[-8000:])[-4000:], None
            job.run_at = now() + timedelta(seconds=5 * 4 ** min(job.attempts, 6))
            if job.attempts >= MOST_ATTEMPTS:
                job.state = "dead"


def _due(moment: datetime, only: Collection[str]) -> Any:
    unleased = (Job.lease_until.is_(None)) | (Job.lease_until < moment)
    chosen = [Job.name.in_(only)] if only else []
    return (
        select(Job)
        .where(Job.state == "waiting", Job.run_at <= moment, unleased, *chosen)
        .order_by(Job.priority.desc(), Job.run_at, Job.id)
        .limit(1)
    )


def _give_up(db: Session, moment: datetime) -> None:
    """A job whose every worker was killed is more likely the murderer than the victim."""
    killers = update(Job).where(Job.state == "waiting", Job.attempts >= MOST_ATTEMPTS, Job.lease_until < moment)
    said = func.coalesce(func.nullif(Job.error, ""), "Each worker that ran this job was killed before it was done.")
    db.execute(killers.values(state="dead", lease_until=None, error=said))


def _key(job: Job) -> str:
    return f"{int(job.created_at.timestamp() * 1_000_000):x}-{job.id:x}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A job that failed: its traceback, and when it is tried again; None if it was given up."""

    error: str
    next_at: datetime | None

    @property
    def is_final(self) -> bool:
        """Whether nobody tries again unless somebody asks for it."""
        return self.next_at is None


def troubles(db: Session, keys: Collection[str]) -> dict[str, Trouble]:
    """What failed of the jobs that were asked for with these `dedupe` keys, so that a page can say it."""
    if not keys:
        return {}
    failed = select(Job.dedupe, Job.error, Job.state, Job.run_at).where(among(Job.dedupe, keys), Job.error != "")
    return {key or "": Trouble(error, None if state == "dead" else at) for key, error, state, at in db.execute(failed)}


def try_again(db: Session, dedupe: str) -> bool:
    """Have a job that failed run now, with eight attempts more. False if none with this key failed, or it runs."""
    is_idle = Job.lease_until.is_(None) | (Job.lease_until < now())
    failed = update(Job).where(Job.dedupe == dedupe, Job.error != "", is_idle)
    again = failed.values(state="waiting", attempts=0, run_at=now(), lease_until=None, error="")
    return db.execute(again.returning(Job.id)).one_or_none() is not None


def forget_dead(db: Session, name: str, before: datetime) -> None:
    """Delete the jobs of one kind that were given up and asked for before a moment, with all that they name."""
    db.execute(delete(Job).where(Job.name == name, Job.state == "dead", Job.created_at < before))


def revive(db: Session, job: int) -> None:
    """Give a dead job another eight attempts."""
    db.execute(update(Job).where(Job.id == job).values(state="waiting", attempts=0, run_at=now(), lease_until=None))
