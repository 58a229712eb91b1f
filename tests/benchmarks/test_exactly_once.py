"""10,000 double submissions of the last fact at once, at two processes: one certificate each, and how soon.

`LMS_BENCH_SCALE=0.02` lets 200 people hand in, to try the script.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.db import Database
from tests.benchmarks.load import server
from tests.benchmarks.national import SCALE, SECRET, environ_of, spent
from tests.packs import SMALL, publish
from tests.ready import Ready, assert_exactly_once, get_ready, right_responses

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark
PEOPLE = max(40, int(10_000 * SCALE))
PAIRS = 8  # people who hand in at the same moment, each over two connections
PROCESSES = 2
AT_ONCE = 1.0  # seconds from the last fact to the certificate
BATCH = 500
HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everybody_hands_in_twice(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'lms.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").create("exactly_once")
    settings = Settings(home=tmp_path, url="http://127.0.0.1", database_url=url, secret_key=SECRET, shipped_pack=False)
    database = Database(url)
    upgrade_database(database)
    app = create_app(settings, database)
    publish(database, SMALL)
    responses, people = right_responses(app, database), []
    for first in range(0, PEOPLE, BATCH):
        people += get_ready(app, database, range(first, min(first + BATCH, PEOPLE)), responses)
    (tmp_path / "sample.json").write_text(json.dumps({"page": "x", "people": 1, "first": 1}))
    with server(environ_of(settings), workers=PROCESSES) as (port, _pid):
        began = time.perf_counter()
        crowd = Crowd(port, iter(people))
        crowd.run()
        whole, times = time.perf_counter() - began, crowd.times
    assert not crowd.wrong, crowd.wrong[:5]
    longest = assert_exactly_once(database, people, seconds=AT_ONCE)
    database.dispose()
    print(f"\n{kind}: {len(times):,} submissions by {PEOPLE:,} people in {whole:.1f} s, {len(times) / whole:.0f}/s")
    print(f"each POST: {spent(times)}; from the last fact to the certificate at most {longest * 1000:.0f} ms")
    assert max(times) <= AT_ONCE * 1000


@dataclass
class Crowd:
    """Everybody's two POSTs, sent in the same moment; their times in milliseconds, and what went wrong."""

    port: int
    waiting: Iterator[Ready]
    times: list[float] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Hand in for one person after another, in so many pairs of connections."""
        with ThreadPoolExecutor(3 * PAIRS) as pool:  # each pair is led by a thread of its own
            for led in [pool.submit(self.pair, pool) for _ in range(PAIRS)]:
                led.result()

    def pair(self, pool: ThreadPoolExecutor) -> None:
        """Two connections for one person after another."""
        with closing(self.connection()) as one, closing(self.connection()) as other:
            while (person := self.following()) is not None:
                start = threading.Barrier(2)
                sent = [pool.submit(self.post, connection, person, start) for connection in (one, other)]
                for each in sent:
                    each.result()

    def connection(self) -> http.client.HTTPConnection:
        """A connection to the site."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def following(self) -> Ready | None:
        """Who hands in next."""
        with self.lock:
            return next(self.waiting, None)

    def post(self, connection: http.client.HTTPConnection, person: Ready, start: threading.Barrier) -> None:
        """Hand in once, in the moment when the other one does."""
        start.wait()
        began = time.perf_counter()
        connection.request("POST", person.path, None, {**HEADERS, "Cookie": f"lms={person.cookie}"})
        answer = connection.getresponse()
        answer.read()
        self.times.append((time.perf_counter() - began) * 1000)
        if answer.status != 303:
            self.wrong.append((person.person, answer.status))
