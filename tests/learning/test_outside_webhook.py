"""Another system reports an outside action: only signed, only now, only once."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from werkzeug.serving import make_server

from lms.app import create_app
from lms.clock import now
from lms.integrations.actions_webhook_rules import NotUnderstood, read, signature
from lms.people.models import Person
from tests.cast import Visitor
from tests.docs.pages import fences
from tests.docs.pages import read as read_page
from tests.learning.test_outside import ASKS, COURSE, facts
from tests.packs import publish

SECRET = "what only the other system knows, too"
MESSAGE = {"id": "e-1", "person": {"code": "LV-7"}, "course": COURSE, "action": "channel"}


@pytest.fixture
def hooked(settings, database, cast):
    """The app with a secret, and Laura known by a register's code and a proved address."""
    publish(database, ASKS)
    with database.writing() as db:
        laura = db.get_one(Person, cast["laura"])
        laura.code, laura.email, laura.proved_email = "LV-7", "laura@example.org", "laura@example.org"
        db.get_one(Person, cast["otto"]).email = "otto@example.org"
    return create_app(replace(settings, actions_secret=SECRET), database)


def send(app, message, *, at=None, secret=SECRET, body=None, **headers):
    body = json.dumps(message).encode() if body is None else body
    at = str(int(now().timestamp())) if at is None else at
    signed = {"X-Handrail-Time": at, "X-Handrail-Signature": signature(secret, at, body), **headers}
    return app.test_client().post("/hooks/actions", data=body, headers=signed, content_type="application/json")


def test_a_signed_message_is_kept_once(hooked, cast, database):
    first, second = send(hooked, MESSAGE), send(hooked, MESSAGE)
    assert (first.status_code, first.json) == (200, {"kept": True})
    assert second.json == {"kept": False, "reason": "This id was taken before."}
    assert facts(database, cast["laura"]) == {"channel": "webhook"}
    assert send(hooked, {**MESSAGE, "id": "e-2", "done": False}).json == {"kept": True}
    assert facts(database, cast["laura"]) == {}
    assert send(hooked, MESSAGE).json["kept"] is False, "a replay brings nothing back"
    assert facts(database, cast["laura"]) == {}


def test_a_proved_address_names_a_person_too(hooked, cast, database):
    assert send(hooked, {**MESSAGE, "person": {"email": "Laura@example.org"}}).json == {"kept": True}
    assert facts(database, cast["laura"]) == {"channel": "webhook"}
    assert send(hooked, {**MESSAGE, "id": "e-3", "person": {"email": "otto@example.org"}}).status_code == 422, (
        "not proved"
    )


NOT_GENUINE = (
    {"secret": "another"},
    {"X-Handrail-Signature": ""},
    {"X-Handrail-Signature": "é"},
    {"X-Handrail-Time": "1"},
    {"at": ""},
    {"at": "soon"},
    {"at": "-5"},
    {"at": "9" * 400},
)


def test_what_is_not_genuine_is_refused(hooked, cast, database):
    for wrong in NOT_GENUINE:
        answer = send(hooked, MESSAGE, **wrong)
        assert answer.status_code == 401, (wrong, answer.text)
    assert facts(database, cast["laura"]) == {}


def test_five_minutes(hooked):
    with time_machine.travel(now(), tick=False):
        for seconds, status in ((-301, 401), (-299, 200), (299, 200), (302, 401)):
            at = str(int((now() + timedelta(seconds=seconds)).timestamp()))
            assert send(hooked, MESSAGE, at=at).status_code == status, seconds


def test_another_body_needs_another_signature(hooked, cast, database):
    body = json.dumps(MESSAGE).encode()
    at = str(int(now().timestamp()))
    answer = send(hooked, MESSAGE, at=at, body=body + b" ", **{"X-Handrail-Signature": signature(SECRET, at, body)})
    assert answer.status_code == 401
    assert facts(database, cast["laura"]) == {}


UNCLEAR = (
    {"course": "none"},
    {"action": "other"},
    {"person": {"code": "nobody"}},
    {"person": {}},
    {"person": {"code": "LV-7", "email": "laura@example.org"}},
    {"person": "LV-7"},
    {"id": ""},
    {"id": "x" * 121},
    {"id": "a\0b"},
    {"id": 5},
    {"done": "yes"},
)


def test_what_cannot_be_understood_may_be_sent_again(hooked, cast, database):
    for change in UNCLEAR:
        answer = send(hooked, {**MESSAGE, **change})
        assert answer.status_code == 422, change
        assert answer.json["error"].endswith(".")
        assert facts(database, cast["laura"]) == {}
    assert send(hooked, MESSAGE).json == {"kept": True}, "its id was not spent"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b'"x"', b"[" * 100_000])
def test_no_body_breaks_the_reader(body):
    with pytest.raises(NotUnderstood):
        read(body)


def test_a_long_body_is_refused(hooked):
    assert send(hooked, {**MESSAGE, "more": "x" * 20_000}).status_code == 413


def test_without_a_secret_there_is_no_door(app):
    assert send(app, MESSAGE).status_code == 404
    assert Visitor(app).get("/hooks/actions").status_code in {404, 405}


def test_the_example_of_the_manual_runs(hooked, cast, database):
    (example,) = [block.text for block in fences(read_page("sessions.md")) if "hook" in block.words]
    server = make_server("127.0.0.1", 0, hooked, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        about = {**os.environ, "LMS_ACTIONS_SECRET": SECRET, "LMS_URL": f"http://127.0.0.1:{server.server_port}"}
        ran = subprocess.run(["sh", "-eu", "-c", example], env=about, capture_output=True, text=True, check=False)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert json.loads(ran.stdout) == {"kept": True}, ran.stderr
    assert facts(database, cast["laura"]) == {"channel": "webhook"}
