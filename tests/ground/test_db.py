"""The database: readers cannot write, writers lose nothing, moments keep their zone, the disk holds what was said."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from lms.clock import now
from lms.consulting.models import AskedMonth
from lms.db import Database, insert_once
from lms.jobs import Job
from lms.people.models import Actor, Person, ThrottleCount, UserSession

RIGA = timezone(timedelta(hours=2))


def a_job(**values: object) -> Job:
    return Job(**({"name": "x", "args": {}, "run_at": now(), "created_at": now()} | values))


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as db:
        db.add(a_job())
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            db.flush()
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), database.reading() as db:
        db.execute(text("delete from job"))


def test_a_connection_that_was_read_from_can_be_written_with_afterwards(database: Database) -> None:
    for _ in range(3):
        with database.reading() as db:
            db.scalars(select(Job)).all()
        with database.writing() as db:
            db.add(a_job())
    with database.reading() as db:
        assert len(db.scalars(select(Job)).all()) == 3


def test_an_exception_rolls_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        write_and_fail(db)
    with database.reading() as db:
        assert db.scalars(select(Job)).all() == []


def write_and_fail(db: Session) -> None:
    db.add(a_job())
    db.flush()
    _ = 1 / 0


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.reading() as db:
        if database.engine.dialect.name == "postgresql":
            pytest.skip("PostgreSQL shows each statement's own moment; only SQLite's snapshot is relied on")
        assert db.scalars(select(Job.id)).all() == []
        with database.writing() as other:
            other.add(a_job())
        assert db.scalars(select(Job.id)).all() == []


def test_two_who_read_and_then_write_lose_nothing(database: Database) -> None:
    with database.writing() as db:
        db.add(ThrottleCount(key="k", window=0, count=0))
    start = threading.Barrier(2)

    def count_up() -> None:
        start.wait()
        for _ in range(25):
            with database.writing() as db:
                row = db.get_one(ThrottleCount, ("k", 0), with_for_update=True)
                row.count += 1

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        assert db.get_one(ThrottleCount, ("k", 0)).count == 50


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as db:
        db.add(Person(id=404, name="Nobody", folded_name="nobody", created_at=now()))


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"), database.writing() as db:
        db.add(a_job(run_at=datetime(2026, 5, 1, 12)))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC),
        datetime(2026, 10, 25, 3, 30, tzinfo=RIGA),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_it_was(database: Database, moment: datetime) -> None:
    with database.writing() as db:
        db.add(a_job(run_at=moment))
    with database.reading() as db:
        found = db.scalars(select(Job.run_at)).one()
        assert found == moment
        assert found.tzinfo is not None
        assert db.scalars(select(Job.id).where(Job.run_at == moment)).all() != []


def test_json_and_foreign_letters_come_back_as_they_were(database: Database) -> None:
    args = {"ვარდი": ["ÄÖ", 1.5, None, True, {"ключ": "значение"}], "emoji": "🧭"}
    with database.writing() as db:
        db.add(a_job(args=args))
    with database.reading() as db:
        assert db.scalars(select(Job.args)).one() == args


def test_sqlite_says_saved_only_when_the_disk_has_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}")
    with database.writing() as db:
        assert db.execute(text("pragma synchronous")).scalar_one() == 2, "FULL"
        assert db.execute(text("pragma journal_mode")).scalar_one() == "wal"
        assert db.execute(text("pragma foreign_keys")).scalar_one() == 1
    database.dispose()


def test_a_sqlite_writer_waits_for_another_one_and_readers_wait_for_nobody(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}", durable=False)
    with database.writing() as db:
        db.execute(text("create table thing (id integer primary key)"))
    order: list[str] = []
    written = threading.Event()

    def second() -> None:
        with database.writing() as db:
            db.execute(text("insert into thing values (2)"))
            order.append("second has the lock")
        written.set()

    with database.writing() as db:
        db.execute(text("insert into thing values (1)"))
        thread = threading.Thread(target=second)
        thread.start()
        with database.reading() as reader:
            assert reader.execute(text("select count(*) from thing")).scalar_one() == 0
        order.append("first ends")
    thread.join()
    assert written.is_set()
    assert order == ["first ends", "second has the lock"]
    database.dispose()


def test_a_database_tells_the_address_that_it_was_given(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/lms.db")
    assert {str(engine.url) for engine in (database.engine, database.reader)} == {f"sqlite:///{tmp_path}/lms.db"}
    database.dispose()


def test_what_is_there_is_not_inserted_again_and_whoever_asks_is_told(database: Database) -> None:
    """By a key that the database makes, and by one that it is given; in a session and on a connection."""
    moment = now()
    with database.writing() as db:
        guest = Actor(created_at=moment)
        db.add(guest)
        db.flush()
        opened = {"token_hash": "x", "actor_id": guest.id, "created_at": moment, "seen_at": moment,
                  "expires_at": moment, "ended_at": None, "is_shared": False, "device": ""}  # fmt: skip
        month = {"month": moment.date().replace(day=1), "told_at": moment}
        assert [insert_once(db, UserSession, opened) for _ in range(3)] == [True, False, False]
        assert [insert_once(db.connection(), AskedMonth, month) for _ in range(3)] == [True, False, False]
        assert insert_once(db, UserSession, opened | {"token_hash": "y"})


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_was_read_on_without_a_transaction_writes_in_one(database: Database) -> None:
    """All engines share a pool, in whatever order they use it, and whatever goes wrong in between."""

    def way_of(db: Session | Connection) -> tuple[str, str, TransactionStatus]:
        connection = db.connection() if isinstance(db, Session) else db
        told = [db.execute(text(f"show transaction_{each}")).scalar_one() for each in ("isolation", "read_only")]
        driver = connection.connection.driver_connection
        assert driver is not None
        return told[0], told[1], driver.info.transaction_status

    def read() -> None:
        with database.reader.connect() as db:
            assert way_of(db) == ("read committed", "on", TransactionStatus.INTRANS)

    def read_in_order_to_write() -> None:
        with database.reader_of_writers.connect() as db:
            assert way_of(db) == ("read committed", "off", TransactionStatus.IDLE)

    def fail() -> None:
        with pytest.raises(DBAPIError), database.reader_of_writers.connect() as db:
            db.execute(text("select nothing"))

    def see_one_moment() -> None:
        with database.at_one_moment() as db:
            assert way_of(db) == ("repeatable read", "on", TransactionStatus.INTRANS)

    def write_and_fail() -> None:
        with database.writing() as db:
            assert way_of(db) == ("read committed", "off", TransactionStatus.INTRANS)
            db.add(a_job())
            db.flush()
            db.add(a_job(name=None))

    for first, second in itertools.permutations((read, read_in_order_to_write, fail, see_one_moment), 2):
        first(), second()
        with pytest.raises(IntegrityError):
            write_and_fail()
    with database.reading() as db:
        assert db.scalars(select(Job)).all() == []
    assert database.engine.pool.checkedin() == 1  # type: ignore[attr-defined]


def test_who_reads_in_order_to_write_may_read_row_by_row(database: Database) -> None:
    with database.writing() as db:
        db.add_all([a_job(), a_job()])
    with database.reader_of_writers.connect() as db:
        assert len(list(db.execution_options(yield_per=1).execute(select(Job.id)))) == 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_connection_is_changed_for_one_who_borrows_it(database: Database) -> None:
    with pytest.raises(NotImplementedError, match="open_beside"), database.engine.connect() as db:
        db.execution_options(isolation_level="SERIALIZABLE")
