"""One press reminds those who are missing: in their language, once, at a decent hour, and never who said no."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from lms.figures import actions as counting
from lms.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from flask import Flask
    from time_machine import TimeMachineFixture

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

WHO = "/coordination/remind?course=first-aid&state=not-started&unit=N"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON)


@pytest.fixture
def reachable(cast: Cast, database: Database) -> Cast:
    """Laura, who has not started, has an address that she proved, and reads Latvian."""
    with database.writing() as db:
        laura = db.get_one(Person, cast["laura"])
        laura.email = laura.proved_email = "laura@example.org"
        laura.language = "lv"
    counting.recount(database)
    return cast


def letters(settings: Settings) -> list[EmailMessage]:
    found = sorted(settings.outbox.glob("reminder-*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]


def press(browser: Visitor, **form: str) -> None:
    answer = browser.post(WHO, {"reminder_id": str(uuid.uuid4()), "channel": "mail", **form})
    assert answer.status_code == 303, answer.text


def test_a_preview_says_whom_it_reaches_and_sends_nothing(reachable: Cast, worker: Worker, settings: Settings) -> None:
    page = reachable.at_browser("nora").get(WHO).text
    assert "This reaches <b>1</b> person of 1" in page
    assert "Latviešu" in page
    worker.drain()
    assert letters(settings) == []


def test_they_are_reminded_in_their_language_with_the_link(reachable: Cast, worker: Worker, settings: Settings) -> None:
    nora = reachable.at_browser("nora")
    press(nora)
    worker.drain()
    (letter,) = letters(settings)
    text = letter.get_content()
    assert letter["To"] == "laura@example.org"
    assert "Laura Lapiņa" in text
    assert "Pirmā palīdzība parolēm" in letter["Subject"] + text
    assert "http://localhost/courses/first-aid" in text
    assert "{" not in text
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ">1<" in re.sub(r"\s", "", nora.get("/reminders").text)


def test_pressing_twice_reminds_once(reachable: Cast, worker: Worker, settings: Settings) -> None:
    nora, same = reachable.at_browser("nora"), str(uuid.uuid4())
    press(nora, reminder_id=same)
    press(nora, reminder_id=same)
    worker.drain()
    press(nora)  # and another one within three days reaches nobody who has just been reminded
    worker.drain()
    assert len(letters(settings)) == 1


def test_own_words_are_filled_in(reachable: Cast, worker: Worker, settings: Settings) -> None:
    press(reachable.at_browser("nora"), **{"subject-lv": "Sveika, {name}", "text-lv": "Kurss {course}: {link} {0} %s"})
    worker.drain()
    (letter,) = letters(settings)
    assert letter["Subject"] == "Sveika, Laura Lapiņa"
    assert "{0} %s" in letter.get_content()


def test_one_press_without_signing_in_ends_reminders(
    reachable: Cast, worker: Worker, settings: Settings, client: Visitor
) -> None:
    nora = reachable.at_browser("nora")
    press(nora)
    worker.drain()
    stop = letters(settings)[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost")
    assert "no more reminders" in client.get(stop).text
    assert "wants no reminders" not in nora.get(WHO).text  # looking at the page ends nothing
    answer = client.browser.post(stop, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.test"})
    assert answer.status_code == 303
    assert "1 wants no reminders" in nora.get(WHO).text
    client.post(stop.replace("/stop/", "/start/"))
    assert "wants no reminders" not in nora.get(WHO).text
    assert client.get("/reminders/stop/forged").status_code == 404


def test_at_night_the_message_waits_for_the_morning(
    reachable: Cast, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    nora = reachable.at_browser("nora")
    time_machine.move_to(NOON.replace(hour=23))
    press(nora)
    worker.drain()
    assert letters(settings) == []
    time_machine.move_to(NOON.replace(day=21, hour=8, minute=1))
    worker.drain()
    assert len(letters(settings)) == 1


def test_who_started_meanwhile_is_still_reminded_but_who_finished_is_not(
    reachable: Cast, database: Database, worker: Worker, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON.replace(hour=23))
    nora = reachable.at_browser("nora")
    press(nora)
    worker.drain()
    nora.post(f"/coordination/people/{reachable['laura']}/exempt", {"course": "first-aid", "reason": "Away"})
    counting.recount(database)
    time_machine.move_to(NOON + timedelta(days=1))
    worker.drain()
    assert letters(settings) == []


def test_a_stranger_may_remind_nobody(reachable: Cast, worker: Worker, settings: Settings) -> None:
    sid = reachable.at_browser("sid")
    assert sid.get(WHO).status_code == 404
    assert sid.post(WHO, {"reminder_id": str(uuid.uuid4())}).status_code == 404
    press_all = sid.post("/coordination/remind?course=first-aid&state=not-started", {"reminder_id": str(uuid.uuid4())})
    assert press_all.status_code == 303
    worker.drain()
    assert all(letter["To"] != "laura@example.org" for letter in letters(settings))


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Authorization"], body))  # type: ignore[attr-defined]
        self.send_response(self.server.says)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Taker)
    server.got, server.says = [], 200  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_telephone_messages(
    reachable: Cast, app: Flask, database: Database, worker: Worker, settings: Settings, gateway: HTTPServer
) -> None:
    url = f"http://127.0.0.1:{gateway.server_address[1]}/send"
    app.config["LMS"] = replace(settings, gateway_url=url, gateway_token="a secret")
    with database.writing() as db:
        db.get_one(Person, reachable["laura"]).phone = "+37120000000"
    press(reachable.at_browser("nora"), channel="gateway")
    worker.drain()
    ((token, body),) = gateway.got  # type: ignore[attr-defined]
    assert token == "Bearer a secret"
    assert b'"to": "+37120000000"' in body


@pytest.mark.parametrize(("says", "column"), [(400, "Not delivered"), (302, None), (503, None)])
def test_a_refusal_is_final_and_a_failure_is_tried_again(  # noqa: PLR0917 - the fixtures of one story
    reachable: Cast, app: Flask, database: Database, worker: Worker, settings: Settings, gateway: HTTPServer,
    says: int, column: str | None,
) -> None:  # fmt: skip
    url = f"http://127.0.0.1:{gateway.server_address[1]}/send"
    app.config["LMS"] = replace(settings, gateway_url=url)
    with database.writing() as db:
        db.get_one(Person, reachable["laura"]).phone = "+37120000000"
    gateway.says = says  # type: ignore[attr-defined]
    press(reachable.at_browser("nora"), channel="gateway")
    worker.drain()
    assert len(gateway.got) == 1  # type: ignore[attr-defined]
    page = reachable.at_browser("nora").get("/reminders").text
    assert ('data-label="Not delivered">1' in page) is (column is not None)
