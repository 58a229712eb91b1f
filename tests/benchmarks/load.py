"""A load of our own: a few keep-alive connections on loopback, that ask as fast as they are answered."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Figures:
    """What one round came to: answers a second, and milliseconds at the middle and the tail."""

    rate: float
    median: float
    p99: float


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(environ: dict[str, str], workers: int = 1) -> Iterator[tuple[int, int]]:
    """The site on a port of its own; yields the port and the process id."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--workers", str(workers),
        "--blocking-threads", "16", "--no-ws", "--no-log", "--port", str(port), "tests.benchmarks.site:app",
    ]  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ, "PYTHONPATH": str(ROOT)})
    try:
        _wait(port, child)
        yield port, child.pid
    finally:
        child.terminate()
        child.wait(15)


def _wait(port: int, child: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if child.poll() is not None:
            raise RuntimeError("the server ended at once")
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/floor/bare")
                connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not answer")


def round_of(port: int, make: Callable[[int], Ask], *, amount: int, good: frozenset[int] = frozenset({200})) -> Figures:
    """Ask `amount` times over a few connections; `make` gives the request of each turn. Raises on a wrong status."""
    spent: list[float] = []
    wrong: list[int] = []
    turns = iter(range(amount))
    lock = threading.Lock()

    def work() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            while True:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    return
                ask = make(turn)
                began = time.perf_counter()
                connection.request(ask.method, ask.path, ask.body or None, ask.headers)
                answer = connection.getresponse()
                answer.read()
                spent.append((time.perf_counter() - began) * 1000)
                if answer.status not in good:
                    wrong.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {amount} answers were wrong: {sorted(set(wrong))}")
    ordered = sorted(spent)
    return Figures(
        amount / (time.perf_counter() - began), statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    )


def compare(
    name: str, ours: Callable[[], Figures], floor: Callable[[], Figures], *, rounds: int = 5
) -> tuple[float, float]:
    """Measure in turn, ours and the floor, and print the median of the ratios: rate, and p99."""
    ours(), floor()  # a round to warm up
    pairs = [(ours(), floor()) for _ in range(rounds)]
    rate = statistics.median(a.rate / b.rate for a, b in pairs)
    tail = statistics.median(a.p99 / b.p99 for a, b in pairs)
    a = statistics.median(pair[0].rate for pair in pairs)
    b = statistics.median(pair[1].rate for pair in pairs)
    print(f"\n{name}: {a:,.0f}/s against a floor of {b:,.0f}/s = {rate:.0%}; p99 {tail:.1f} times the floor's")
    return rate, tail
