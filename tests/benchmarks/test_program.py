"""The program itself: sign-ins, a pack of 500 files, memory, and a cold start from a clean clone."""

from __future__ import annotations

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.content.checker.checking import check_pack
from lms.content.packs import PackFolder, publish_pack, read_pack
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.people.actions import HASHER
from tests.benchmarks.load import ROOT, free_port

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Stage

pytestmark = pytest.mark.benchmark
MOST_CHECKING, MOST_PUBLISHING = 2.0, 5.0  # seconds for 500 files


def test_sign_ins_a_second(stage: Stage) -> None:
    database = Database(stage.settings.database)
    client = create_app(stage.settings, database)
    same = {"Sec-Fetch-Site": "same-origin"}
    browser = client.test_client()
    browser.post("/sign-up", data={"name": "A B", "login": "signer", "password": "four words are good"}, headers=same)
    spent, hashing = [], []
    secret = HASHER.hash("four words are good")
    for turn in range(8):
        began = time.perf_counter()
        HASHER.verify(secret, "four words are good")
        hashing.append(time.perf_counter() - began)
        fresh = client.test_client()
        began = time.perf_counter()
        answer = fresh.post("/sign-in", data={"login": "signer", "password": "four words are good"}, headers=same)
        spent.append(time.perf_counter() - began)
        assert answer.status_code == 303, turn
    database.dispose()
    whole, alone = statistics.median(spent), statistics.median(hashing)
    print(
        f"\nsign-in: {1 / whole:.1f}/s on one core; the hash alone {1 / alone:.1f}/s = {alone / whole:.0%} of the time"
    )


def test_a_pack_of_500_files(tmp_path: Path) -> None:
    files = _copies(tmp_path / "pack", 500)
    types = question_types([OWN])
    folder = PackFolder("many", tmp_path / "pack")
    check_pack(read_pack(folder), types)
    began = time.perf_counter()
    report = check_pack(read_pack(folder), types)
    checking = time.perf_counter() - began
    database = Database(f"sqlite:///{tmp_path / 'lms.db'}")
    upgrade_database(database)
    began = time.perf_counter()
    changed, problems = publish_pack(database, folder, types)
    publishing = time.perf_counter() - began
    database.dispose()
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "lms", "check", str(tmp_path / "pack")], check=False, capture_output=True)
    command = time.perf_counter() - began
    assert changed, problems
    print(
        f"\npack of {files} files, {report.count('warning')} warnings: check {checking:.2f} s "
        f"(as a command {command:.2f} s), publish {publishing:.2f} s"
    )
    assert checking < MOST_CHECKING
    assert publishing < MOST_PUBLISHING


def _copies(target: Path, amount: int) -> int:
    """A pack of about this many files: our own courses under other names."""
    made, turn = 0, 0
    while made < amount:
        for course in ("e-services", "online-security", "linux-admin"):
            name = f"{course}-{turn}"
            shutil.copytree(ROOT / "courses" / course, target / "courses" / name)
            bank = (ROOT / "quizzes" / f"{course}-exam.md").read_text()
            (target / "quizzes").mkdir(exist_ok=True)
            (target / "quizzes" / f"{name}-exam.md").write_text(bank)
            index = target / "courses" / name / "index.md"
            index.write_text(index.read_text().replace(f"{course}-exam.md", f"{name}-exam.md"))
            made = sum(path.is_file() for path in target.rglob("*"))
            if made >= amount:
                break
        turn += 1
    return made


def test_memory_of_a_serving_process(stage: Stage) -> None:
    pages = [f"/courses/e-services/lessons/{name}" for name in stage.lessons]
    with closing(http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30)) as connection:
        for turn in range(200):
            connection.request("GET", pages[turn % len(pages)], headers={"Cookie": f"lms={stage.cookies[turn]}"})
            connection.getresponse().read()
    total = sum(_resident(pid) for pid in _family(stage.pid))
    print(f"\nmemory of the server with one worker process: {total / 1024:.0f} MiB resident")
    assert total


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_cold_start_from_a_clean_clone(tmp_path: Path) -> None:
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "PORT": str(free_port())}
    for words in ("cold", "second"):
        began = time.perf_counter()
        child = subprocess.Popen(
            ["python3", "run.py"], cwd=clone, env=environ, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            _first_page(int(environ["PORT"]), child)
            print(f"\n{words} `make run` to the first page: {time.perf_counter() - began:.1f} s")
        finally:
            os.killpg(child.pid, 15)
            child.wait(30)


def _first_page(port: int, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        assert child.poll() is None, "it ended"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
                connection.request("GET", "/")
                assert connection.getresponse().status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("no page within five minutes")
