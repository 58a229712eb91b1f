"""Making an account: what it takes, what is kept, what is refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.db import Database
from lms.learning.models import PracticeAnswer
from lms.people.actions import WORK
from lms.people.models import Person
from tests.cast import Cast, Visitor
from tests.contracts.world import forget_tries

NEW = {"name": "Maija Saule", "login": "maija", "password": "four words are good"}
LESSON = "/courses/first-aid/lessons/long-passwords"
PRACTISE = "/courses/first-aid/practise/long-passwords"


def people(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Person)) or 0


def the_person(database: Database, login: str) -> Person:
    with database.reading() as db:
        return db.scalars(select(Person).where(Person.user_name == login)).one()


def test_a_name_and_a_password_are_enough(client: Visitor, database: Database) -> None:
    answer = client.post("/sign-up", NEW)
    assert (answer.status_code, answer.location) == (303, "/my-learning")
    page = client.get("/account")
    assert "Maija Saule" in page.text
    assert "Welcome, Maija Saule." in page.text
    kept = the_person(database, "maija")
    assert kept.password_hash.startswith("$argon2id$")
    assert NEW["password"] not in kept.password_hash


def test_passwords_are_hashed_with_as_much_work_as_owasp_asks() -> None:
    """In tests with less: `tests.quick`."""
    assert WORK == {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}


@pytest.mark.parametrize("login", ["maija", "MAIJA", " Maija "])
def test_user_names_are_unique_whatever_their_case(client: Visitor, app: Flask, database: Database, login: str) -> None:
    client.post("/sign-up", NEW)
    again = Visitor(app).post("/sign-up", {**NEW, "login": login, "name": "Marta Zeme"})
    assert again.status_code == 422
    assert "Somebody has this user name" in again.text
    assert "Marta Zeme" in again.text, "what was typed is kept"
    assert people(database) == 1


def test_an_address_that_has_an_account_answers_as_any_other(client: Visitor, app: Flask) -> None:
    mine = client.post("/sign-up", {**NEW, "login": "maija@example.org"})
    theirs = Visitor(app).post("/sign-up", {**NEW, "login": "maija@example.org"})
    assert (theirs.status_code, theirs.location) == (mine.status_code, mine.location)


REFUSED: dict[str, dict[str, str]] = {
    "no name": {"name": ""},
    "a name of spaces": {"name": "   "},
    "a name of signs": {"name": "…—!"},
    "a name that advertises": {"name": "Win 100 € at https://evil.example"},
    "a name that advertises in small": {"name": "Win at www.evil.example"},
    "a name that is an address": {"name": "support@bank.example"},
    "a name that runs backwards": {"name": "Maija \N{RIGHT-TO-LEFT OVERRIDE}eluaS"},
    "a name with a zero-width space": {"name": "Maija\N{ZERO WIDTH SPACE}Saule"},
    "a name with a bell": {"name": "Maija\aSaule"},
    "too long a name": {"name": "m" * 201},
    "no login": {"login": " "},
    "a short login": {"login": "ab"},
    "a login with spaces": {"login": "maija saule"},
    "a login with markup": {"login": "<b>maija</b>"},
    "too long a user name": {"login": "m" * 81},
    "a user name that grows in small letters": {"login": "\N{LATIN SMALL LETTER SHARP S}" * 60},
    "an address that is none": {"login": "maija@"},
    "two addresses": {"login": "maija@example.org,eve@evil.example"},
    "an address with a header": {"login": "maija@example.org\r\nBcc: eve@evil.example"},
    "no password": {"password": ""},
    "a short password": {"password": "nine char"},
    "a long password": {"password": "four words " * 19},
    "a usual password": {"password": "Password123"},
    "one letter": {"password": "aaaaaaaaaaaa"},
    "the login as password": {"login": "maija.saule", "password": "Maija.Saule"},
}


def test_what_cannot_be_used_is_refused(app: Flask, client: Visitor, database: Database) -> None:
    for words, values in REFUSED.items():
        forget_tries(app)
        answer = client.post("/sign-up", {**NEW, **values})
        assert answer.status_code == 422, words
        assert 'class="err"' in answer.text, words
        assert people(database) == 0, words
        assert client.get("/account").status_code == 303, words


NAMES = ["Li", "Anna-Marija O’Neill", "მარიამი", "Nguyễn Thị Ánh", "علی‌رضا", "X Æ A-12", "Ꙗ", "\ufdfa" * 60]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_are_taken(client: Visitor, name: str) -> None:
    assert client.post("/sign-up", {**NEW, "name": name}).status_code == 303
    page = client.get("/account")
    assert page.status_code == 200
    assert name in page.text


@pytest.mark.parametrize("way", ["sign-up", "sign-in"])
def test_what_a_guest_answered_is_kept(app: Flask, cast: Cast, database: Database, way: str) -> None:
    guest = Visitor(app)
    assert guest.get(LESSON).status_code == 200
    guest.post(PRACTISE, {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())})
    guest.post("/courses/first-aid/read/long-passwords")
    if way == "sign-up":
        guest.post("/sign-up", NEW)
    else:
        guest.sign_in(cast.learner)
    assert "This is right." in guest.get(LESSON).text
    assert "First aid for passwords" in guest.get("/my-learning").text
    with database.reading() as db:
        owner = db.scalars(select(PracticeAnswer.actor_id)).one()
        assert db.get(Person, owner) is not None


def test_a_guest_starts_afresh_after_signing_out(app: Flask, cast: Cast) -> None:
    browser = Visitor(app).sign_in(cast.learner)
    browser.post(PRACTISE, {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())})
    browser.post("/sign-out")
    assert "This is right." not in browser.get(LESSON).text


def test_signing_up_again_in_the_same_browser_ends_the_first_session(client: Visitor, app: Flask) -> None:
    client.post("/sign-up", NEW)
    stolen = Visitor(app)
    stolen.browser.set_cookie("lms", cookie_of(client), domain="localhost")
    assert stolen.get("/account").status_code == 200
    client.post("/sign-up", {**NEW, "login": "marta", "name": "Marta Zeme"})
    assert "Marta Zeme" in client.get("/account").text
    assert stolen.get("/account").status_code == 303


def cookie_of(browser: Visitor) -> str:
    kept: Any = browser.browser.get_cookie("lms")
    return str(kept.value)
