"""A real `lms serve` of its own processes, on a free port, for as long as a block lasts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PATIENCE = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return kept | {f"LMS_{name.upper()}": value for name, value in settings.items()}


@dataclass
class Running:
    """A process that we started, and those that it started."""

    child: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def family(self) -> set[int]:
        """Itself and all its descendants."""
        found, parents = {self.child.pid}, processes()
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def kill(self) -> None:
        """Kill all of its processes, as a power cut would."""
        for pid in self.family():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.wait()


def processes() -> dict[int, int]:
    """The processes of this machine that run, and who started each."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return {int(pid): int(parent) for pid, parent, state, *_ in rows if not state.startswith("Z")}


def wait_until(what: str, is_so: object, log: Path | None = None) -> None:
    """Look often until something is so; fail with the log if it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"not {what}: {log.read_text() if log else ''}"
        time.sleep(0.05)


def answers(running: Running) -> bool:
    assert running.child.poll() is None, running.log.read_text()
    with suppress(OSError, HTTPException):
        return running.get("/healthz")[0] == 200
    return False


@contextmanager
def started(
    *arguments: str, env: Mapping[str, str], folder: Path, port: int = 0, python: str = "-m lms"
) -> Iterator[Running]:
    """Start `lms` with these arguments; whatever is left of it at the end is killed."""
    log = folder / "server.log"
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, *python.split(), *arguments],
            env=dict(env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    running = Running(child, port, log)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
