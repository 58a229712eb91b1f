"""`lms serve` for real: it answers, its worker works, and nothing of it is left when it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.cli import serve as worker_of
from lms.clock import now
from lms.db import Database
from lms.events import PersonSignedUp, announce
from lms.jobs import Job
from tests.cli.console import Console
from tests.cli.server import answers, environment, free_port, processes, started, wait_until
from tests.conftest import SECRET


@pytest.fixture
def env(sqlite_ready: Console, tmp_path: Path) -> dict[str, str]:
    assert sqlite_ready("db", "state").code == 0
    port = free_port()
    return environment(
        home=str(tmp_path / "home"), secret_key=SECRET, key_passphrase=SECRET, shipped_pack="no", workers="1",
        port=str(port),
        url=f"http://127.0.0.1:{port}",
    )  # fmt: skip


@pytest.fixture
def database(env: dict[str, str]) -> Database:
    return Database(f"sqlite:///{env['LMS_HOME']}/lms.db")


def is_answered(database: Database) -> bool:
    with database.reading() as db:
        return db.scalar(select(Job.id).where(Job.name == "event")) is None


@pytest.mark.parametrize("end", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_it_answers_works_and_ends_with_all_its_processes(
    env: dict[str, str], database: Database, tmp_path: Path, end: signal.Signals
) -> None:
    with database.writing() as db:
        announce(db, PersonSignedUp(1))
    with started("serve", env=env, folder=tmp_path, port=int(env["LMS_PORT"])) as server:
        wait_until("served", lambda: answers(server), server.log)
        assert server.get("/")[0] == 200
        wait_until("worked", lambda: is_answered(database), server.log)
        family = server.family()
        assert len(family) >= 3  # the server, a process that answers, the worker
        server.child.send_signal(end)
        assert server.child.wait(30) in {0, -end}
        wait_until("ended", lambda: not family & processes().keys())
    database.dispose()


@pytest.mark.long
def test_a_killed_server_takes_its_processes_along_and_starts_again(env: dict[str, str], tmp_path: Path) -> None:
    with started("serve", env=env, folder=tmp_path, port=int(env["LMS_PORT"])) as server:
        wait_until("served", lambda: answers(server), server.log)
        family = server.family()
        server.child.kill()
        wait_until("ended", lambda: not family & processes().keys())
    with started("serve", env=env, folder=tmp_path, port=int(env["LMS_PORT"])) as server:
        wait_until("served", lambda: answers(server), server.log)


def test_a_taken_port_is_a_sentence(sqlite_ready: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sqlite_ready.set(port=str(port))
        said = sqlite_ready("serve")
    assert said.code == 1
    assert said.err == f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_flask_run_works(env: dict[str, str], tmp_path: Path) -> None:
    port = env["LMS_PORT"]
    arguments = ("--app", "lms", "run", "--port", port)
    with started(*arguments, env=env, folder=tmp_path, port=int(port), python="-m flask") as server:
        wait_until("served", lambda: answers(server), server.log)
        assert server.get("/")[0] == 200


def test_the_wsgi_application_can_be_imported(env: dict[str, str], tmp_path: Path) -> None:
    asked = "from lms.wsgi import app; print(app.test_client().get('/healthz').status_code)"
    said = subprocess.run(
        [sys.executable, "-c", asked], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout == "200\n"


def test_a_bad_setting_stops_flask_too(env: dict[str, str], tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "import lms.wsgi"]
    ran = subprocess.run(
        asked, env=env | {"LMS_WORKERS": "no"}, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode != 0
    assert "LMS_WORKERS is 'no'; it takes a whole number." in ran.stderr


def test_work_once_ends_and_work_goes_on_without_its_shell(
    env: dict[str, str], database: Database, tmp_path: Path
) -> None:
    with started("work", env=env, folder=tmp_path) as worker:
        wait_until("scheduled", lambda: has_housekeeping(database), worker.log)
        with database.writing() as db:
            announce(db, PersonSignedUp(1))
        wait_until("worked", lambda: is_answered(database), worker.log)
        worker.child.send_signal(signal.SIGTERM)
        assert worker.child.wait(30) == 0
    database.dispose()


class Endless:
    """A lane whose job ends when the test does."""

    def __init__(self, until: threading.Event) -> None:
        self.until = until

    def run_until(self, _stop: threading.Event) -> None:
        self.until.wait()


class Broken:
    """A lane that cannot work."""

    def run_until(self, _stop: threading.Event) -> None:
        raise ZeroDivisionError


def test_a_job_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    left: list[int] = []
    monkeypatch.setattr(worker_of.os, "_exit", left.append)
    monkeypatch.setattr(worker_of, "PATIENCE", 0.01)
    over, told = threading.Event(), threading.Event()
    told.set()
    worker_of.work_in_lanes([Endless(over)], told)
    over.set()
    assert left == [0]
    assert "a job was cut off" in caplog.text


def test_a_broken_lane_is_told_also_when_another_one_does_not_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left: list[int] = []
    monkeypatch.setattr(worker_of.os, "_exit", left.append)
    monkeypatch.setattr(worker_of, "PATIENCE", 0.01)
    over = threading.Event()
    with pytest.raises(ZeroDivisionError):  # where `_exit` is none
        worker_of.work_in_lanes([Endless(over), Broken()], threading.Event())
    over.set()
    assert left == [1]
    assert "ZeroDivisionError" in caplog.text


def test_a_lane_that_breaks_ends_the_worker_with_its_error() -> None:
    with pytest.raises(ZeroDivisionError):
        worker_of.work_in_lanes([Broken()], threading.Event())


def has_housekeeping(database: Database) -> bool:
    with database.reading() as db:
        due = db.scalar(select(Job.run_at).where(Job.name == "housekeeping"))
    return due is not None and due > now()
