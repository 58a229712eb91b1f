"""The page on which help is noted: with and without scripts, and what it says when it cannot."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.helping import rules
from lms.helping.models import HelpEntry
from tests.cast import PASSWORD, Visitor
from tests.helping.world import certify, new_id

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

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


def test_what_looks_like_a_name_is_asked_about_once(database: Database, laura: Visitor) -> None:
    sent = {**TAPS, "note": "for Anna Bērziņa and her bank", "client_id": new_id()}
    asked = laura.post("/help", sent)
    assert asked.status_code == 422
    assert "“Anna Bērziņa” looks like a name." in asked.text
    assert f'name="client_id" value="{sent["client_id"]}"' in asked.text
    assert rows(database) == 0
    assert laura.post("/help", {**sent, "sure": "without"}).status_code == 303
    assert laura.post("/help", {**sent, "sure": "yes", "client_id": new_id()}).status_code == 303
    with database.reading() as db:
        notes = db.scalars(select(HelpEntry.note).order_by(HelpEntry.id)).all()
    assert notes == ["for … and her bank", "for Anna Bērziņa and her bank"]


def test_all_entries_stand_on_a_page_of_their_own_and_in_a_file(cast: Cast, laura: Visitor) -> None:
    keys = [new_id() for _ in range(52)]
    for place, key in enumerate(keys):
        laura.post("/help", {**TAPS, "client_id": key, "people": str(place + 1), "note": "=1+1"})
    laura.post(f"/help/{keys[0]}/undo")
    first = laura.get("/help/mine").text
    assert "52 people" in first
    assert "· 2 people" not in first
    later = re.search(r'href="(/help/mine\?after=[^"]+)"', first)
    assert later is not None
    assert "· 2 people" in laura.get(later[1]).text
    lines = laura.get("/help/mine.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 53
    assert "'=1+1" in lines[1]
    assert len(cast.at_browser("otto").get("/help/mine.csv").get_data(as_text=True).splitlines()) == 1


def test_nobody_notes_more_for_a_day_than_hands_can(monkeypatch: pytest.MonkeyPatch, laura: Visitor) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    answers = [laura.post("/help", {**TAPS, "client_id": new_id()}).status_code for _ in range(3)]
    assert answers == [303, 303, 422]


def test_the_page_that_a_device_keeps_says_nothing_of_anybody(laura: Visitor) -> None:
    laura.post("/help", {**TAPS, "client_id": new_id(), "note": "a note of mine"})
    assert "a note of mine" in laura.get("/help").text
    kept = laura.get("/help?kept=1").text
    assert "data-log" in kept
    for personal in ("a note of mine", "Laura", "Noted last", "This year"):
        assert personal not in kept


def test_a_computer_that_several_people_use_keeps_no_page(cast: Cast, laura: Visitor) -> None:
    assert 'data-worker="/help/worker.js"' in laura.get("/help").text
    form = {"login": "laura", "password": PASSWORD, "shared": "1"}
    shared = Visitor(cast.app)
    shared.post("/sign-in", form)
    assert 'data-worker=""' in shared.get("/help").text
