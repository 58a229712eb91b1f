"""When something goes wrong: what the page says, what is kept, what is not shown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from lms.clock import now
from lms.db import Database
from lms.people.models import Actor, Unit
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.transaction import reading, writing
from tests.cast import Cast, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

SECRET_WORDS = "the-words-of-the-failure"


@pytest.fixture
def fail(app: Flask) -> Callable[[Callable[[], Any]], TestResponse]:
    """Serve a view of the test's own; the answer to a POST to it."""

    def send(view: Callable[[], Any], path: str = "/on-trial") -> TestResponse:
        app.add_url_rule(path, path.strip("/"), needs(Right.ANYONE)(view), methods=["POST"])
        return Visitor(app).post(path)

    return send


def actors(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Actor)) or 0


def add_actor() -> None:
    writing().add(Actor(created_at=now()))
    writing().flush()


def test_a_page_that_is_not_there(client: Visitor) -> None:
    answer = client.get("/not-here")
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.text
    assert 'name="q"' in answer.text, "one can search from there"
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_page_that_is_not_open(cast: Cast) -> None:
    answer = cast.at_browser(cast.learner).get("/operation")
    assert answer.status_code == 403
    assert "This page is not open to you" in answer.text


def test_a_page_that_cannot_do_that(client: Visitor) -> None:
    answer = client.get("/sign-out")
    assert answer.status_code == 405
    assert "This page cannot do that" in answer.text
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}, "RFC 9110, 15.5.6"


def test_too_much_at_once(client: Visitor) -> None:
    answer = client.post("/sign-in", {"login": "a" * 3_000_000, "password": "x"})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_too_many_fields(client: Visitor) -> None:
    fields = {f"field-{number}": "x" for number in range(2000)}
    answer = client.post("/sign-in", fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_scripts_get_json(client: Visitor) -> None:
    answer = client.get("/not-here", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json == {"error": 404, "request": answer.headers["X-Request-Id"]}


def test_a_failure_is_rolled_back_and_tells_no_detail(fail: Any, database: Database, caplog: Any) -> None:
    def view() -> str:
        add_actor()
        raise RuntimeError(SECRET_WORDS)

    before, answer = actors(database), fail(view)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    for word in (SECRET_WORDS, "Traceback", "RuntimeError", "test_errors.py"):
        assert word not in answer.text
    assert actors(database) == before
    assert "unhandled" in caplog.text


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500, 503])
def test_an_answer_from_400_on_keeps_nothing(fail: Any, database: Database, status: int) -> None:
    def view() -> tuple[str, int]:
        add_actor()
        return "", status

    before = actors(database)
    assert fail(view).status_code == status
    assert actors(database) == before


@pytest.mark.parametrize("status", [200, 204, 303])
def test_an_answer_below_400_has_been_kept(fail: Any, database: Database, status: int) -> None:
    def view() -> tuple[str, int]:
        add_actor()
        return "", status

    before = actors(database)
    assert fail(view).status_code == status
    assert actors(database) == before + 1


def test_a_failure_at_the_commit_is_no_success(fail: Any, database: Database) -> None:
    def view() -> tuple[str, int]:
        add_actor()
        event.listen(writing(), "before_commit", refuse, once=True)
        return "", 303

    def refuse(_session: Session) -> None:
        raise RuntimeError(SECRET_WORDS)

    before, answer = actors(database), fail(view)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert SECRET_WORDS not in answer.text
    assert actors(database) == before


def test_a_broken_rule_of_the_database_is_found_at_the_commit(fail: Any, database: Database) -> None:
    """What was only added to the session is sent by the commit."""

    def view() -> tuple[str, int]:
        add_actor()
        for _ in range(2):
            writing().add(Unit(path="/1/", kind="unit", code="twice", name="Twice"))
        return "", 303

    before = actors(database)
    assert fail(view).status_code == 500
    assert actors(database) == before


def test_the_page_of_a_failure_needs_no_working_transaction(fail: Any, cast: Cast) -> None:
    """On PostgreSQL nothing can be asked in a transaction that has failed."""

    def view() -> str:
        writing().execute(insert(Actor).values(id=1, created_at=now()))
        return ""

    fail(view)
    answer = cast.at_browser(cast.learner).post("/on-trial")
    assert "To my learning" in answer.text, "the page knows who is here"
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text


def test_a_request_that_failed_leaves_the_connection_usable(fail: Any, app: Flask, database: Database) -> None:
    def view() -> str:
        add_actor()
        raise RuntimeError(SECRET_WORDS)

    fail(view)
    for _ in range(20):
        assert Visitor(app).post("/on-trial").status_code == 500
    with database.writing() as db:
        db.add(Actor(created_at=now()))


def test_a_reader_sees_what_its_writer_wrote(fail: Any) -> None:
    def view() -> str:
        count = select(func.count()).select_from(Actor)
        before = reading().scalar(count)
        add_actor()
        return str((reading().scalar(count) or 0) - (before or 0))

    assert fail(view).text == "1"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_failure_has_a_number_of_its_own(client: Visitor, accept: str) -> None:
    answers = [client.get("/not-here", headers={"Accept": accept}) for _ in range(2)]
    numbers = {answer.headers["X-Request-Id"] for answer in answers}
    assert len(numbers) == 2
    for answer in answers:
        said = json.loads(answer.text)["request"] if accept == "application/json" else answer.text
        assert re.search("|".join(numbers), said)
