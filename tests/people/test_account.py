"""The account page: what one may change, and what it takes."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from lms.app import create_app
from lms.clock import now
from lms.config import Settings
from lms.db import Database
from lms.jobs import Worker
from lms.people import queries
from lms.people.actions import TooOften, count_try, end_role, grant_role
from lms.people.models import RoleGrant
from lms.people.rules import Role
from tests.cast import PASSWORD, Cast, Visitor
from tests.people.letters import last_link, path_of, sent

pytestmark = pytest.mark.mostly_sqlite

BETTER = "five words are better"
ACCOUNT = {"name": "Laura Lapiņa", "latin_name": "", "email": "", "language": "en"}


def test_a_new_password_ends_all_other_sessions(cast: Cast, app: Flask) -> None:
    here, phone = cast.at_browser(cast.learner), cast.at_browser(cast.learner)
    answer = here.post("/account/password", {"current": PASSWORD, "password": BETTER})
    assert answer.status_code == 303
    assert here.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303
    Visitor(app).sign_in(cast.learner, BETTER)
    assert Visitor(app).post("/sign-in", {"login": cast.learner, "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("current", ["", "wrong wrong", PASSWORD.upper()])
def test_a_screen_left_open_does_not_give_the_account_away(
    cast: Cast, app: Flask, database: Database, current: str
) -> None:
    left_open = cast.at_browser(cast.learner)
    refused = left_open.post("/account/password", {"current": current, "password": BETTER})
    assert refused.status_code == 422
    assert "This is not your present password." in refused.text
    moved = left_open.post("/account", {**ACCOUNT, "email": "eve@evil.example", "current": current})
    assert moved.status_code == 422
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert found.email == ""
    Visitor(app).sign_in(cast.learner)


def test_guessing_the_present_password_ends_too(cast: Cast) -> None:
    left_open = cast.at_browser(cast.learner)
    tries = [left_open.post("/account/password", {"current": "wrong", "password": BETTER}) for _ in range(10)]
    assert {answer.status_code for answer in tries} == {422}
    right = left_open.post("/account/password", {"current": PASSWORD, "password": BETTER})
    assert right.status_code == 429


def test_coming_by_link_stands_for_the_password_for_a_quarter_of_an_hour(
    cast: Cast, app: Flask, worker: Worker, settings: Settings
) -> None:
    laura = cast.at_browser(cast.learner)
    laura.post("/account", {**ACCOUNT, "email": "laura@example.org", "current": PASSWORD})
    worker.drain()
    phone = Visitor(app)
    assert phone.post(path_of(last_link(settings.home))).status_code == 303
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert phone.post("/account/password", {"password": BETTER}).status_code == 422
    assert phone.post("/account/password", {"password": BETTER}).status_code == 303


def test_name_and_language_change_without_a_password(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    form = {**ACCOUNT, "name": "Laura  Ozola", "latin_name": "Laura Ozola"}
    assert laura.post("/account", form).status_code == 303
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert (found.name, found.folded_name) == ("Laura Ozola", "laura ozola laura ozola")


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"name": "m" * 201},
        {"latin_name": "https://evil.example"},
        {"email": "not an address"},
        {"language": "xx"},
        {"language": ""},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_changes(
    cast: Cast, database: Database, values: dict[str, str]
) -> None:
    form = {**ACCOUNT, "name": "Laura Ozola", "current": PASSWORD, **values}
    assert cast.at_browser(cast.learner).post("/account", form).status_code == 422
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert (found.name, found.language, found.email) == ("Laura Lapiņa", "en", "")


def test_nobody_gives_themselves_more_than_the_page_offers(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    extra = {"role": "operator", "proved_email": "laura@example.org", "password_hash": "x", "id": str(cast["omar"])}
    assert laura.post("/account", {**ACCOUNT, **extra}).status_code == 303
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert found.proved_email is None
        assert found.password_hash.startswith("$argon2id$")
        assert db.get(RoleGrant, 1).person_id != cast[cast.learner]  # type: ignore[union-attr]
    assert laura.get("/operation").status_code == 403


def test_a_changed_address_is_proved_anew(cast: Cast, worker: Worker, settings: Settings, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    laura.post("/account", {**ACCOUNT, "email": "Laura@Example.org", "current": PASSWORD})
    worker.drain()
    assert sent(settings.home)[-1]["To"] == "laura@example.org"
    assert laura.post(path_of(last_link(settings.home))).location == "/my-learning", "the password stays: same browser"
    laura.post("/account", {**ACCOUNT, "email": "second@example.org", "current": PASSWORD})
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert (found.email, found.proved_email) == ("second@example.org", None)


def test_asking_once_more_writes_to_ones_own_address_only(cast: Cast, worker: Worker, settings: Settings) -> None:
    laura = cast.at_browser(cast.learner)
    laura.post("/account", {**ACCOUNT, "email": "laura@example.org", "current": PASSWORD})
    answers = [laura.post("/account/email", {"email": "eve@evil.example"}).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    worker.drain()
    assert {letter["To"] for letter in sent(settings.home)} == {"laura@example.org"}


def test_the_language_chosen_is_kept(cast: Cast, app: Flask, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    assert laura.post("/language", {"language": "lv", "next": "/courses"}).location == "/courses"
    assert '<html lang="lv">' in laura.get("/courses").text
    elsewhere = Visitor(app)
    elsewhere.post("/sign-in", {"login": cast.learner, "password": PASSWORD})
    assert '<html lang="lv">' in elsewhere.get("/courses").text
    with database.reading() as db:
        found = queries.person(db, cast[cast.learner])
        assert found is not None
        assert found.language == "lv"
    guest = Visitor(app)
    guest.post("/language", {"language": "lv"})
    assert '<html lang="lv">' in guest.get("/courses").text


@pytest.mark.parametrize("tag", ["", "xx", "../../en", "en\r\nSet-Cookie: a=b", "<script>"])
def test_a_language_that_we_do_not_speak_is_refused(client: Visitor, tag: str) -> None:
    assert client.post("/language", {"language": tag}).status_code == 400
    client.browser.set_cookie("lang", "x<script>", domain="localhost")
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize("url", ["http://localhost", "https://localhost"])
def test_cookies_are_as_safe_as_the_address_allows(settings: Settings, database: Database, url: str) -> None:
    app = create_app(dataclasses.replace(settings, url=url), database)
    browser, is_https = app.test_client(), url.startswith("https")
    new = {"name": "Maija Saule", "login": "maija", "password": "four words are good"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    up = browser.post("/sign-up", data=new, headers=headers, base_url=url)
    chosen = browser.post("/language", data={"language": "en"}, headers=headers, base_url=url)
    cookies = [*up.headers.getlist("Set-Cookie"), *chosen.headers.getlist("Set-Cookie")]
    name = "__Host-lms" if is_https else "lms"
    assert any(cookie.startswith(f"{name}=") for cookie in cookies)
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= parts, cookie
        assert ("Secure" in parts) == is_https, cookie
        assert not any(part.startswith("Domain") for part in parts), cookie
    assert browser.get("/account", base_url=url).status_code == 200
    assert ("Strict-Transport-Security" in up.headers) == is_https


def test_a_class_that_signs_in_at_once_is_counted_and_not_broken(database: Database) -> None:
    """Many begin the same counter in the same moment."""
    failures: list[BaseException] = []
    start = threading.Barrier(12)

    def attempt() -> None:
        start.wait()
        try:
            count_try(database, "sign-in by address", "10.0.0.1", limit=9, seconds=3600)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is looked at below
            failures.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(failure) for failure in failures] == [TooOften] * 3


def test_a_window_that_is_over_counts_no_more(database: Database) -> None:
    arguments: dict[str, Any] = {"limit": 1, "seconds": 3600}
    count_try(database, "x", "key", **arguments)
    with pytest.raises(TooOften):
        count_try(database, "x", "key", **arguments)
    count_try(database, "x", "another key", **arguments)
    count_try(database, "y", "key", **arguments)
    with time_machine.travel(now() + timedelta(hours=1)):
        count_try(database, "x", "key", **arguments)


def test_a_role_given_twice_and_ended_is_gone(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        for _ in range(2):
            grant_role(db, cast[cast.learner], Role.TRAINER, unit=None, by=cast["omar"])
    laura = cast.at_browser(cast.learner)
    assert laura.get("/authoring").status_code == 200
    with database.writing() as db:
        grant = db.query(RoleGrant).filter_by(person_id=cast[cast.learner]).one()
        end_role(db, grant.id, by=cast["omar"])
    assert laura.get("/authoring").status_code == 403
