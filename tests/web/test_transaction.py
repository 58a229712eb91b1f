"""One request on one database: where it reads and writes, and what it sees afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.clock import now
from lms.people.models import Actor
from lms.web.transaction import read_connection, reading, write_shared, write_statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Connection

    from lms.db import Database

HOW_MANY = select(func.count()).select_from(Actor)


def one_more(db: Connection) -> None:
    db.execute(insert(Actor).values(created_at=now()))


def test_a_short_write_is_seen_by_what_is_read_after_it(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        before = read_connection().execute(HOW_MANY).scalar_one()
        write_shared(one_more)
        assert read_connection().execute(HOW_MANY).scalar_one() == before + 1
        assert reading().scalar(HOW_MANY) == before + 1
        write_shared(one_more)
        assert reading().scalar(HOW_MANY) == before + 2


def test_a_short_write_that_fails_leaves_nothing_and_reading_goes_on(app: Flask) -> None:
    def fail(db: Connection) -> None:
        one_more(db)
        raise LookupError("mine")

    with app.test_request_context("/", method="POST"):
        before = read_connection().execute(HOW_MANY).scalar_one()
        with pytest.raises(LookupError, match="mine"):
            write_shared(fail)
        assert read_connection().execute(HOW_MANY).scalar_one() == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL goes on to write where it has read
def test_who_reads_in_order_to_write_cannot_write_there(app: Flask) -> None:
    with app.test_request_context("/", method="POST"), pytest.raises(OperationalError, match="readonly"):
        one_more(read_connection())


def test_what_one_statement_writes_is_kept_at_once(app: Flask, database: Database) -> None:
    with app.test_request_context("/", method="POST"):
        before = read_connection().execute(HOW_MANY).scalar_one()
        write_statement(one_more)
        with database.reading() as db:
            assert db.scalar(HOW_MANY) == before + 1
        assert reading().scalar(HOW_MANY) == before + 1
        with pytest.raises(IntegrityError):
            write_statement(lambda db: db.execute(insert(Actor).values(id=1, created_at=None)))
        write_statement(one_more)
        assert reading().scalar(HOW_MANY) == before + 2


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("write", [write_shared, write_statement])
def test_who_reads_and_writes_shortly_opens_one_connection(
    app: Flask, database: Database, write: Callable[[Callable[[Connection], None]], None]
) -> None:
    opened: list[object] = []
    event.listen(database.engine, "checkout", lambda *each: opened.append(each))
    with app.test_request_context("/", method="POST"):
        read_connection().execute(HOW_MANY)
        write(one_more)
    assert len(opened) == 1
