"""A whole exam attempt of ten questions: start, ten answers, submit, result; a second, and in SQL statements."""

from __future__ import annotations

import http.client
import threading
import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from lms.app import create_app
from lms.db import Database
from tests.benchmarks.test_serving import headers

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Stage

pytestmark = pytest.mark.benchmark
QUIZ = "/courses/tour/quizzes/every-question-type"
ANSWERS = 10
ATTEMPTS = 120
CONNECTIONS = 4


def sit(connection: http.client.HTTPConnection, stage: Stage, turn: int) -> None:
    """One attempt from start to result."""
    mine = headers(stage, turn, json=True)
    page = {**mine, "Accept": "text/html"}

    def ask(method: str, path: str, body: str, given: dict[str, str]) -> http.client.HTTPResponse:
        connection.request(method, path, body or None, given)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in {200, 303, 422}, (method, path, answer.status)
        return answer

    attempt = ask("POST", QUIZ, urlencode({"attempt_id": str(uuid.uuid4())}), page).headers["Location"].split("/")[2]
    for number in range(1, ANSWERS + 1):
        ask("POST", f"/attempts/{attempt}/{number}", urlencode({"answer": "0", "answer_id": str(uuid.uuid4())}), mine)
    ask("POST", f"/attempts/{attempt}/submit", "", page)
    ask("GET", f"/attempts/{attempt}/result", "", page)


def test_exams_a_second(stage: Stage) -> None:
    turns = iter(range(ATTEMPTS))
    lock = threading.Lock()
    failed: list[BaseException] = []

    def work() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30)) as connection:
            while True:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    return
                try:
                    sit(connection, stage, turn)
                except BaseException as error:  # noqa: BLE001 - shown by the assert below
                    failed.append(error)
                    return

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
    spent = time.perf_counter() - began
    print(f"\nexam attempts of {ANSWERS} answers: {ATTEMPTS / spent:.1f}/s ({ATTEMPTS * 13 / spent:,.0f} requests/s)")


def test_statements_of_each_request(stage: Stage) -> None:
    database = Database(stage.settings.database)
    client = create_app(stage.settings, database).test_client()
    client.set_cookie("lms", stage.cookies[-1], domain="localhost")
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(database.engine, "before_cursor_execute", counted)
    same = {"Sec-Fetch-Site": "same-origin"}

    def ask(name: str, method: str, path: str, **options: object):
        nonlocal count
        count = 0
        answer = client.open(path, method=method, headers=same, **options)
        print(f"{name:8} {count:3} statements, status {answer.status_code}")
        return answer

    print()
    started = ask("start", "POST", QUIZ, data={"attempt_id": str(uuid.uuid4())})
    attempt = started.location.split("/")[2]
    ask("question", "GET", f"/attempts/{attempt}/1")
    ask("answer", "POST", f"/attempts/{attempt}/1", data={"answer": "0", "answer_id": str(uuid.uuid4())})
    ask("review", "GET", f"/attempts/{attempt}/review")
    ask("submit", "POST", f"/attempts/{attempt}/submit")
    ask("result", "GET", f"/attempts/{attempt}/result")
    ask("lesson", "GET", f"/courses/e-services/lessons/{stage.lessons[0]}")
    ask("read", "POST", f"/courses/e-services/read/{stage.lessons[0]}")
    ask("learning", "GET", "/my-learning")
    database.dispose()
    assert count
