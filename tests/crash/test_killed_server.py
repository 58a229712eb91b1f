"""The server is killed while somebody answers: every answer that it said is saved, is saved."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from lms.db import Database
from lms.people import actions
from lms.quiz.models import Answer
from tests.cast import HASH, PASSWORD
from tests.cli.server import answers, environment, free_port, started, wait_until
from tests.conftest import SECRET
from tests.packs import SMALL, publish

PEOPLE = 3


@dataclass
class Browser:
    """Somebody at a browser: one connection, the session's cookie."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form; status and where it leads. Raises `OSError` or `HTTPException` if the server is gone."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": cookie,
        }  # fmt: skip
        try:
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", "")


@dataclass
class Sitting:
    """An exam under way. `acknowledged` are the answers of which the server said that they are saved."""

    browser: Browser
    attempt: str
    acknowledged: list[str] = field(default_factory=list)

    def answer_until_nobody_listens(self) -> None:
        with suppress(OSError, HTTPException):
            while True:
                answer = str(uuid.uuid4())
                number = len(self.acknowledged) % 4 + 1
                form = {"answer": "1", "answer_id": answer, "go": "next"}
                status, _ = self.browser.post(f"/attempts/{self.attempt}/{number}", form)
                assert status in {200, 303}, status
                self.acknowledged.append(answer)


def sit_down(login: str, port: int) -> Sitting:
    browser = Browser(port)
    assert browser.post("/sign-in", {"login": login, "password": PASSWORD})[0] == 303
    for lesson in ("long-passwords", "helping"):
        browser.post(f"/courses/first-aid/read/{lesson}", {})
    status, where = browser.post("/courses/first-aid/quizzes/first-aid-exam", {"attempt_id": str(uuid.uuid4())})
    assert status == 303
    found = re.fullmatch(r"/attempts/([0-9a-f-]+)/1", urlsplit(where).path)
    assert found
    return Sitting(browser, found[1])


@pytest.fixture
def env(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "lms.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{home / 'lms.db'}")
    publish(database, SMALL)
    with database.writing() as db:
        for number in range(PEOPLE):
            actions.sign_up(db, actions.NewPerson(f"Person {number}", f"person{number}", ""), HASH)
    database.dispose()
    port = str(free_port())
    return environment(
        home=str(home),
        secret_key=SECRET,
        key_passphrase=SECRET,
        shipped_pack="no",
        port=port,
        url=f"http://127.0.0.1:{port}",
    )


def crash(env: Mapping[str, str], folder: Path, after: int) -> dict[str, list[str]]:
    """Serve, let people answer, kill everything once `after` answers are acknowledged; who was told what."""
    port = int(env["LMS_PORT"])
    with started("serve", env=env, folder=folder, port=port) as server:
        wait_until("served", lambda: answers(server), server.log)
        sittings = [sit_down(f"person{number}", port) for number in range(PEOPLE)]
        threads = [threading.Thread(target=sitting.answer_until_nobody_listens) for sitting in sittings]
        for thread in threads:
            thread.start()
        wait_until("answered", lambda: count(sittings) >= after, server.log)
        server.kill()
        for thread in threads:
            thread.join()
    return {sitting.attempt: sitting.acknowledged for sitting in sittings}


def count(sittings: list[Sitting]) -> int:
    return sum(len(sitting.acknowledged) for sitting in sittings)


def everything_is_there(env: Mapping[str, str], told: Mapping[str, list[str]], crashes: int = 1) -> None:
    database = Database(f"sqlite:///{env['LMS_HOME']}/lms.db")
    with database.reading() as db:
        for attempt, acknowledged in told.items():
            kept = set(db.scalars(select(Answer.id).where(Answer.attempt_id == attempt)))
            assert set(acknowledged) <= kept
            assert len(kept) <= len(acknowledged) + crashes, "besides, at most the one under way"
    database.dispose()


def goes_on(env: Mapping[str, str], folder: Path, attempt: str) -> None:
    """Started again, the server knows the session's exam and takes the next answer."""
    port = int(env["LMS_PORT"])
    with started("serve", env=env, folder=folder, port=port) as server:
        wait_until("served", lambda: answers(server), server.log)
        browser = Browser(port)
        browser.post("/sign-in", {"login": "person0", "password": PASSWORD})
        status, _ = browser.post(f"/attempts/{attempt}/1", {"answer": "1", "answer_id": str(uuid.uuid4())})
        assert status == 303


def test_what_was_acknowledged_before_the_crash_is_there(env: dict[str, str], tmp_path: Path) -> None:
    everything_is_there(env, crash(env, tmp_path, after=20))


@pytest.mark.long
def test_crash_after_crash_nothing_is_lost_and_people_go_on(env: dict[str, str], tmp_path: Path) -> None:
    told: dict[str, list[str]] = {}
    for crashes, after in enumerate((1, 50, 200), 1):
        for attempt, acknowledged in crash(env, tmp_path, after=after).items():
            told.setdefault(attempt, []).extend(acknowledged)
        everything_is_there(env, told, crashes)
    assert len(told) == PEOPLE, "everybody came back to the exam that they had begun"
    goes_on(env, tmp_path, next(iter(told)))
