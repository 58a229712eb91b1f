"""One request, at most one read snapshot and one write transaction.

A POST that answers below 400 commits before its answer leaves; anything else rolls back; a GET cannot write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from lms.db import Database

T = TypeVar("T")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class GetMustNotWrite(RuntimeError):
    """A handler of a GET asked for a write transaction: a fault of ours."""


def init_transactions(app: Flask, database: Database) -> None:
    """Join the database to an app."""
    app.extensions["lms_database"] = database
    app.teardown_appcontext(_close)


def settle_first(app: Flask) -> None:
    """Commit before anything else is done with an answer, so that others wait less for the right to write.

    To be called last: Flask runs what was asked for last first.
    """
    app.after_request(_settle)


def database() -> Database:
    """The database of the running app, for the few commit points outside the request's own transaction."""
    return cast("Database", current_app.extensions["lms_database"])


class _Opened:
    """What one request has opened of the database, each at its first use."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.connection: Connection | None = None
        self.reading: Session | None = None
        self.writing: Session | None = None

    def may_write_where_it_reads(self) -> bool:
        """Whether the connection that was read on can write, as PostgreSQL's can."""
        return self.reading is None and self.database.engine.dialect.name == "postgresql"

    def written_at_once(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        """A short write where this request has read, in a transaction of its own."""
        driver: Any = connection.connection.driver_connection
        with driver.transaction():
            return work(connection)

    def end_reading(self) -> None:
        """What is read from now on sees what was written until now."""
        session, connection = self.reading, self.connection
        self.reading = self.connection = None
        if session is not None:
            session.close()
        if connection is not None:
            connection.close()

    def end_writing(self) -> None:
        """What was not committed is not kept."""
        session, self.writing = self.writing, None
        if session is not None:
            session.close()


def _opened() -> _Opened:
    found: _Opened | None = g.get("opened")
    if found is None:
        found = g.opened = _Opened(database())
    return found


def reading() -> Session:
    """The request's read session; it ends where the write transaction begins."""
    opened = _opened()
    if opened.writing is not None:
        return opened.writing
    if opened.reading is None:
        opened.reading = Session(read_connection(), expire_on_commit=False)
    return opened.reading


def read_connection() -> Connection:
    """The connection below `reading`, for the few statements that every request asks."""
    opened = _opened()
    if opened.writing is not None:
        return opened.writing.connection()
    if opened.connection is None:
        is_asking = not request or request.method in SAFE
        known = opened.database
        opened.connection = (known.reader if is_asking else known.reader_of_writers).connect()
    return opened.connection


def writing() -> Session:
    """The request's write session, opened at the first call. Raises `GetMustNotWrite`."""
    _refuse_safe_methods()
    opened = _opened()
    if opened.writing is None:
        opened.end_reading()
        opened.writing = opened.database.write_session()
    return opened.writing


def write_shared(work: Callable[[Connection], T]) -> T:
    """Commit one short write at once, together with those of other requests; what it returns or raises.

    For what many people do at the same moment. `work` follows the rules of `lms.shared_commits`: it may run in another
    request's thread. A request that has begun to write goes on in its own transaction. Raises `GetMustNotWrite`.
    """
    _refuse_safe_methods()
    opened = _opened()
    if opened.writing is not None:
        opened.writing.flush()
        return work(opened.writing.connection())
    if opened.connection is not None and opened.may_write_where_it_reads():
        return opened.written_at_once(opened.connection, work)
    opened.end_reading()  # what is read from now on has seen this write
    return opened.database.shared.write(work)


def write_statement(work: Callable[[Connection], T]) -> T:
    """`write_shared` for work that writes with one statement, which is a transaction by itself on PostgreSQL."""
    _refuse_safe_methods()
    opened = _opened()
    if opened.writing is None and opened.connection is not None and opened.may_write_where_it_reads():
        return work(opened.connection)
    return write_shared(work)


def _refuse_safe_methods() -> None:
    if request.method in SAFE:
        raise GetMustNotWrite(f"{request.method} {request.path} asked to write")


def give_up() -> None:
    """Forget what this request has read and written: a transaction that failed answers nothing any more."""
    _close()


def _settle(response: Response) -> Response:
    opened: _Opened | None = g.get("opened")
    if opened is None or opened.writing is None:
        return response
    if response.status_code < 400:
        opened.writing.commit()
    opened.end_writing()
    return response


def _close(_error: BaseException | None = None) -> None:
    opened: _Opened | None = g.get("opened")
    if opened is not None:
        opened.end_reading()
        opened.end_writing()
