"""Writes of several threads at once: all kept, in fewer commits; an error reaches only the thread that asked."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from lms.db import Database

THREADS = 8


@pytest.fixture(autouse=True)
def table(database: Database) -> None:
    with database.writing() as db:
        db.execute(text("create table kept (number integer primary key)"))


def keep(number: int) -> Callable[[Connection], int]:
    def work(db: Connection) -> int:
        db.execute(text("insert into kept values (:number)"), {"number": number})
        return number

    return work


def kept(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(text("select number from kept order by number")))


def write_all(database: Database, works: list[Callable[[Connection], int]]) -> list[Future[int]]:
    """Begin one write, let the others arrive while it is under way, then let it go on."""
    begun, arrived = Event(), Event()

    def first(db: Connection) -> int:
        begun.set()
        assert arrived.wait(20)
        return keep(0)(db)

    with ThreadPoolExecutor(THREADS + 1) as threads:
        futures = [threads.submit(database.shared.write, first)]
        assert begun.wait(20)
        futures += [threads.submit(database.shared.write, work) for work in works]
        if database.engine.dialect.name == "sqlite":
            while len(database.shared._waiting) < len(works):
                pass
        arrived.set()
    return futures


def test_all_who_wait_are_written_in_one_commit(database: Database) -> None:
    commits = []
    event.listen(database.engine, "commit", commits.append)
    futures = write_all(database, [keep(number) for number in range(1, THREADS)])
    assert sorted(future.result() for future in futures) == list(range(THREADS)) == kept(database)
    assert len(commits) == (2 if database.engine.dialect.name == "sqlite" else THREADS)


def test_an_error_is_one_threads_own(database: Database) -> None:
    def fail(db: Connection) -> int:
        keep(77)(db)
        raise LookupError("mine")

    works = [keep(1), fail, keep(2), keep(0)]
    zero, one, failed, two, again = write_all(database, works)
    assert (one.result(), two.result()) == (1, 2)
    with pytest.raises(LookupError, match="mine"):
        failed.result()
    refused = [str(error) for error in (zero.exception(), again.exception()) if error is not None]
    assert len(refused) == 1, "PostgreSQL writes both at once, and either may be the first"
    assert "unique" in refused[0].lower()
    assert kept(database) == [0, 1, 2]


@pytest.mark.parametrize("ended", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_thread_that_writes_for_others_ends_it_and_nobody_is_told_that_theirs_is_kept(
    database: Database, ended: type[BaseException]
) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL writes each by itself")
    commits: list[object] = []

    def interrupt(connection: object) -> None:
        """As a signal does that comes while the second commit, of those who waited, is under way."""
        commits.append(connection)
        if len(commits) == 2:
            raise ended

    event.listen(database.engine, "commit", interrupt)
    first, *waited = write_all(database, [keep(1), keep(2), keep(3)])
    raised = [type(future.exception()) for future in waited]
    assert first.result() == 0
    assert sorted(each.__name__ for each in raised) == sorted([ended.__name__, *["NotKnownKept"] * 2])
    assert kept(database) == [0]
    assert database.shared.write(keep(9)) == 9, "whoever comes next writes as before"
    assert kept(database) == [0, 9]
