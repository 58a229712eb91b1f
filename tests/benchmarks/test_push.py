"""A push to a repository of 500 files: how long until it is live, by the worker's own lane, over a real transport."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.content import queries as content
from lms.db import Database
from lms.jobs import Worker
from lms.reactions import URGENT, handlers
from lms.repositories.rules import webhook_secret
from tests.benchmarks.load import ROOT
from tests.repositories.hosting import begin

pytestmark = pytest.mark.benchmark
MOST_SECONDS = 5.0  # from the push until it is live
KEY = "a key for tests, long enough to be taken"
COURSES = ("e-services", "online-security", "linux-admin")


def _files(amount: int) -> dict[str, bytes]:
    """Our own courses under other names, about this many files."""
    made: dict[str, bytes] = {}
    turn = 0
    while len(made) < amount:
        for course in COURSES if len(made) < amount - 50 else COURSES[:1]:
            name = f"{course}-{turn}"
            for file in (ROOT / "courses" / course).rglob("*"):
                if file.is_file():
                    path = file.relative_to(ROOT / "courses" / course).as_posix()
                    made[f"courses/{name}/{path}"] = file.read_bytes().replace(
                        f"quizzes/{course}-exam".encode(), f"quizzes/{name}-exam".encode()
                    )
            made[f"quizzes/{name}-exam.md"] = (ROOT / "quizzes" / f"{course}-exam.md").read_bytes()
        turn += 1
    return made


def test_a_push_of_500_files_is_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = _files(500)
    host = begin(tmp_path / "host", files)
    monkeypatch.setenv("PATH", f"{tmp_path / 'host' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}")
    upgrade_database(database)
    settings = Settings(
        home=tmp_path,
        url="http://localhost",
        secret_key=KEY,
        shipped_pack=False,
        repositories=(f"many={host.address}",),
    )
    app = create_app(settings, database)
    headers = {"X-Gitlab-Token": webhook_secret(KEY, "many", 0)}
    stop = threading.Event()
    lane = threading.Thread(target=Worker(database, handlers(app), only=URGENT).run_until, args=(stop,))
    lane.start()
    index = next(path for path in files if path.endswith("/index.md"))
    course = index.split("/")[1]
    spent = []
    try:
        for turn in range(4):
            host.push({index: files[index] + f"\nEdition {turn}.\n".encode()})
            began = time.perf_counter()
            assert app.test_client().post("/hooks/git/many", headers=headers).status_code == 202
            while not _is_live(database, course, f"Edition {turn}."):
                time.sleep(0.1)
            spent.append(time.perf_counter() - began)
    finally:
        stop.set()
        lane.join()
        database.dispose()
    shown = ", ".join(f"{each:.2f}" for each in spent[1:])
    print(f"\npush of a pack of {len(files)} files: live after {shown} s (the first fetch of all {spent[0]:.2f} s)")
    assert max(spent[1:]) < MOST_SECONDS


def _is_live(database: Database, course: str, words: str) -> bool:
    with database.reading() as db:
        current = content.current(db, course)
    return current is not None and any(words in page.html for page in current.course.pages.values())
