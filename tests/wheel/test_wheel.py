"""The wheel is complete: installed alone and started in an empty folder, it shows its courses."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("templates", "courses", "quizzes", "migrations")
PATIENCE = 60.0  # seconds until the server must answer


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a venv with the wheel in it; what it depends on is borrowed from the venv of the tests."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    python = venv / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


@pytest.fixture(scope="module")
def address(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A demonstration served by the installed wheel from an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "PYTHON"))}
    with (folder.parent / f"{folder.name}.log").open("wb+") as log:
        command = [str(programs / "lms"), "demo", "--serve"]
        child = subprocess.Popen(command, cwd=folder, env={**kept, "LMS_PORT": str(port)}, stdout=log, stderr=log)
        try:
            wait_for("127.0.0.1", port, child, Path(log.name))
            yield "127.0.0.1", port
        finally:
            child.terminate()
            child.wait(30)


def test_the_shipped_folders_are_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = {file for folder in SHIPPED for file in (ROOT / folder).rglob("*") if file.is_file()}
    shipped = {f"lms/_data/{file.relative_to(ROOT).as_posix()}" for file in files if file.suffix != ".pyc"}
    assert shipped <= names


def test_the_program_is_the_one_in_the_wheel(programs: Path, tmp_path: Path) -> None:
    asked = [str(programs / "python"), "-c", "import lms; print(lms.__file__)"]
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()).is_relative_to(programs.parent)


def test_pages_lessons_and_static_files_are_served(address: tuple[str, int]) -> None:
    front = get(address, "/")
    course = get(address, first_link(get(address, "/courses"), r"/courses/e-services"))
    lesson = get(address, first_link(course, r"/courses/[\w-]+/lessons/[\w/-]+"))
    assert "<h1" in front
    assert "<h1" in lesson
    assert "--ink" in get(address, first_link(front, r"/static/[\w./-]+\.css"))


def first_link(html: str, pattern: str) -> str:
    found = re.search(rf'"({pattern})"', html)
    assert found, f"no link like {pattern} in {html}"
    return found.group(1)


def get(address: tuple[str, int], path: str) -> str:
    connection = HTTPConnection(*address, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    assert answer.status == 200, f"{path} answered {answer.status}: {body}"
    return body


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(host: str, port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            assert child.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return
