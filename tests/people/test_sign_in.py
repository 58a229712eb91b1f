"""Signing in and out: what a wrong guess learns, how often one may guess, how long a session lives."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.db import Database
from lms.people.models import Person, SecurityEvent, ThrottleCount, UserSession
from tests.cast import PASSWORD, Cast, Visitor
from tests.contracts.world import forget_tries

ELSEWHERE = [
    "https://evil.example/",
    "http:evil.example",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\t\\evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\n/evil.example",
    "/courses\r\nSet-Cookie: lms=stolen",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "//[",
    "@evil.example",
    "",
]


def test_signing_in_never_leads_to_another_site(cast: Cast, app: Flask) -> None:
    for target in ELSEWHERE:
        forget_tries(app)
        answer = Visitor(app).post("/sign-in", {"login": cast.learner, "password": PASSWORD, "next": target})
        expected = (400, None) if "\0" in target else (303, "/my-learning")
        assert (answer.status_code, answer.location) == expected, repr(target)


@pytest.mark.parametrize("target", ["/courses", "/courses?q=a%20b&life=life/safety", "/courses/first-aid#x", "/кurss"])
def test_signing_in_goes_on_where_one_was(cast: Cast, app: Flask, target: str) -> None:
    answer = Visitor(app).post("/sign-in", {"login": cast.learner, "password": PASSWORD, "next": target})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(("/courses", "/%D0%BA"))


@pytest.mark.usefixtures("cast")
def test_other_doors_never_lead_to_another_site(app: Flask) -> None:
    for number, target in enumerate(each for each in ELSEWHERE if "\0" not in each):
        forget_tries(app)
        browser = Visitor(app)
        chosen = browser.post("/language", {"language": "en", "next": target})
        assert chosen.location in {"/", "/my-learning"}, repr(target)
        new = {"name": "Maija Saule", "login": f"maija{number}", "password": "four words are good", "next": target}
        assert browser.post("/sign-up", new).location == "/my-learning", repr(target)
        inside = browser.get("/sign-in", query_string={"next": target})
        assert (inside.status_code, inside.location) == (303, "/my-learning"), repr(target)


def test_a_wrong_password_looks_like_an_unknown_name(cast: Cast, app: Flask) -> None:
    known = Visitor(app).post("/sign-in", {"login": cast.learner, "password": "wrong wrong"})
    unknown = Visitor(app).post("/sign-in", {"login": "nobody", "password": "wrong wrong"})
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(cast.learner, "nobody") == unknown.text
    assert "Name and password do not match." in known.text
    assert "wrong wrong" not in known.text
    assert set(known.headers.keys()) == set(unknown.headers.keys())


def test_an_account_without_a_password_cannot_be_signed_in_to(cast: Cast, app: Flask, database: Database) -> None:
    with database.writing() as db:
        person = db.get_one(Person, cast[cast.learner])
        person.password_hash = ""
    for password in ["", " ", PASSWORD]:
        answer = Visitor(app).post("/sign-in", {"login": cast.learner, "password": password})
        assert answer.status_code == 422


def test_guessing_ends_after_ten_tries_though_each_try_fails(cast: Cast, app: Flask) -> None:
    for login in [cast.learner, cast.learner.upper(), f" {cast.learner} "] * 3 + [cast.learner]:
        answer = Visitor(app).post("/sign-in", {"login": login, "password": "wrong wrong"})
        assert answer.status_code == 422
    right = Visitor(app).post("/sign-in", {"login": cast.learner, "password": PASSWORD})
    assert right.status_code == 429
    assert "That was too fast" in right.text
    Visitor(app).sign_in(cast.other)
    with time_machine.travel(now() + timedelta(hours=1)):
        Visitor(app).sign_in(cast.learner)


def test_guessing_at_many_names_ends_too(cast: Cast, app: Flask, database: Database) -> None:
    Visitor(app).post("/sign-in", {"login": "nobody-0", "password": "wrong wrong"})
    with database.writing() as db:
        for row in db.scalars(select(ThrottleCount)):
            row.count *= 200
    assert Visitor(app).post("/sign-in", {"login": "nobody-1", "password": "wrong wrong"}).status_code == 429
    assert cast.learner


def test_counters_do_not_say_who_tried(cast: Cast, app: Flask, database: Database) -> None:
    Visitor(app).post("/sign-in", {"login": cast.learner, "password": "wrong wrong"})
    with database.reading() as db:
        keys = db.scalars(select(ThrottleCount.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and int(key, 16) for key in keys)


def test_the_cookie_of_a_shared_computer_goes_with_the_browser(cast: Cast, app: Flask, database: Database) -> None:
    form = {"login": cast.learner, "password": PASSWORD}
    own = Visitor(app).post("/sign-in", form)
    shared = Visitor(app).post("/sign-in", {**form, "shared": "y"})
    assert "Expires=" in set_cookie(own, "lms=")
    assert "Expires=" not in set_cookie(shared, "lms=")
    with database.reading() as db:
        rows = db.scalars(select(UserSession).order_by(UserSession.id.desc()).limit(2)).all()
        assert rows[0].is_shared
        assert rows[0].expires_at - rows[0].created_at == timedelta(hours=2)
        assert rows[1].expires_at - rows[1].created_at == timedelta(days=30)


def set_cookie(answer: object, name: str) -> str:
    headers = answer.headers.getlist("Set-Cookie")  # type: ignore[attr-defined]
    return next(header for header in headers if header.startswith(name))


@pytest.mark.parametrize(("shared", "lasts"), [("", timedelta(days=30)), ("y", timedelta(hours=2))])
def test_a_session_ends_by_itself(cast: Cast, app: Flask, shared: str, lasts: timedelta) -> None:
    browser = Visitor(app)
    browser.post("/sign-in", {"login": cast.learner, "password": PASSWORD, "shared": shared})
    value = browser.browser.get_cookie("lms")
    assert value is not None
    begun = now()
    for moment, status in [(begun + lasts - timedelta(minutes=1), 200), (begun + lasts + timedelta(minutes=1), 303)]:
        with time_machine.travel(moment):
            later = Visitor(app)
            later.browser.set_cookie("lms", value.value, domain="localhost")
            assert later.get("/account").status_code == status


def test_signing_out_ends_the_session_not_only_the_cookie(cast: Cast, app: Flask) -> None:
    browser, stolen = cast.at_browser(cast.learner), Visitor(app)
    value = browser.browser.get_cookie("lms")
    assert value is not None
    stolen.browser.set_cookie("lms", value.value, domain="localhost")
    assert stolen.get("/account").status_code == 200
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/account").status_code == 303
    assert stolen.get("/account").status_code == 303


def test_signing_out_everywhere_else(cast: Cast) -> None:
    here, phone, library = (cast.at_browser(cast.learner) for _ in range(3))
    assert here.get("/account").text.count("since ") == 3
    here.post("/account/sessions/end")
    assert here.get("/account").text.count("since ") == 1
    assert phone.get("/account").status_code == library.get("/account").status_code == 303


def test_the_database_keeps_no_token_that_signs_in(cast: Cast, app: Flask, database: Database) -> None:
    browser = cast.at_browser(cast.learner)
    with browser.browser.session_transaction() as held:
        token = held["_user_id"]
    with database.reading() as db:
        hashes = db.scalars(select(UserSession.token_hash)).all()
    assert token not in hashes
    assert len(token) >= 43, "256 bits"
    forged = Visitor(app)
    with forged.browser.session_transaction() as held:
        held["_user_id"] = hashes[-1]
    assert forged.get("/account").status_code == 303


def test_a_cookie_signed_with_another_key_is_no_cookie(cast: Cast, app: Flask) -> None:
    browser = cast.at_browser(cast.learner)
    app.config["SECRET_KEY"] = "another key that is long enough to be one"
    assert browser.get("/account").status_code == 303


def test_the_security_log_knows_who_signed_in(cast: Cast, database: Database) -> None:
    cast.at_browser(cast.learner)
    with database.reading() as db:
        kinds = db.scalars(select(SecurityEvent.kind).where(SecurityEvent.actor_id == cast[cast.learner])).all()
    assert kinds.count("signed-in") == 1
