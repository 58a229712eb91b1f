"""Jobs: asked for with the change itself, run once by one worker, again after a failure or a death, never lost."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from lms import jobs
from lms.clock import now
from lms.db import Database
from lms.jobs import LEASE, MOST_ATTEMPTS, Job, Task, Trouble, Worker, enqueue, finish, revive, troubles, try_again
from lms.reactions import LANES

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


@pytest.fixture(autouse=True)
def _no_tracebacks() -> Iterator[None]:
    logging.getLogger("lms.jobs").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("lms.jobs").setLevel(logging.NOTSET)


class Killed(BaseException):
    """What stands for kill -9 in a thread: nothing of the worker's own code may clean up after it."""


def killed(_database: Database, _task: Task) -> None:
    raise Killed


def fails(_database: Database, _task: Task) -> None:
    raise ValueError("the mail server is on holiday")


class Seen(list[Task]):
    """A handler that remembers what it was given."""

    def __call__(self, _database: Database, task: Task) -> None:
        self.append(task)


def ask(database: Database, **options: Any) -> None:
    with database.writing() as db:
        enqueue(db, "x", {}, **options)


def the_job(database: Database) -> Job:
    with database.reading() as db:
        return db.scalars(select(Job)).one()


def count(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Job)) or 0


def test_a_job_runs_once_and_is_gone(database: Database) -> None:
    ask(database)
    seen = Seen()
    Worker(database, {"x": seen}).drain()
    Worker(database, {"x": seen}).drain()
    assert len(seen) == 1
    assert count(database) == 0


def test_what_is_rolled_back_was_never_asked_for(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        enqueue(db, "x", {"share": 1 // count(database)})
    assert count(database) == 0


def test_a_rolled_back_transaction_takes_its_job_along(database: Database) -> None:
    with database.write_session() as db:
        enqueue(db, "x", {})
        enqueue(db, "x", {}, dedupe="one")
        db.flush()
        db.rollback()
    assert count(database) == 0


def test_one_job_for_one_reason(database: Database) -> None:
    for _ in range(2):
        ask(database, dedupe="reason")
    ask(database, dedupe="another")
    ask(database)
    ask(database)
    assert count(database) == 4
    Worker(database, {"x": Seen()}).drain()
    ask(database, dedupe="reason")
    assert count(database) == 1


def test_two_who_ask_for_the_same_at_once_both_succeed(database: Database) -> None:
    barrier, errors = threading.Barrier(4), []

    def both() -> None:
        barrier.wait()
        for number in range(10):
            try:
                ask(database, dedupe=f"reason {number}")
            except Exception as error:  # noqa: BLE001 - shown below
                errors.append(error)

    in_threads([both] * 4)
    assert errors == []
    assert count(database) == 10


def in_threads(works: list[Any]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_job_waits_for_its_time(database: Database, clock: time_machine.Traveller) -> None:
    ask(database, run_at=START + timedelta(minutes=5))
    seen = Seen()
    worker = Worker(database, {"x": seen})
    worker.drain()
    assert seen == []
    clock.shift(timedelta(minutes=5))
    worker.drain()
    assert len(seen) == 1


def test_a_dead_workers_job_is_run_again_after_its_lease_by_another(
    database: Database, clock: time_machine.Traveller
) -> None:
    ask(database)
    with pytest.raises(Killed):
        Worker(database, {"x": killed}).drain()
    seen = Seen()
    other = Worker(database, {"x": seen})
    other.drain()
    assert seen == [], "somebody else's until the lease is over"
    clock.shift(LEASE + timedelta(seconds=1))
    other.drain()
    assert len(seen) == 1
    assert count(database) == 0


def test_a_job_that_is_run_again_keeps_its_key_and_no_other_ever_gets_it(
    database: Database, clock: time_machine.Traveller
) -> None:
    first = Seen()

    def remember_and_fail(database: Database, task: Task) -> None:
        first(database, task)
        raise ValueError

    ask(database)
    Worker(database, {"x": remember_and_fail}).drain()
    clock.shift(timedelta(minutes=1))
    second = Seen()
    worker = Worker(database, {"x": second})
    worker.drain()
    assert [task.key for task in second] == [task.key for task in first]
    for _ in range(3):
        clock.shift(timedelta(seconds=1))
        ask(database)
        worker.drain()
    assert len({task.key for task in second}) == 4


def test_a_job_that_outlives_its_lease_is_not_given_to_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))
    ask(database)
    others = Seen()

    def slow(database: Database, _task: Task) -> None:
        first = the_job(database).lease_until
        other = Worker(database, {"x": others})
        renewed = 0
        while renewed < 3:  # as long as three leases
            other.drain()
            if (until := the_job(database).lease_until) != first:
                first, renewed = until, renewed + 1

    Worker(database, {"x": slow}).drain()
    assert others == []
    assert count(database) == 0


def test_a_failing_job_comes_back_later_and_later_and_then_is_dead_and_shown(
    database: Database, clock: time_machine.Traveller
) -> None:
    ask(database)
    worker = Worker(database, {"x": fails})
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        worker.drain()
        job = the_job(database)
        assert job.attempts == attempt
        assert "the mail server is on holiday" in job.error
        waits.append(job.run_at - now())
        clock.move_to(job.run_at)
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] >= timedelta(seconds=5)
    assert waits[4] > timedelta(hours=1)
    assert the_job(database).state == "dead"
    clock.shift(timedelta(days=30))
    seen = Seen()
    Worker(database, {"x": seen}).drain()
    assert seen == []
    with database.writing() as db:
        revive(db, the_job(database).id)
    Worker(database, {"x": seen}).drain()
    assert len(seen) == 1


def test_a_job_that_kills_every_worker_ends_too_and_holds_up_no_other(
    database: Database, clock: time_machine.Traveller
) -> None:
    ask(database)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            Worker(database, {"x": killed}).drain()
        clock.shift(LEASE + timedelta(seconds=1))
    with database.writing() as db:
        enqueue(db, "y", {})
    seen = Seen()
    Worker(database, {"x": seen, "y": seen}).drain()
    assert [task.name for task in seen] == ["y"]
    job = the_job(database)
    assert (job.state, job.lease_until) == ("dead", None)
    assert "killed" in job.error


def test_a_job_that_nobody_knows_is_kept_for_a_program_that_does(database: Database) -> None:
    ask(database)
    Worker(database, {}).drain()
    assert "KeyError" in the_job(database).error


def test_two_hundred_jobs_and_four_workers_and_none_runs_twice(database: Database) -> None:
    with database.writing() as db:
        for number in range(200):
            enqueue(db, "x", {"number": number})
    runs: Counter[int] = Counter()
    workers: Counter[str] = Counter()
    lock, barrier = threading.Lock(), threading.Barrier(4)

    def handle(_database: Database, task: Task) -> None:
        with lock:
            runs[task.args["number"]] += 1
            workers[task.worker] += 1

    def work() -> None:
        barrier.wait()
        Worker(database, {"x": handle}).drain()

    in_threads([work] * 4)
    assert runs == Counter(range(200))
    assert len(workers) > 1
    assert count(database) == 0


def test_what_a_handler_wrote_and_the_jobs_end_are_one(database: Database, clock: time_machine.Traveller) -> None:
    def write(database: Database, task: Task) -> None:
        with database.writing() as db:
            enqueue(db, "y", {})
            finish(db, task)
        raise Killed  # after the commit: the job is over nevertheless

    ask(database)
    with pytest.raises(Killed):
        Worker(database, {"x": write}).drain()
    clock.shift(LEASE * 2)
    Worker(database, {"x": write, "y": lambda *_: None}).run_due()
    assert count(database) == 0


def test_a_worker_that_was_given_up_undoes_what_it_did(database: Database) -> None:
    def too_late(database: Database, task: Task) -> None:
        with database.writing() as db:
            db.execute(update(Job).where(Job.id == task.id).values(worker="another", lease_until=now() + LEASE))
        with database.writing() as db:
            enqueue(db, "y", {})
            finish(db, task)

    ask(database)
    Worker(database, {"x": too_late}).drain()
    job = the_job(database)
    assert (job.name, job.worker, job.error) == ("x", "another", "")


def test_stopping_ends_the_worker_after_the_job_under_way(database: Database) -> None:
    stop = threading.Event()
    ask(database)
    ask(database)
    Worker(database, {"x": lambda *_: stop.set()}).run_until(stop)
    assert count(database) == 1


def test_who_asked_sees_what_failed_and_has_it_tried_again(database: Database, clock: time_machine.Traveller) -> None:
    def troubled() -> Trouble | None:
        with database.reading() as db:
            assert troubles(db, []) == {}
            return troubles(db, ["x/1", "x/2"]).get("x/1")

    def again() -> bool:
        with database.writing() as db:
            return try_again(db, "x/1")

    with database.writing() as db:
        enqueue(db, "x", {}, dedupe="x/1")
        enqueue(db, "y", {}, dedupe="x/2", run_at=now() + timedelta(days=30))
    assert troubled() is None
    assert not again(), "nothing failed yet"
    worker = Worker(database, {"x": fails})
    worker.drain()
    met = troubled()
    assert met is not None
    assert met.next_at is not None
    assert not met.is_final
    for _ in range(MOST_ATTEMPTS):
        clock.shift(timedelta(hours=8))
        worker.drain()
    met = troubled()
    assert met is not None
    assert met.is_final
    assert "the mail server is on holiday" in met.error
    with database.writing() as db:
        enqueue(db, "x", {}, dedupe="x/1")
    assert count(database) == 2, "the one that was given up stands in its way"
    assert again()
    assert troubled() is None
    assert not again(), "it waits for its turn already"
    seen = Seen()
    Worker(database, {"x": seen}).drain()
    assert len(seen) == 1


def test_figures_do_not_wait_behind_long_work(database: Database) -> None:
    over, counted, stop = threading.Event(), threading.Event(), threading.Event()
    handlers = {"long": lambda *_: over.wait(60) or None, "count": lambda *_: counted.set()}
    with database.writing() as db:
        enqueue(db, "long", {})
        enqueue(db, "count", {})
    lanes = [Worker(database, handlers, only=names) for names in LANES]
    threads = [threading.Thread(target=lane.run_until, args=(stop,), kwargs={"pause": 0.01}) for lane in lanes]
    for thread in threads:
        thread.start()
    is_counted = counted.wait(30)
    over.set()
    stop.set()
    for thread in threads:
        thread.join()
    assert is_counted
