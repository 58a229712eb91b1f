"""The coordinator's lists as she opens them: filters, one person, what she may give."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from lms.clock import now
from lms.learning.models import Enrolment
from lms.people.models import Membership, Person, SecurityEvent
from lms.quiz.models import Allowance, Attempt
from tests.coordination.world import COURSE, add_many, count_all, give_certificate
from tests.packs import SMALL, publish

pytestmark = pytest.mark.mostly_sqlite

EXAM = "first-aid-exam"
GIFT = {"quiz": f"{COURSE}/{EXAM}", "attempts": "2", "minutes": "15", "reason": "The power went off."}


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def enrol(database, actor) -> None:
    with database.writing() as db:
        db.add(Enrolment(actor_id=actor, course_id=COURSE, enrolled_at=now(), last_at=now()))
    count_all(database)


def test_who_is_out_of_scope_is_not_there(cast, nora) -> None:
    for path in (
        f"/coordination/people/{cast['otto']}",
        "/coordination/people/999999",
        "/coordination/people?unit=S-1",
        "/coordination/people.csv?unit=ALL",
        "/coordination/people?course=nothing",
        "/coordination/people?state=nothing",
        "/coordination/people?group=1",
        "/coordination/people?group=x",
    ):
        assert nora.get(path).status_code == 404, path
    assert nora.post(f"/coordination/people/{cast['otto']}/allow", GIFT).status_code == 404
    assert nora.post(f"/coordination/people/{cast['otto']}/allow", {}).status_code == 404
    assert "Otto" not in nora.get("/coordination/people?q=otto").text


def test_filters_and_search(database, cast, nora) -> None:
    enrol(database, cast["laura"])
    assert "Laura Lapiņa" in nora.get("/coordination/people?q=LAPINA").text
    assert "Laura Lapiņa" in nora.get("/coordination/people?state=under-way&unit=N-1").text
    assert "Nobody fits this choice" in nora.get("/coordination/people?state=not-started").text
    assert "Nobody fits this choice" in nora.get("/coordination/people?unit=N-2").text


def test_who_left_or_closed_the_account_is_not_counted(database, cast, nora) -> None:
    with database.writing() as db:
        left, closed, comes = add_many(db, cast.units["N-1"], 3)
        member = db.scalars(select(Membership).where(Membership.person_id == left)).one()
        member.until = now().date() - timedelta(days=1)
        db.scalars(select(Membership).where(Membership.person_id == comes)).one().since = now().date() + timedelta(
            days=1
        )
        db.get_one(Person, closed).closed_at = now()
    assert "<b>1 person</b>" in nora.get("/coordination/people").text


def test_paging_shows_everybody_once(database, cast, nora) -> None:
    with database.writing() as db:
        add_many(db, cast.units["N-1"], 120)
    address, seen, back = "/coordination/people?q=person", [], []
    for _ in range(3):
        page = nora.get(address).text
        seen.append(re.findall(r"Person (\d{5})</a>", page))
        later = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = later.group(1).replace("&amp;", "&") if later else ""
    assert [len(part) for part in seen] == [50, 50, 20]
    assert [each for part in seen for each in part] == [f"{number:05}" for number in range(120)]
    assert not address
    while earlier := re.search(r'href="([^"]*before=[^"]*)"', page):
        page = nora.get(earlier.group(1).replace("&amp;", "&")).text
        back.append(re.findall(r"Person (\d{5})</a>", page))
    assert back == [seen[1], seen[0]]


def test_a_broken_mark_shows_the_first_page(nora) -> None:
    for mark in ("x", "WyJhIl0", "WzEsIDJd", "é", "bnVsbA"):
        assert "Laura" in nora.get(f"/coordination/people?after={mark}").text


def test_statements_do_not_grow_with_people(database, cast, nora) -> None:
    paths = (
        "/coordination/people",
        "/coordination/people.csv",
        f"/coordination/people?course={COURSE}",
        f"/coordination/people?course={COURSE}&state=stuck&unit=N-1&late=1&q=person",
        f"/coordination/people/{cast['laura']}",
    )
    with database.writing() as db:
        add_many(db, cast.units["N-1"], 10)
    count_all(database)
    few = [count_statements(database, nora, path) for path in paths]
    with database.writing() as db:
        for actor in add_many(db, cast.units["N-2"], 900)[:300]:
            give_certificate(db, actor)
    count_all(database)
    assert [count_statements(database, nora, path) for path in paths] == few
    assert max(few) <= 21


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


def test_a_persons_page(database, cast, nora) -> None:
    enrol(database, cast["laura"])
    with database.writing() as db:
        code = give_certificate(db, cast["laura"])
        for number in (1, 2):
            db.add(
                Attempt(
                    id=f"a{number}",
                    actor_id=cast["laura"],
                    course_id=COURSE,
                    quiz_id=EXAM,
                    version_id=1,
                    language="en",
                    seed=1,
                    number=number,
                    questions=["secret-key"],
                    marked=[],
                    started_at=now(),
                    submitted_at=now(),
                    score=3.1415,
                    passed=number == 2,
                    outcomes={"keep": [3.1415, 4]},
                )
            )
    count_all(database)
    page = nora.get(f"/coordination/people/{cast['laura']}").text
    assert "Laura Lapiņa" in page
    assert f"/c/{code}" in page
    assert re.search(r"Attempts used.{0,20}>2( of \d+)?<", page, re.DOTALL)
    assert "Passed" in page
    assert "secret-key" not in page
    assert "3.1" not in page


def test_giving_is_listed_and_logged(database, cast, nora) -> None:
    path = f"/coordination/people/{cast['laura']}"
    answer = nora.post(f"{path}/allow", GIFT)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = nora.get(path).text
    assert "The power went off." in page
    assert "2 attempts, 15 minutes" in page
    assert "Nora North" in page
    with database.reading() as db:
        given = db.scalars(select(Allowance)).one()
        assert (given.attempts, given.minutes, given.given_by) == (2, 15, cast["nora"])
        logged = db.scalars(select(SecurityEvent).where(SecurityEvent.kind == "allowance-given")).one()
        assert (logged.actor_id, logged.subject_id) == (cast["nora"], cast["laura"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "Write the reason"),
        ({"attempts": "0", "minutes": "0"}, "at least one"),
        ({"attempts": "11"}, "From 0 to 10"),
        ({"minutes": "-5"}, "From 0 to 600"),
        ({"minutes": "many"}, "Write a number"),
        ({"quiz": "first-aid/nothing"}, "Choose one of the quizzes"),
    ],
)
def test_a_gift_needs_a_quiz_a_measure_and_a_reason(database, cast, nora, change, words) -> None:
    answer = nora.post(f"/coordination/people/{cast['laura']}/allow", GIFT | change)
    assert answer.status_code == 422
    assert words in answer.text
    with database.reading() as db:
        assert db.scalars(select(Allowance)).all() == []


def test_only_coordinators_come_in(cast, client) -> None:
    laura = f"/coordination/people/{cast['laura']}"
    paths = ("/coordination/people", "/coordination/people.csv", laura)
    for path in paths:
        assert client.get(path).headers["Location"].startswith("/sign-in")
        for login in (cast.learner, cast.trainer, cast.operator):
            assert cast.at_browser(login).get(path).status_code == 403
    assert cast.at_browser(cast.learner).post(f"{laura}/allow", GIFT).status_code == 403


def test_beginning_a_part_begins_the_programme(database, cast, nora) -> None:
    programme = (
        "---\ntitle: Whole\nlanguage: en\ncourses: [first-aid]\ncertificate: {title: Whole helper}\n---\n\nAll of it.\n"
    )
    publish(database, SMALL | {"courses/whole/index.md": programme})
    enrol(database, cast["laura"])
    assert "Laura" in nora.get("/coordination/people?course=whole&state=under-way").text
    with database.writing() as db:
        db.add(Enrolment(actor_id=cast["laura"], course_id="whole", enrolled_at=now(), last_at=now()))
    count_all(database)
    assert "Laura" not in nora.get("/coordination/people?course=whole&state=not-started").text
