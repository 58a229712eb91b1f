"""Links in letters: what they do, how long, how often, and whose account they open."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.config import Settings
from lms.db import Database
from lms.jobs import Job, Worker
from lms.people.models import MailToken, Person, UserSession
from tests.cast import PASSWORD, Cast, Visitor
from tests.people.letters import last_link, path_of, sent, text_of

pytestmark = pytest.mark.mostly_sqlite

ADDRESS = "maija@example.org"
NEW = {"name": "Maija Saule", "login": ADDRESS, "password": "four words are good"}
ASK = "/sign-in/link"


@pytest.fixture
def maija(app: Flask) -> Visitor:
    """Maija, who has just made an account with her address and not proved it."""
    browser = Visitor(app)
    assert browser.post("/sign-up", NEW).status_code == 303
    return browser


def ask(app: Flask, worker: Worker, settings: Settings) -> str:
    """Ask for a link in a browser of one's own; the link's path, from the letter."""
    assert Visitor(app).post(ASK, {"email": ADDRESS}).status_code == 200
    worker.drain()
    return path_of(last_link(settings.home))


def test_a_link_signs_in_once(app: Flask, maija: Visitor, worker: Worker, settings: Settings) -> None:
    path = ask(app, worker, settings)
    phone = Visitor(app)
    answer = phone.post(path)
    assert answer.status_code == 303
    assert "Maija Saule" in phone.get("/account").text
    second = Visitor(app)
    again = second.post(path)
    assert again.status_code == 410
    assert "This link cannot be used any more" in again.text
    assert second.get("/account").status_code == 303
    assert maija.app is app


def test_opening_a_link_does_not_spend_it(app: Flask, maija: Visitor, worker: Worker, settings: Settings) -> None:
    path = ask(app, worker, settings)
    scanner = Visitor(app)
    for _ in range(3):
        assert scanner.get(path).status_code == 200
    assert scanner.get("/account").status_code == 303
    assert Visitor(app).post(path).status_code == 303
    assert maija.app is app


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (16, 410)])
def test_a_link_lasts_15_minutes(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings, minutes: int, status: int
) -> None:
    path = ask(app, worker, settings)
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert Visitor(app).post(path).status_code == status
    assert maija.app is app


def test_neither_database_nor_jobs_hold_a_link(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings, database: Database
) -> None:
    Visitor(app).post(ASK, {"email": ADDRESS})
    with database.reading() as db:
        args = db.scalars(select(Job.args).where(Job.name == "letter")).all()
    assert all(set(each) == {"kind", "person"} for each in args)
    worker.drain()
    token = path_of(last_link(settings.home)).rpartition("/")[2]
    with database.reading() as db:
        kept = db.scalars(select(MailToken.token_hash)).all()
    assert token not in kept
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    assert len(token) >= 43, "256 bits"
    assert maija.app is app


@pytest.mark.parametrize("token", ["", "x", "%00", "../../account", "' OR 1=1 --", "a" * 5000])
def test_made_up_links_are_spent_links(client: Visitor, token: str) -> None:
    assert client.post(f"{ASK}/{token}").status_code in {303, 400, 404, 410, 422}
    assert client.get("/account").status_code == 303


def test_the_page_says_the_same_whether_or_not_there_is_an_account(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    worker.drain()
    before = len(sent(settings.home))
    known = Visitor(app).post(ASK, {"email": ADDRESS})
    unknown = Visitor(app).post(ASK, {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(ADDRESS, "nobody@example.org") == unknown.text
    worker.drain()
    assert [letter["To"] for letter in sent(settings.home)[before:]] == [ADDRESS]
    assert maija.app is app


def test_nobody_gets_letters_without_end(app: Flask, worker: Worker, settings: Settings) -> None:
    for number in range(3):
        Visitor(app).post("/sign-up", {**NEW, "login": ADDRESS, "name": f"Maija {'I' * number}a"})
    answers = [Visitor(app).post(ASK, {"email": ADDRESS}).status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    assert Visitor(app).post("/sign-up", NEW).status_code == 429
    worker.drain()
    assert len(sent(settings.home)) == 5


def test_links_begin_with_our_address_whatever_the_request_says(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    answer = Visitor(app).post(ASK, {"email": ADDRESS}, headers=evil)
    assert answer.status_code == 200
    worker.drain()
    letter = sent(settings.home)[-1]
    assert last_link(settings.home).startswith(f"{settings.url}/sign-in/link/")
    assert "evil" not in letter.as_string()
    assert "evil" not in answer.text
    assert maija.app is app


def test_whoever_forgot_the_password_chooses_a_new_one(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    path = ask(app, worker, settings)
    phone = Visitor(app)
    assert phone.post(path).location == "/account#password"
    assert "Your present password" not in phone.get("/account").text
    assert phone.post("/account/password", {"password": "five words are better"}).status_code == 303
    Visitor(app).sign_in(ADDRESS, "five words are better")
    assert Visitor(app).post("/sign-in", {"login": ADDRESS, "password": NEW["password"]}).status_code == 422
    assert maija.get("/account").status_code == 303, "sessions from before the proof have ended"


def test_a_proved_person_keeps_the_password_when_a_link_signs_in(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    worker.drain()
    assert maija.post(path_of(last_link(settings.home))).location == "/my-learning"
    assert Visitor(app).post(ask(app, worker, settings)).location == "/my-learning"
    Visitor(app).sign_in(ADDRESS, NEW["password"])


def test_a_new_password_spends_the_links_on_their_way(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    path = ask(app, worker, settings)
    changed = maija.post("/account/password", {"current": NEW["password"], "password": "five words are better"})
    assert changed.status_code == 303
    assert Visitor(app).post(path).status_code == 410


def test_a_link_to_an_address_given_up_is_refused(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings
) -> None:
    path = ask(app, worker, settings)
    form = {"name": "Maija Saule", "email": "new@example.org", "current": NEW["password"], "language": "en"}
    assert maija.post("/account", form).status_code == 303
    assert Visitor(app).post(path).status_code == 410


def test_a_link_of_a_closed_account_is_refused(
    app: Flask, maija: Visitor, worker: Worker, settings: Settings, database: Database
) -> None:
    path = ask(app, worker, settings)
    with database.writing() as db:
        db.scalars(select(Person).where(Person.email == ADDRESS)).one().closed_at = now()
    assert Visitor(app).post(path).status_code == 410
    assert maija.get("/account").status_code == 303


class TestHijack:
    """Mallory claims Maija's address before Maija comes."""

    def test_a_rival_claim_ends_when_the_owner_proves_the_address(
        self, app: Flask, worker: Worker, settings: Settings, database: Database
    ) -> None:
        mallory = Visitor(app)
        mallory.post("/sign-up", {**NEW, "name": "Mallory Evil", "password": "mallorys own words"})
        maija = Visitor(app)
        maija.post("/sign-up", NEW)
        worker.drain()
        assert maija.post(path_of(last_link(settings.home))).status_code == 303
        assert "Maija Saule" in maija.get("/account").text
        assert mallory.get("/account").status_code == 303
        again = Visitor(app).post("/sign-in", {"login": ADDRESS, "password": "mallorys own words"})
        assert again.status_code == 422
        with database.reading() as db:
            assert db.scalars(select(Person.name).where(Person.email == ADDRESS)).all() == ["Maija Saule"]

    def test_an_account_under_a_user_name_loses_its_password_too(
        self, app: Flask, cast: Cast, worker: Worker, settings: Settings
    ) -> None:
        mallory = cast.at_browser(cast.other)
        form = {"name": "Mallory Evil", "email": ADDRESS, "current": PASSWORD, "language": "en"}
        assert mallory.post("/account", form).status_code == 303
        maija = Visitor(app)
        assert maija.post(ask(app, worker, settings)).status_code == 303
        assert mallory.get("/account").status_code == 303
        again = Visitor(app).post("/sign-in", {"login": cast.other, "password": PASSWORD})
        assert again.status_code == 422

    def test_a_rival_keeps_nobody_out(self, app: Flask, maija: Visitor) -> None:
        for number in range(4):
            mallory = {**NEW, "name": f"Mallory {'I' * number}i", "password": "mallorys own words"}
            assert Visitor(app).post("/sign-up", mallory).status_code == 303
        again = Visitor(app).sign_in(ADDRESS, NEW["password"])
        assert "Maija Saule" in again.get("/account").text
        assert maija.get("/account").status_code == 200

    def test_a_rival_who_comes_after_the_proof_gets_no_claim(
        self, app: Flask, maija: Visitor, worker: Worker, settings: Settings, database: Database
    ) -> None:
        worker.drain()
        maija.post(path_of(last_link(settings.home)))
        mallory = Visitor(app)
        mallory.post("/sign-up", {**NEW, "name": "Mallory Evil", "password": "mallorys own words"})
        worker.drain()
        assert mallory.post(path_of(last_link(settings.home))).status_code == 410, "even with the letter in hand"
        with database.reading() as db:
            proved = db.scalars(select(Person.name).where(Person.proved_email == ADDRESS)).all()
        assert proved == ["Maija Saule"]
        assert "Maija Saule" in maija.get("/account").text


def test_a_link_ends_no_session_of_somebody_else(
    app: Flask, cast: Cast, maija: Visitor, worker: Worker, settings: Settings, database: Database
) -> None:
    laura = cast.at_browser(cast.learner)
    Visitor(app).post(ask(app, worker, settings))
    assert laura.get("/account").status_code == 200
    with database.reading() as db:
        open_ones = select(UserSession).where(
            UserSession.actor_id == cast[cast.learner], UserSession.ended_at.is_(None)
        )
        assert len(db.scalars(open_ones).all()) == 1
    assert maija.app is app


def test_what_the_letter_says_cannot_be_written_by_a_stranger(app: Flask, worker: Worker, settings: Settings) -> None:
    Visitor(app).post("/sign-up", {**NEW, "name": "Maija\r\nBcc: eve@evil.example"})
    Visitor(app).post("/sign-up", {**NEW, "name": "Maija\r\nSubject: Win"})
    worker.drain()
    letters = sent(settings.home)
    assert len(letters) == 1
    assert letters[0]["Subject"] == "Welcome to Handrail"
    assert letters[0]["Bcc"] is None
    assert "Good day, Maija Subject: Win," in text_of(letters[0])
