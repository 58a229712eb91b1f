"""A crowd in a process of its own: readers, exam takers and coordinators, all at once, for some seconds.

Reads what to do as JSON from standard input, writes what came of it as JSON: for each kind of request its times in
milliseconds, and every answer that was not good.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
import uuid
from collections import defaultdict
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

HTML = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "en"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", **FORM}
QUIZ = "/courses/tour/quizzes/every-question-type"
QUESTIONS = 15
GOOD = frozenset({200, 303, 422})


class Crowd:
    """Everybody, and what they saw."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.ends = time.perf_counter() + task["seconds"]
        self.lock = threading.Lock()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[tuple[str, str, int]] = []

    def run(self) -> dict[str, Any]:
        """Everybody begins at once and stops when the time is over."""
        kinds = [(self.read, self.task["readers"]), (self.sit, self.task["takers"]), (self.coordinate, None)]
        threads = []
        for work, cookies in kinds:
            amount = self.task["coordinators"] if cookies is None else self.task["each"]
            threads += [threading.Thread(target=self.keep_on, args=(work, number, amount)) for number in range(amount)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {"times": self.times, "wrong": self.wrong, "seconds": time.perf_counter() - began}

    def keep_on(self, work: Any, number: int, amount: int) -> None:
        """One person after another at one connection."""
        chance, turn = random.Random(number), number
        with closing(http.client.HTTPConnection("127.0.0.1", self.task["port"], timeout=60)) as connection:
            while time.perf_counter() < self.ends:
                try:
                    work(connection, chance, turn)
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append(("connection", repr(error), 0))
                    connection.close()
                turn += amount

    def ask(
        self,
        connection: http.client.HTTPConnection,
        kind: str,
        path: str,
        cookie: str,
        body: dict[str, str] | None = None,
        *,
        headers: dict[str, str] = HTML,
    ) -> http.client.HTTPResponse:
        """One request, timed; then somebody looks for a moment at what they got."""
        began = time.perf_counter()
        sent, said = ("GET", None) if body is None else ("POST", urlencode(body))
        more = {} if body is None else FORM
        connection.request(sent, path, said, {**headers, **more, "Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        with self.lock:
            self.times[kind].append((time.perf_counter() - began) * 1000)
            if answer.status not in GOOD:
                self.wrong.append((kind, path, answer.status))
        time.sleep(self.task["pause"])
        return answer

    def read(self, connection: http.client.HTTPConnection, chance: random.Random, turn: int) -> None:
        """Open a lesson and say that it was read."""
        cookie = self.task["readers"][turn % len(self.task["readers"])]
        lesson = chance.choice(self.task["lessons"])
        self.ask(connection, "lesson", f"/courses/e-services/lessons/{lesson}", cookie)
        self.ask(connection, "lesson read", f"/courses/e-services/read/{lesson}", cookie, {}, headers=JSON)

    def sit(self, connection: http.client.HTTPConnection, _chance: random.Random, turn: int) -> None:
        """An exam from start to result, each question answered."""
        cookie = self.task["takers"][turn % len(self.task["takers"])]
        started = self.ask(connection, "exam start", QUIZ, cookie, {"attempt_id": str(uuid.uuid4())})
        attempt = (started.headers["Location"] or "").split("/")[2]
        for number in range(1, QUESTIONS + 1):
            if time.perf_counter() >= self.ends:
                return
            answer = {"answer": "0", "answer_id": str(uuid.uuid4()), "made_at": "", "marking": "yes"}
            self.ask(connection, "answer save", f"/attempts/{attempt}/{number}", cookie, answer, headers=JSON)
        self.ask(connection, "exam submit", f"/attempts/{attempt}/submit", cookie, {})
        self.ask(connection, "exam result", f"/attempts/{attempt}/result", cookie)

    def coordinate(self, connection: http.client.HTTPConnection, chance: random.Random, _turn: int) -> None:
        """Look at the country, a province, and who is missing there."""
        cookie, province = self.task["coordinator"], chance.choice(self.task["provinces"])
        self.ask(connection, "national home", "/coordination", cookie)
        self.ask(connection, "province", f"/coordination/units/{province}", cookie)
        query = urlencode({"unit": province, "course": "e-services", "state": chance.choice(["not-started", "stuck"])})
        self.ask(connection, "who is missing", f"/coordination/people?{query}", cookie)


if __name__ == "__main__":
    print(json.dumps(Crowd(json.load(sys.stdin)).run()))
