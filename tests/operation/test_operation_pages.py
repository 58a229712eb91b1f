"""Health, settings, units, jobs and outbox as the operator sees them."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from lms import jobs
from lms.app import create_app
from lms.integrations.mail import Letter, send
from lms.jobs import Job
from lms.operation.health import examine, settings_in_force
from lms.people.models import Membership, Unit
from tests.cast import Visitor
from tests.coordination.world import add_many

pytestmark = pytest.mark.mostly_sqlite


@pytest.fixture
def omar(cast):
    return cast.at_browser(cast.operator)


def test_health_shows_what_is_in_force_and_no_secret(omar, settings, database) -> None:
    page = omar.get("/operation").text
    assert settings.secret_key not in page
    assert "LMS_SECRET_KEY" in page
    assert "set, not shown" in page
    assert "first-aid" in page
    assert "single" in page
    assert {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.engine.dialect.name] in page
    assert re.search(r"Revision of the tables</dt><dd class=\"num\">\w{4,}", page)


def test_passwords_in_addresses_are_masked(settings) -> None:
    telling = replace(
        settings, database_url="postgresql+psycopg://u:hush@db/lms", smtp_url="smtp://u:hush@mail", metrics_token="hush"
    )
    shown = {item.name: item.value for item in settings_in_force(telling)}
    assert "hush" not in str(shown)
    assert shown["database_url"] == "postgresql+psycopg://u:***@db/lms"
    assert shown["proxies"] == "0"
    assert shown["demo"] == "no"


def test_public_exam_keys_are_warned_of(settings, database, cast) -> None:
    shipping = create_app(replace(settings, shipped_pack=True), database)
    assert (
        "exam banks shipped with the program are public"
        in Visitor(shipping).sign_in(cast.operator).get("/operation").text
    )
    assert "are public" not in cast.at_browser(cast.operator).get("/operation").text
    demo = create_app(replace(settings, shipped_pack=True, demo=True), database)
    assert "are public" not in Visitor(demo).sign_in(cast.operator).get("/operation").text


@pytest.mark.usefixtures("cast")
def test_findings_follow_the_facts(settings, database) -> None:
    def found() -> dict[str, bool]:
        with database.reading() as db:
            return {finding.name: finding.is_fine for finding in examine(settings, db)}

    before = found()
    assert before["courses"]
    assert before["operators"]
    assert before["jobs"]
    assert not before["mail"]
    with database.writing() as db:
        jobs.enqueue(db, "letter", {})
        db.flush()
        db.scalars(select(Job).where(Job.name == "letter")).one().state = "dead"
    assert found() == before | {"jobs": False}


def test_units_are_added_below_others(database, omar) -> None:
    new = {"name": "New library", "kind": "library", "code": "N-3", "parent": "N"}
    assert omar.post("/operation/units", new).status_code == 303
    with database.reading() as db:
        unit = db.scalars(select(Unit).where(Unit.code == "N-3")).one()
        above = db.scalars(select(Unit).where(Unit.code == "N")).one()
        assert unit.path == f"{above.path}{unit.id}/"
    page = omar.get("/operation/units").text.partition("<tbody>")[2]
    assert page.index("Unit N-1") < page.index("New library") < page.index("Unit S<")
    assert f'aria-hidden="true">– – </span><a href="/organisation/{unit.id}">New library' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "N-1"}, "Another unit has this code"),
        ({"parent": "nowhere"}, "No unit has this code"),
        ({"code": "a b"}, "A code has no spaces"),
        ({"name": "ünit n-2"}, "Unit N-2 (N-2) has this name"),
        ({"name": " "}, "This is needed"),
    ],
)
def test_a_unit_that_cannot_be(database, omar, change, words) -> None:
    new = {"name": "New library", "kind": "library", "code": "N-3", "parent": "N"} | change
    answer = omar.post("/operation/units", new)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="library"' in answer.text
    with database.reading() as db:
        assert len(db.scalars(select(Unit)).all()) == 6


def test_a_member_is_added_since_a_day(database, cast, omar) -> None:
    form = {"login": "Tina", "unit": "N-2", "since": "2026-01-31"}
    assert omar.post("/operation/units/members", form).status_code == 303
    with database.reading() as db:
        member = db.scalars(select(Membership).where(Membership.person_id == cast["tina"])).one()
        assert (member.unit_id, str(member.since)) == (cast.units["N-2"], "2026-01-31")
    assert "Tina Teacher" in cast.at_browser(cast.north).get("/coordination/people").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"login": "nobody"}, "No account has this"),
        ({"unit": "nowhere"}, "No unit has this code"),
        ({"since": "soon"}, "year-month-day"),
    ],
)
def test_a_member_that_cannot_be(omar, change, words) -> None:
    answer = omar.post("/operation/units/members", {"login": "tina", "unit": "N-2", "since": "2026-01-31"} | change)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_dead_job_is_run_again(database, omar) -> None:
    with database.writing() as db:
        job = Job(name="letter", args={"kind": "x"}, run_at=jobs.now(), created_at=jobs.now(), state="dead", attempts=8)
        job.error = "Traceback: <the mail server> said no"
        db.add(job)
        db.flush()
        job_id = job.id
    page = omar.get("/operation/jobs").text
    assert "&lt;the mail server&gt; said no" in page
    assert omar.post(f"/operation/jobs/{job_id}/again").status_code == 303
    assert "said no" not in omar.get("/operation/jobs").text
    assert "said no" in omar.get("/operation/jobs?state=waiting").text
    with database.reading() as db:
        again = db.get_one(Job, job_id)
        assert (again.state, again.attempts) == ("waiting", 0)
    assert omar.post("/operation/jobs/999/again").status_code == 404
    assert omar.get("/operation/jobs?state=done").status_code == 404


def test_the_outbox_shows_letters_newest_first(omar, settings) -> None:
    assert "No letter is here" in omar.get("/outbox").text
    for number in range(55):
        text = f"Hello <b>you</b>, open {settings.url}/x?a=1&b={number}. Thank you."
        send(settings, Letter(f"letter-{number}", "a@example.org", f"Subject {number:02}", text))
        os.utime(settings.home / "outbox" / f"letter-{number}.eml", (number, number))
    first, second = omar.get("/outbox").text, omar.get("/outbox?page=2").text
    assert "No mail server is set" in first
    assert re.findall(r"Subject (\d\d)", first) == [f"{number:02}" for number in range(54, 4, -1)]
    assert re.findall(r"Subject (\d\d)", second) == [f"{number:02}" for number in range(4, -1, -1)]
    letter = omar.get("/outbox/letter-3").text
    assert f'<a href="{settings.url}/x?a=1&amp;b=3">' in letter
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in letter
    for name in ("letter-99", "..%2Flms", "../lms"):
        assert omar.get(f"/outbox/{name}").status_code == 404


def test_the_outbox_says_where_letters_go(settings, database, cast) -> None:
    sending = create_app(replace(settings, smtp_url="smtp://me:hush@mail.example.org:587"), database)
    page = Visitor(sending).sign_in(cast.operator).get("/outbox").text
    assert "A mail server is set: mail.example.org" in page
    assert "hush" not in page


def test_statements_do_not_grow(database, cast, omar) -> None:
    paths = ("", "/people", f"/people/{cast['laura']}", "/units", "/jobs", "/log")
    few = [count_statements(database, omar, f"/operation{path}") for path in paths]
    with database.writing() as db:
        add_many(db, cast.units["N-1"], 1000)
    assert [count_statements(database, omar, f"/operation{path}") for path in paths] == few
    assert max(few) <= 12


def count_statements(database, visitor, path) -> int:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)
