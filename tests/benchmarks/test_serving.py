"""Pages and saves a second, each against its floor on the same server, in the same run."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.benchmarks.load import Ask, Figures, compare, round_of

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Stage

pytestmark = pytest.mark.benchmark
HTML = {"Accept-Language": "en"}


def headers(stage: Stage, turn: int, *, json: bool = False) -> dict[str, str]:
    cookie = stage.cookies[turn % len(stage.cookies)]
    common = {"Cookie": f"lms={cookie}", "Sec-Fetch-Site": "same-origin", **HTML}
    return common | (
        {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"} if json else {}
    )


def test_lesson_page(stage: Stage) -> None:
    def lesson(turn: int) -> Ask:
        name = stage.lessons[turn % len(stage.lessons)]
        return Ask("GET", f"/courses/e-services/lessons/{name}", headers(stage, turn))

    def ours() -> Figures:
        return round_of(stage.port, lesson, amount=1500)

    rate, tail = compare(
        "lesson page", ours, lambda: round_of(stage.port, lambda _: Ask("GET", "/floor/page", HTML), amount=3000)
    )
    compare(
        "lesson page, bare Flask",
        ours,
        lambda: round_of(stage.port, lambda _: Ask("GET", "/floor/bare", HTML), amount=3000),
        rounds=2,
    )
    assert rate > 0 < tail


def test_answer_save(stage: Stage) -> None:
    def save(turn: int) -> Ask:
        body = urlencode({"answer": "0", "answer_id": str(uuid.uuid4()), "made_at": "", "marking": "yes"})
        attempt = stage.attempts[turn % len(stage.attempts)]
        return Ask("POST", f"/attempts/{attempt}/{turn % 10 + 1}", headers(stage, turn, json=True), body)

    rate, tail = compare(
        "answer save",
        lambda: round_of(stage.port, save, amount=1000, good=frozenset({200, 422})),
        lambda: round_of(stage.port, lambda _: Ask("POST", "/floor/row", HTML), amount=1000),
    )
    assert rate > 0 < tail


def test_lesson_read(stage: Stage) -> None:
    turns = iter(range(10**9))

    def read(_turn: int) -> Ask:
        turn = next(turns)
        name = stage.lessons[turn // len(stage.cookies) % len(stage.lessons)]
        return Ask("POST", f"/courses/e-services/read/{name}", headers(stage, turn, json=True), "")

    rate, tail = compare(
        "lesson read",
        lambda: round_of(stage.port, read, amount=1000),
        lambda: round_of(stage.port, lambda _: Ask("POST", "/floor/row", HTML), amount=1000),
    )
    assert rate > 0 < tail
