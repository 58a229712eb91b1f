"""The public page of a certificate against its floor: kept pages, pages rendered anew, and what one costs in CPU.

Each round asks for the pages of 400 certificates, as visitors without a session do. `kept` is what they get after
the first of them asked; `anew` has another query each time, which is never kept.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.load import Ask, Figures, compare, round_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.conftest import Stage

pytestmark = pytest.mark.benchmark
HTML = {"Accept-Language": "en"}
LEAST, MOST_BYTES = 0.7, 20_000
AMOUNT = 800
turns = itertools.count()


def kept(stage: Stage, turn: int) -> str:
    return f"/c/{stage.codes[turn % len(stage.codes)]}"


def anew(stage: Stage, turn: int) -> str:
    return f"{kept(stage, turn)}?turn={next(turns)}"


@pytest.mark.parametrize("path", [kept, anew])
def test_public_page(stage: Stage, path: Callable[[Stage, int], str]) -> None:
    def ours() -> Figures:
        return round_of(stage.port, lambda turn: Ask("GET", path(stage, turn), HTML), amount=1500)

    def floor() -> Figures:
        return round_of(stage.port, lambda _: Ask("GET", "/floor/certificate", HTML), amount=3000)

    rate, tail = compare(f"certificate, {path.__name__}", ours, floor)
    assert tail > 0
    assert rate >= LEAST


def test_cpu_of_a_public_page(stage: Stage) -> None:
    """The server's own CPU time, which tells something on a machine where others work too."""

    def cost(path: Callable[[int], str]) -> float:
        before = cpu_seconds(stage.pid)
        round_of(stage.port, lambda turn: Ask("GET", path(turn), HTML), amount=AMOUNT)
        return (cpu_seconds(stage.pid) - before) / AMOUNT * 1000

    ways = {
        "bare": lambda _: "/floor/bare",
        "floor": lambda _: "/floor/certificate",
        "kept": lambda turn: kept(stage, turn),
        "anew": lambda turn: anew(stage, turn),
    }
    spent = [{name: cost(path) for name, path in ways.items()} for _ in range(4)][1:]  # the first one warms up
    middle = {name: statistics.median(each[name] for each in spent) for name in ways}
    weight = len(json.loads((stage.settings.home / "sample.json").read_text())["certificate"].encode())
    print(f"\ncertificate: {weight:,} bytes; server's CPU ms a request: ", end="")
    print(", ".join(f"{name} {cost:.2f} = {middle['floor'] / cost:.0%}" for name, cost in middle.items()))
    assert weight <= MOST_BYTES


def cpu_seconds(pid: int) -> float:
    """CPU time that a process and its children have used so far."""
    ids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in ids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")
