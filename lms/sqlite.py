"""SQLite with real transactions, whose writers take turns.

SQLite lets one connection write at a time; whoever comes meanwhile sleeps up to 100 ms and tries again, so that a busy
process can keep another one out for seconds. Here the writers of all processes queue for a lock of the system on a
file beside the database, `NAME-turn`, and are woken when it is free. Other programs may write without it: then
SQLite's own lock decides, as ever.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

WAIT = 10_000  # ms that SQLite waits for a writer that takes no turns


def open_reader(url: str, *, one_moment: bool = True, **settings: Any) -> Engine:
    """An engine of connections that cannot write; `settings` are those of `create_engine`."""
    if not one_moment:
        settings["pool_reset_on_return"] = None  # nothing was begun
    engine = _open(url, Reader if one_moment else Looker, durable=True, **settings)
    event.listen(engine, "connect", _refuse_to_write)
    return engine


def open_writer(url: str, *, durable: bool, **settings: Any) -> Engine:
    """An engine of one connection, for which the threads of a process queue."""
    return _open(url, Writer, durable=durable, pool_size=1, max_overflow=0, **settings)


class Reader(sqlite3.Connection):
    """A connection that sees one moment of the database in each transaction, and cannot write."""

    def begin_transaction(self) -> None:
        """Begin to read."""
        self.execute("BEGIN").close()


class Looker(sqlite3.Connection):
    """A connection whose every statement sees a moment of its own, as on PostgreSQL, and which cannot write.

    For who reads in order to write: what was read may have changed by then in any case.
    """

    def begin_transaction(self) -> None:
        """Nothing has to begin."""


class Writer(sqlite3.Connection):
    """A connection that has the only right to write from the beginning of a transaction, in its turn.

    So what it reads cannot change before it writes.
    """

    def __init__(self, database: str, *args: Any, **settings: Any) -> None:
        super().__init__(database, *args, **settings)
        self._turn = _opened_beside(database)
        self._has_turn = False

    def begin_transaction(self) -> None:
        """Wait for the turn of this connection, and begin."""
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        self._has_turn = True
        try:
            self.execute("BEGIN IMMEDIATE").close()
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        """Write, and let the next one begin."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Forget, and let the next one begin."""
        super().rollback()
        self._leave()

    def close(self) -> None:
        """Leave the file."""
        super().close()
        if self._turn >= 0:
            os.close(self._turn)
            self._turn = -1

    def _leave(self) -> None:
        if self._has_turn:
            self._has_turn = False
            fcntl.flock(self._turn, fcntl.LOCK_UN)


def _opened_beside(database: str) -> int:
    """The file for which writers queue. It belongs to whom the database belongs, also where root was first."""
    path, owner = f"{database}-turn", Path(database).stat()
    with suppress(FileExistsError):
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.fchmod(made, stat.S_IMODE(owner.st_mode))
        if os.geteuid() == 0:
            os.fchown(made, owner.st_uid, owner.st_gid)
        return made
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


class SQLiteDialect_transactions(SQLiteDialect_pysqlite):  # noqa: N801 - named as SQLAlchemy names dialects
    """Leaves it to the connection how a transaction begins: the driver leaves DDL and SELECT outside of its own.

    A dialect begins them, and not a listener: an engine with a listener asks for more of them at each statement.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Begin in the way of this connection."""
        driver: Any = dbapi_connection
        driver.begin_transaction()


registry.register("sqlite.transactions", __name__, SQLiteDialect_transactions.__name__)


def _open(url: str, driver: type[sqlite3.Connection], *, durable: bool, **settings: Any) -> Engine:
    address = make_url(url)
    named = address.set(drivername="sqlite+transactions")
    engine = create_engine(named, connect_args={"factory": driver}, **settings)
    engine.url = address  # the address as it was given, for whoever asks where the database is

    @event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: object) -> None:
        driver.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            f"busy_timeout={WAIT}",
            "foreign_keys=ON",
        ):
            driver.execute(f"PRAGMA {pragma}").close()

    return engine


def _refuse_to_write(driver: Any, _record: object) -> None:
    driver.execute("PRAGMA query_only=ON").close()
