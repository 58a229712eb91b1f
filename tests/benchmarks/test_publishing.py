"""A hundred publications while readers read at a steady pace: what the slowest hundredth of them waits."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.load import ROOT
from tests.benchmarks.test_serving import headers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks.conftest import Stage

pytestmark = pytest.mark.benchmark
READERS, PAUSE = 4, 0.1  # about forty pages a second: a morning in a country, not a server at its end
TIMES = 100
MOST_SHARE, MOST_MORE = 1.2, 2.0  # a fifth; of a few milliseconds, as much as two runs differ by themselves


def test_readers_while_a_pack_is_published(stage: Stage, tmp_path: Path) -> None:
    for name in ("index.md", "01-how-lessons-work.md"):
        target = tmp_path / "pack" / "courses" / "many" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((ROOT / "courses/tour" / name).read_text(encoding="utf-8").replace("exam:", "was_exam:"))
    alone = p99(stage, lambda: time.sleep(15))
    command = [sys.executable, "-m", "tests.benchmarks.publishing", stage.settings.database, str(tmp_path / "pack")]
    said: list[str] = []

    def publish() -> None:
        done = subprocess.run([*command, str(TIMES)], cwd=ROOT, env=dict(os.environ), capture_output=True, check=True)
        said.append(done.stdout.decode().strip())

    meanwhile = p99(stage, publish)
    print(f"\n{TIMES} publications in {said[0]} s; readers' p99 {alone:.1f} ms before, {meanwhile:.1f} ms meanwhile")
    assert meanwhile <= max(alone * MOST_SHARE, alone + MOST_MORE)


def p99(stage: Stage, while_this: Callable[[], object]) -> float:
    """Milliseconds that all but a hundredth of the pages took while something else was done."""
    spent: list[float] = []
    stop = threading.Event()

    def read(first: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30)) as connection:
            turn = first
            while not stop.wait(PAUSE):
                name = stage.lessons[turn % len(stage.lessons)]
                began = time.perf_counter()
                connection.request("GET", f"/courses/e-services/lessons/{name}", headers=headers(stage, turn))
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                spent.append((time.perf_counter() - began) * 1000)
                turn += READERS

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    while_this()
    stop.set()
    for reader in readers:
        reader.join()
    return sorted(spent)[int(len(spent) * 0.99)]
