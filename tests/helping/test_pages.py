"""The page on which help is noted: with and without scripts, and what it says when it cannot."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.helping.models import HelpEntry
from tests.helping.world import certify, new_id

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

TAPS = {"kind": "training", "audience": "business", "service": "work"}


@pytest.fixture
def laura(cast: Cast, database: Database) -> Visitor:
    with database.writing() as db:
        certify(db, cast["laura"], since=now().date() - timedelta(days=9))
    return cast.at_browser("laura")


def rows(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(HelpEntry).where(HelpEntry.undone_at.is_(None))) or 0


def test_three_taps_note_help_and_the_first_two_stay_chosen(database: Database, laura: Visitor) -> None:
    answer = laura.post("/help", {**TAPS, "client_id": new_id()})
    page = laura.get(answer.location).text
    assert "Noted: Training · A business · Work and taxes." in page
    assert re.findall(r'value="(\w+)" checked', page) == ["training", "business"]
    assert rows(database) == 1


def test_what_a_script_sends_twice_is_noted_once_and_can_be_undone(database: Database, laura: Visitor) -> None:
    sent, as_json = {**TAPS, "client_id": new_id()}, {"headers": {"Accept": "application/json"}}
    answers = [laura.post("/help", sent, **as_json) for _ in range(2)]
    assert [answer.get_json() for answer in answers] == [{"noted": sent["client_id"], "apart": ""}] * 2
    assert rows(database) == 1
    for _ in range(2):
        assert laura.post(f"/help/{sent['client_id']}/undo", **as_json).get_json() == {"undone": sent["client_id"]}
    assert rows(database) == 0


def test_a_refusal_says_why_and_keeps_what_was_typed(database: Database, laura: Visitor) -> None:
    answer = laura.post("/help", {**TAPS, "people": "0", "note": "call 2612 3456", "client_id": new_id()})
    assert answer.status_code == 422
    assert "This was not noted yet." in answer.text
    assert 'value="call 2612 3456"' in answer.text
    assert "a number from 1 to 500" in answer.text
    assert rows(database) == 0


def test_nobody_undoes_what_another_noted(cast: Cast, laura: Visitor, database: Database) -> None:
    key = new_id()
    laura.post("/help", {**TAPS, "client_id": key})
    assert cast.at_browser("nora").post(f"/help/{key}/undo").status_code == 404
    assert rows(database) == 1


def test_without_a_certificate_the_page_says_what_will_be_here(cast: Cast) -> None:
    page = cast.at_browser("otto").get("/help").text
    assert "It opens with your first certificate." in page
    assert '<button class="plate"' not in page
