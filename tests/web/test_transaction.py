"""One request on one database: where it reads and writes, and what it sees afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, insert, select

from lms.clock import now
from lms.people.models import Actor
from lms.web.transaction import read_connection, reading, write_shared

if TYPE_CHECKING:
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


def test_what_was_read_to_write_is_not_kept_without_a_write(app: Flask, database: Database) -> None:
    with app.test_request_context("/", method="POST"):
        before = read_connection().execute(HOW_MANY).scalar_one()
        if database.engine.dialect.name == "postgresql":
            one_more(read_connection())
    with database.reading() as db:
        assert db.scalar(HOW_MANY) == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_reads_and_writes_shortly_begins_once(app: Flask, database: Database) -> None:
    begun = []
    event.listen(database.engine, "begin", begun.append)
    with app.test_request_context("/", method="POST"):
        read_connection().execute(HOW_MANY)
        write_shared(one_more)
    assert len(begun) == 1
