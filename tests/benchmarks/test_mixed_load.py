"""Readers, exam takers, coordinators, an import and the worker at once: nobody gets an error, no answer waits long."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from lms.content import queries as content
from lms.figures.queries import counted_at
from tests.benchmarks.load import ROOT
from tests.benchmarks.national import SCALE, spent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.national import Country

pytestmark = pytest.mark.benchmark
SECONDS = float(os.environ.get("LMS_BENCH_SECONDS", "40"))
LONGEST_SAVE = 500.0  # ms, while an import runs
STALE = 60.0  # seconds
EACH, COORDINATORS = 4, 2  # connections
ROWS = max(200, int(60_000 * SCALE))


@pytest.mark.parametrize(("pace", "pause"), [("as people click", 0.25), ("as fast as it goes", 0.0)])
def test_everybody_at_once(country: Country, tmp_path: Path, pace: str, pause: float) -> None:
    """As fast as it goes, requests wait for each other on any machine: there, only errors are forbidden."""
    prefix = "NEW-A" if pause else "NEW-B"
    file = register(country, tmp_path, prefix)
    crowd(country, pause, seconds=3)  # to warm up
    with (tmp_path / "worker.txt").open("w") as said, working(country, said), importing(country, file) as command:
        found, ages = crowd(country, pause)
        ended = command.poll() is not None
        code = command.wait(600)
    tell_all(f"{country.database.engine.dialect.name}, {pace}", found, ages, ended=ended)
    assert not found["wrong"], found["wrong"][:5]
    assert code == 0, (tmp_path / "import.txt").read_text()[-2000:]
    came = text("select count(*) from person where code like :mine")
    with country.database.reading() as db:
        assert db.execute(came, {"mine": f"{prefix}-%"}).scalar_one() == ROWS
    assert max(ages, default=0) <= STALE
    if pause:
        assert spent(found["times"]["answer save"]).most <= LONGEST_SAVE


def tell_all(name: str, found: dict[str, Any], ages: list[float], *, ended: bool) -> None:
    print(f"\n{name}: {SECONDS:.0f} s of everything, an import of {ROWS:,} rows")
    for kind, times in sorted(found["times"].items()):
        print(f"{kind:16} {len(times) / found['seconds']:8.1f}/s  {spent(times)}")
    together = [each for times in found["times"].values() for each in times]
    print(
        f"{'all together':16} {len(together) / found['seconds']:8.1f}/s  {spent(together)}\n"
        f"{len(found['wrong'])} errors; the import {'was over before' if ended else 'outlasted'} the crowd; "
        f"figures were at most {max(ages, default=0):.0f} s old"
    )


def register(country: Country, folder: Path, prefix: str) -> Path:
    """A file of people who come new, spread over all teams."""
    with country.database.reading() as db:
        teams = list(db.scalars(text("select code from unit where kind = 'team' order by id")))
    path = folder / "register.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["code", "name", "unit code"])
        out.writerows((f"{prefix}-{row}", f"Nguyễn Văn Mới {row}", teams[row * 7 % len(teams)]) for row in range(ROWS))
    return path


@contextmanager
def importing(country: Country, file: Path) -> Iterator[subprocess.Popen[str]]:
    """The import, as an operator's command in a process of its own."""
    command = [sys.executable, "-m", "lms", "people", "import", str(file)]
    with (file.parent / "import.txt").open("w") as said:
        child = started(command, country, said)
        try:
            yield child
        finally:
            end(child)


@contextmanager
def working(country: Country, said: Any) -> Iterator[None]:
    """The worker, which counts what changes."""
    child = started([sys.executable, "-m", "lms", "work"], country, said)
    try:
        yield
    finally:
        end(child)


def started(command: list[str], country: Country, said: Any) -> subprocess.Popen[str]:
    environ = {**os.environ, **country.environ}
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=subprocess.STDOUT, text=True)


def end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        child.wait(30)


def crowd(country: Country, pause: float, *, seconds: float = SECONDS) -> tuple[dict[str, Any], list[float]]:
    """What the crowd saw, and how old the figures were meanwhile, in seconds."""
    with country.database.reading() as db:
        current = content.current(db, "e-services")
    assert current is not None
    task = {
        "port": country.port, "pause": pause, "seconds": seconds, "each": EACH, "coordinators": COORDINATORS,
        "readers": country.readers, "takers": country.takers, "coordinator": country.coordinator,
        "provinces": country.provinces, "lessons": [lesson.id for lesson in current.course.lessons],
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.benchmarks.crowd"]
    ages: list[float] = []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(task))
        child.stdin.close()
        until = time.monotonic() + seconds
        while time.monotonic() < until and child.poll() is None:
            time.sleep(1)
            ages.append(age(country))
        said = child.stdout.read()
    assert child.returncode == 0
    return json.loads(said), ages


def age(country: Country) -> float:
    """How long ago the oldest change happened that is not counted yet; 0 if everything is counted."""
    with country.database.reading() as db:
        oldest = db.execute(text("select min(at) from person_change")).scalar()
        assert counted_at(db) is not None
    if oldest is None:
        return 0.0
    moment = datetime.fromisoformat(oldest).replace(tzinfo=UTC) if isinstance(oldest, str) else oldest
    return (datetime.now(UTC) - moment).total_seconds()
