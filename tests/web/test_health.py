"""Health and counters."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Settings
from lms.db import Database
from tests.conftest import SECRET

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the same whatever the database
TOKEN = "a token for whoever watches"


@pytest.fixture
def watched(settings: Settings, database: Database) -> Flask:
    return create_app(dataclasses.replace(settings, metrics_token=TOKEN), database)


def test_anybody_may_ask_whether_it_lives(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_counters_are_for_whoever_has_the_token(watched: Flask) -> None:
    answer = watched.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "lms_requests_total" in answer.text


WRONG = ["", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer \xe9\xff", f"Basic {TOKEN}x"]


@pytest.mark.parametrize("said", WRONG)
def test_without_the_token_there_is_no_such_page(watched: Flask, app: Flask, said: str) -> None:
    for each in (watched, app):
        answer = each.test_client().get("/metrics", headers={"Authorization": said})
        assert answer.status_code == 404
        assert "lms_requests" not in answer.text


def test_an_unset_token_opens_nothing(app: Flask) -> None:
    for said in ("Bearer ", "Bearer", ""):
        assert app.test_client().get("/metrics", headers={"Authorization": said}).status_code == 404


def test_nobody_makes_us_count_words_of_their_own(watched: Flask) -> None:
    browser = watched.test_client()
    for number in range(5):
        browser.open("/", method=f"WORD{number}")
    text = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "WORD" not in text
    assert 'method="other"' in text


def test_without_a_database_it_does_not_live(tmp_path: Path, database: Database) -> None:
    assert database.engine.dialect.name == "sqlite"
    gone = Database(f"sqlite:///{tmp_path}/no-such-folder/lms.db")
    settings = Settings(home=tmp_path, secret_key=SECRET, shipped_pack=False)
    browser = create_app(settings, gone).test_client()
    assert browser.get("/healthz").status_code == 500
    page = browser.get("/")
    assert page.status_code == 500
    assert "broke on our side" in page.text
    assert "no-such-folder" not in page.text
    gone.dispose()
