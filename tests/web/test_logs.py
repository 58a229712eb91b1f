"""Logs: one JSON object a line, and nothing in them about anybody."""

from __future__ import annotations

import io
import json
import logging
import smtplib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from lms.clock import now
from lms.config import Settings
from lms.credentials.models import Certificate
from lms.db import Database
from lms.jobs import Worker
from lms.people.models import Actor, Person
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.logs import JsonLines
from lms.web.transaction import writing
from tests.cast import Visitor
from tests.contracts.world import earn_certificate
from tests.people.letters import last_link, path_of

PASSWORD = "four words are good"
REPORT = "My telephone number is 67012345"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as a production server writes it."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def parsed(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_whole_story_leaves_nobody_in_the_logs(
    app: Flask, database: Database, worker: Worker, settings: Settings, lines: io.StringIO
) -> None:
    maija = Visitor(app)
    maija.post("/sign-up", {"name": "Maija Saule", "login": "maija@example.org", "password": PASSWORD})
    worker.drain()
    link = path_of(last_link(settings.home))
    maija.get(link)
    maija.post(link)
    maija.post(link)
    Visitor(app).post("/sign-in", {"login": "maija@example.org", "password": "wrong wrong"})
    maija.get("/courses", query_string={"q": "maija searches"})
    maija.post("/courses/first-aid/mistakes/long-passwords", {"text": REPORT, "report_id": str(uuid.uuid4())})
    earn_certificate(maija)
    worker.drain()
    with database.reading() as db:
        code = db.scalars(select(Certificate.code)).one()
    Visitor(app).get(f"/c/{code}")
    Visitor(app).get(f"/c/{code}x")
    Visitor(app).get("/c", query_string={"code": code})
    with maija.browser.session_transaction() as held:
        session_token = held["_user_id"]
    text = lines.getvalue()
    token = link.rpartition("/")[2]
    for secret in ("aija", "example.org", PASSWORD, "wrong wrong", token, session_token, code, "67012345", "127.0.0.1"):
        assert secret not in text, secret
    assert {line["route"] for line in parsed(lines) if line["message"] == "request"} >= {
        "/sign-in/link/<token>",
        "/c/<code>",
        "/attempts/<attempt_id>/submit",
    }


def test_a_line_has_what_is_needed_to_find_a_failure(client: Visitor, lines: io.StringIO) -> None:
    answer = client.get("/courses/no-such-course")
    line = next(line for line in parsed(lines) if line["message"] == "request")
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/courses/<course_id>", 404)
    assert line["level"] == "info"
    assert line["ms"] >= 0


def broken_by_a_name(database: Database) -> None:
    with database.writing() as db:
        for number in (90, 91):
            db.add(Actor(id=number, created_at=now()))
            db.flush()
            db.add(Person(id=number, name="Maija", folded_name="maija", user_name="maija", created_at=now()))
            db.flush()


def broken_by_mail(_database: Database) -> None:
    raise smtplib.SMTPRecipientsRefused({"maija@example.org": (550, b"no such user maija")})


def broken_by_chance(_database: Database) -> None:
    try:
        int("maija")
    except ValueError as error:
        raise KeyError("maija@example.org") from error


@pytest.mark.parametrize("broken", [broken_by_a_name, broken_by_mail, broken_by_chance])
def test_a_failure_is_logged_without_the_words_of_people(
    app: Flask, database: Database, lines: io.StringIO, broken: Any
) -> None:
    def view(_name: str) -> str:
        broken(database)
        return ""

    app.add_url_rule("/on-trial/<_name>", "trial", needs(Right.ANYONE)(view), methods=["POST"])
    answer = Visitor(app).post("/on-trial/maija")
    assert answer.status_code == 500
    failure = next(line for line in parsed(lines) if line["message"] == "unhandled")
    assert failure["request"] == answer.headers["X-Request-Id"]
    assert any(place.endswith(broken.__name__) for place in failure["error"])
    assert "aija" not in lines.getvalue()


def test_a_failure_at_the_commit_is_logged_without_the_address(app: Flask, lines: io.StringIO) -> None:
    def view(_token: str) -> tuple[str, int]:
        writing().add(Actor(created_at=now()))
        event.listen(writing(), "before_commit", refuse, once=True)
        return "", 303

    def refuse(_session: object) -> None:
        raise RuntimeError("maija")

    app.add_url_rule("/on-trial/<_token>", "trial", needs(Right.ANYONE)(view), methods=["POST"])
    assert Visitor(app).post("/on-trial/secret-token").status_code == 500
    assert any(line["message"] == "unhandled" for line in parsed(lines))
    assert "secret-token" not in lines.getvalue()
    assert "aija" not in lines.getvalue()


def test_a_machine_that_is_ill_says_why(lines: io.StringIO) -> None:
    try:
        Path("/dev/full").write_text("x")
    except OSError:
        logging.getLogger("lms").exception("ill")
    assert parsed(lines)[0]["error"][0] == "builtins.OSError: [Errno 28] No space left on device"


def test_nobody_writes_lines_of_their_own(client: Visitor, lines: io.StringIO) -> None:
    client.get('/courses/x%0a{"level": "info", "message": "forged"}')
    client.browser.get("/", headers={"User-Agent": 'x"} {"message": "forged"}'})
    assert "forged" not in lines.getvalue()
