"""A GET changes nothing: what every route leaves behind, and what the driver would refuse."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import InternalError, OperationalError

from lms.clock import now
from lms.credentials.code import new_code
from lms.db import Base, Database
from lms.people.models import Actor, ThrottleCount
from lms.web.transaction import GetMustNotWrite, reading, writing
from tests.cast import Cast, Visitor
from tests.contracts.place import ALL
from tests.contracts.places import Try, tries
from tests.contracts.world import LOGINS, World

GET = frozenset({"GET"})


def fingerprint(database: Database) -> dict[str, str]:
    """A digest of each table's rows."""
    with database.reading() as db:
        return {
            table.name: hashlib.sha256(
                repr(sorted(repr(tuple(row)) for row in db.execute(select(table)))).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("database", [pytest.param("sqlite", marks=pytest.mark.long), "postgresql"], indirect=True)
def test_no_get_changes_the_database(app: Flask, cast: Cast, world: World, database: Database) -> None:
    """All on one site, one person after the other: if nothing is changed, nobody meets what another has left."""
    looks = [(browser, each) for who, browser in everybody(app, cast).items() for each in tries(app, world, who, GET)]
    before = fingerprint(database)
    for browser, each in looks:
        look_at(browser, each)
    after = fingerprint(database)
    if after != before:
        changed = sorted(name for name in after if after[name] != before[name])
        pytest.fail(f"{changed} changed; once more: {blame(looks, database)}")


def everybody(app: Flask, cast: Cast) -> dict[str, Visitor]:
    """Everybody at a browser of their own; signing in is no GET, so it is done before."""
    return {who: cast.at_browser(LOGINS[who]) if who in LOGINS else Visitor(app) for who in sorted(ALL)}


def look_at(browser: Visitor, each: Try) -> None:
    for path in (each.path, f"{each.path}?q=a&page=2&after=1&again=x&show=all"):
        browser.get(path).close()


def blame(looks: list[tuple[Visitor, Try]], database: Database) -> list[Try]:
    """The requests that change something when all are made once more."""
    found, before = [], fingerprint(database)
    for browser, each in looks:
        look_at(browser, each)
        after = fingerprint(database)
        if after != before:
            found.append(each)
        before = after
    return found


def test_the_fingerprint_would_see_a_change(database: Database) -> None:
    before = fingerprint(database)
    with database.writing() as db:
        db.add(Actor(created_at=now()))
    assert fingerprint(database) != before


def test_the_only_thing_that_a_get_counts_are_guesses_at_codes(app: Flask, database: Database) -> None:
    before = fingerprint(database)
    Visitor(app).get(f"/c/{new_code()}")
    after = fingerprint(database)
    assert [name for name in after if after[name] != before[name]] == [ThrottleCount.__tablename__]


def test_the_driver_refuses_to_write_for_a_reader(app: Flask, database: Database) -> None:
    with app.test_request_context("/"), pytest.raises((OperationalError, InternalError), match=r"(?i)read.?only"):
        reading().execute(insert(Actor).values(created_at=now()))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Actor)) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_get_gets_no_write_transaction(app: Flask, method: str) -> None:
    with app.test_request_context("/", method=method), pytest.raises(GetMustNotWrite):
        writing()


def test_a_reader_before_does_not_make_a_writer_read_only(app: Flask, database: Database) -> None:
    """Connections are lent again, so what a reader set on one has to be undone."""
    for _ in range(20):
        with database.reading() as db:
            db.execute(select(Actor.id)).all()
        with database.writing() as db:
            db.add(Actor(created_at=now()))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Actor)) == 20
    assert app.name == "lms"
