"""One request, at most one read snapshot and one write transaction.

A POST that answers below 400 commits before its answer leaves; anything else rolls back; a GET cannot write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

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


def reading() -> Session:
    """The request's read session; it ends where the write transaction begins."""
    if "write_session" in g:
        return cast("Session", g.write_session)
    if "read_session" not in g:
        g.read_session = Session(read_connection(), expire_on_commit=False)
    return cast("Session", g.read_session)


def read_connection() -> Connection:
    """The connection below `reading`, for the few statements that every request asks."""
    if "read_connection" not in g:
        g.read_connection = database().reader.connect()
    return cast("Connection", g.read_connection)


def writing() -> Session:
    """The request's write session, opened at the first call. Raises `GetMustNotWrite`."""
    _refuse_safe_methods()
    if "write_session" not in g:
        _end_reading()
        g.write_session = database().write_session()
    return cast("Session", g.write_session)


def write_shared(work: Callable[[Connection], T]) -> T:
    """Commit one short write at once, together with those of other requests; what it returns or raises.

    For what many people do at the same moment. `work` follows the rules of `lms.shared_commits`: it may run in another
    request's thread. A request that has begun to write goes on in its own transaction. Raises `GetMustNotWrite`.
    """
    _refuse_safe_methods()
    if "write_session" in g:
        g.write_session.flush()
        return work(g.write_session.connection())
    _end_reading()  # what is read from now on has seen this write
    return database().shared.write(work)


def _refuse_safe_methods() -> None:
    if request.method in SAFE:
        raise GetMustNotWrite(f"{request.method} {request.path} asked to write")


def give_up() -> None:
    """Forget what this request has read and written: a transaction that failed answers nothing any more."""
    _end("write_session")
    _end_reading()


def _settle(response: Response) -> Response:
    session: Session | None = g.get("write_session")
    if session is None:
        return response
    if response.status_code < 400:
        session.commit()
    _end("write_session")
    return response


def _end(name: str) -> None:
    opened: Session | Connection | None = g.pop(name, None)
    if opened is not None:
        opened.close()


def _end_reading() -> None:
    _end("read_session")
    _end("read_connection")


def _close(_error: BaseException | None = None) -> None:
    _end_reading()
    _end("write_session")
