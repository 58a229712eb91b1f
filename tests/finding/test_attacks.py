"""Who attacks the public pages of help points: addresses with words of their own, codes that are guessed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

from lms.finding.name_queries import has
from lms.finding.rules import BadHours, State, read_week
from lms.people.actions import add_unit
from lms.people.models import Unit
from tests.finding.world import open_point
from tests.helping.world import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lms.db import Database
    from tests.cast import Cast, Visitor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    "more", ["_scheme=javascript", "_external=1", "_anchor=x", "endpoint=people.sign_in", "_method=POST", "after=x"]
)
def test_an_address_says_nothing_of_how_others_are_built(
    client: Visitor, cast: Cast, database: Database, more: str
) -> None:
    with database.writing() as db:
        top = db.get_one(Unit, cast.units["N"])
        for number in range(22):
            open_point(db, add_unit(db, kind="library", code=f"L{number}", name=f"Library {number}", parent=top).id)
    answer = client.get(f"/find?{more}&q=&language=lv")
    assert answer.status_code == 200
    assert "javascript:" not in answer.text
    assert "//localhost" not in answer.text
    assert "Later in the alphabet" in answer.text
    assert "language=lv" in answer.text


def test_marks_of_lists_that_nobody_made_are_no_marks(client: Visitor) -> None:
    deep, half = "W1tb" * 1500, "WyJcdWQ4MDAiLDFd"  # [[[..., and half a letter: ["\ud800",1]
    for mark in (deep, half):
        assert client.get(f"/find?after={mark}").status_code == 200


def test_who_has_no_code_uses_up_nothing(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        word = open_point(db, cast.units["N-1"]).token

    def say(token: str, number: int) -> int:
        sent = {"t": token, "answer": "yes", "client_id": new_id()}
        address = {"REMOTE_ADDR": f"10.0.{number // 10}.1"}
        return client.post("/find/N-1/said", sent, environ_base=address).status_code

    assert {say("guessed", number) for number in range(130)} == {410}
    assert say(word, 0) == 303
    assert client.post("/find/nowhere/said", {"t": "", "answer": "yes"}).status_code == 404


def test_an_entry_that_the_public_does_not_see_is_told_to_nobody(
    client: Visitor, cast: Cast, database: Database
) -> None:
    with database.writing() as db:
        word = open_point(db, cast.units["N-1"], state=State.HIDDEN).token
    for query in ("", "?t=guessed", "?done=1"):
        assert client.get(f"/find/N-1/said{query}").status_code == 404
    assert "Did you get what you came for?" in client.get(f"/find/N-1/said?t={word}").text


def test_hours_without_end_are_refused_at_once() -> None:
    began = time.process_time()
    with pytest.raises(BadHours):
        read_week(f"mo 9:00-10:00;{' ' * 2000}x")
    assert time.process_time() - began < 1


def test_of_very_many_words_the_first_ones_are_looked_for(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"])
    assert str(has(Unit.folded_name, [" ".join("a" * 50)])).count("LIKE") == 8
    assert "Unit N-1" in client.get("/find?q=unit+n").text
