"""One request, at most one read snapshot and one write transaction.

A POST that answers below 400 commits before its answer leaves; anything else rolls back; a GET cannot write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, Response, current_app, g, request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class GetMustNotWrite(RuntimeError):
    """A handler of a GET asked for a write transaction: a fault of ours."""


def init_transactions(app: Flask, database: Database) -> None:
    """Join the database to an app."""
    app.extensions["lms_database"] = database
    app.after_request(_settle)
    app.teardown_appcontext(_close)


def database() -> Database:
    """The database of the running app, for the few commit points outside the request's own transaction."""
    return cast("Database", current_app.extensions["lms_database"])


def reading() -> Session:
    """The request's read session; it ends where the write transaction begins."""
    if "write_session" in g:
        return cast("Session", g.write_session)
    if "read_session" not in g:
        g.read_session = database().read_session()
    return cast("Session", g.read_session)


def writing() -> Session:
    """The request's write session, opened at the first call. Raises `GetMustNotWrite`."""
    if request.method in SAFE:
        raise GetMustNotWrite(f"{request.method} {request.path} asked to write")
    if "write_session" not in g:
        _end("read_session")
        g.write_session = database().write_session()
    return cast("Session", g.write_session)


def give_up() -> None:
    """Forget what this request has read and written: a transaction that failed answers nothing any more."""
    _end("write_session")
    _end("read_session")


def _settle(response: Response) -> Response:
    session: Session | None = g.get("write_session")
    if session is None:
        return response
    if response.status_code < 400:
        session.commit()
    _end("write_session")
    return response


def _end(name: str) -> None:
    session: Session | None = g.pop(name, None)
    if session is not None:
        session.close()


def _close(_error: BaseException | None = None) -> None:
    _end("read_session")
    _end("write_session")
