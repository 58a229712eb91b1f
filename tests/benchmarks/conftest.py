"""People, sessions and attempts to measure with, made once through the program's own actions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.content import queries as content
from lms.content.packs import offered_packs, publish_pack
from lms.credentials.actions import Earned, issue
from lms.credentials.facts import Assessment, CertificateFacts, Outcome, Parties
from lms.db import Database
from lms.people import actions
from lms.people.session import open_session
from lms.quiz import actions as quiz
from tests.benchmarks.load import server
from tests.benchmarks.national import Country, served

PEOPLE = 400
SECRET = "a key for benchmarks that is long enough"


@dataclass(frozen=True)
class Stage:
    """A running site and those who use it: a cookie, an attempt and a certificate's code for each person."""

    port: int
    pid: int
    cookies: list[str]
    lessons: list[str]
    attempts: list[str]
    settings: Settings
    codes: list[str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("bench")
    settings = Settings(home=home, url="http://127.0.0.1", secret_key=SECRET, key_passphrase=SECRET)
    database = Database(settings.database)
    upgrade_database(database)
    app = create_app(settings, database)
    publish_pack(database, offered_packs(settings)[0], app.extensions["lms_question_types"])
    cookies, attempts, first = _people(app, database)
    with database.reading() as db:
        current = content.current(db, "e-services")
    assert current is not None
    lessons = [lesson.id for lesson in current.course.lessons]
    client = app.test_client()
    client.set_cookie("lms", cookies[0], domain="localhost")
    page = client.get(f"/courses/e-services/lessons/{lessons[3]}").text
    codes = _certificates(database, first, current.version)
    certificate = app.test_client().get(f"/c/{codes[0]}").text
    sample = {"page": page, "certificate": certificate, "people": PEOPLE, "first": first}
    (home / "sample.json").write_text(json.dumps(sample))
    database.dispose()
    environ = {
        "LMS_HOME": str(home),
        "LMS_SECRET_KEY": SECRET,
        "LMS_KEY_PASSPHRASE": SECRET,
        "LMS_URL": "http://127.0.0.1",
        "LMS_LOG": str(home / "log"),
    }
    with server(environ) as (port, pid):
        yield Stage(port, pid, cookies, lessons, attempts, settings, codes)


def _people(app, database: Database) -> tuple[list[str], list[str], int]:
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    cookies, attempts, ids = [], [], []
    with app.test_request_context(), database.writing() as db:
        db.execute(text("create table floor_row (id integer primary key, words text)"))
        current = content.current(db, "e-services")
        assert current is not None
        exam = current.course.quizzes[current.course.exam]
        for number in range(PEOPLE):
            person = actions.sign_up(db, actions.NewPerson(f"Person {number}", f"person{number}", ""), "")
            cookies.append(
                str(signer.dumps({"_user_id": open_session(db, person.id), "_fresh": True, "_permanent": True}))
            )
            attempt = quiz.start_attempt(
                db, person.id, current.course, current.version, exam, attempt_id=str(uuid.uuid4()), language="en"
            )
            attempts.append(attempt.id)
            ids.append(person.id)
    return cookies, attempts, ids[0]


def _certificates(database: Database, first: int, version: int) -> list[str]:
    """A certificate for each person, as full as most are, sealed."""
    outcomes = tuple(Outcome(f"Show somebody how to use service {number}", 0.9) for number in range(4))
    parties = Parties("Ministry of Benchmarks", "Ministry of Benchmarks", "City library", "National library")
    with database.writing() as db:
        made = []
        for person in range(first, first + PEOPLE):
            facts = CertificateFacts(
                "", f"Person {person}", "en", "Digital helper", "E-services", "e-services", "", level="local",
                hours=8.0, outcomes=outcomes, assessment=Assessment("exam", 0.9, 0.8), parties=parties,
            )  # fmt: skip
            row = issue(db, Earned(f"bench/{person}", person, version, "2 years", facts))
            row.sealed_at = row.issued_at
            made.append(row.code)
        return made


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def country(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """The national programme on a database of each kind."""
    home = tmp_path_factory.mktemp("country")
    if request.param == "sqlite":
        url = f"sqlite:///{home / 'lms.db'}"
    else:
        url = request.getfixturevalue("postgres").create(f"t{uuid.uuid4().hex[:16]}")
    with served(home, url) as found:
        yield found
