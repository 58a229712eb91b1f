"""What a clever trainee would try at an exam."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.clock import now
from lms.credentials.models import Certificate
from lms.db import Database, insert_once
from lms.learning.models import Enrolment
from lms.people.models import Actor, ThrottleCount
from lms.quiz import queries
from lms.quiz.models import Answer, Attempt, QuestionGrade
from tests.cast import Cast, Visitor
from tests.contracts.world import EXAM, RIGHT, begin_exam, earn_certificate

SECRETS = ["Count the letters.", "Never the password.", "Four.", "Always.", "credit", "is-right", "data-right"]


def right_answer(page: str) -> list[str]:
    return next(answer for stem, answer in RIGHT.items() if stem in page)


def answer_all(person: Visitor, attempt: str) -> None:
    for number in range(1, 5):
        path = f"/attempts/{attempt}/{number}"
        form = {"answer": right_answer(person.get(path).text), "answer_id": str(uuid.uuid4())}
        assert person.post(path, form).status_code == 303


def count(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def together(*work: Callable[[], object]) -> None:
    """Do several things in the same moment; the first failure is raised."""
    start, failures = threading.Barrier(len(work)), []

    def run(each: Callable[[], object]) -> None:
        start.wait()
        try:
            each()
        except BaseException as error:  # noqa: BLE001 - raised below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def copies(person: Visitor, many: int) -> list[Visitor]:
    """The same session in several windows."""
    held = person.browser.get_cookie("lms")
    assert held is not None
    made = [Visitor(person.app) for _ in range(many)]
    for each in made:
        each.browser.set_cookie("lms", held.value, domain="localhost")
    return made


def test_no_page_of_an_open_exam_knows_what_is_right(cast: Cast) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    answer_all(laura, attempt)
    pages = [f"/attempts/{attempt}/{number}" for number in range(1, 5)]
    for path in [*pages, f"/attempts/{attempt}/review", f"/attempts/{attempt}/result", EXAM, "/my-learning"]:
        text = laura.get(path, follow_redirects=True).text
        for secret in SECRETS:
            assert secret not in text, f"{path} shows {secret}"


def test_exam_questions_are_nowhere_else(cast: Cast, client: Visitor) -> None:
    laura = cast.at_browser(cast.learner)
    for browser in (laura, client):
        for words in ("longest", "Which may you know", "Count the letters", "keyboard belongs"):
            page = browser.get("/courses", query_string={"q": words}).text
            assert page.count("First aid for passwords") == browser.get("/courses?q=zzz").text.count("First aid")
        form = {"question": "first-aid-exam#longest", "answer": "1", "answer_id": str(uuid.uuid4())}
        assert browser.post("/courses/first-aid/practise/long-passwords", form).status_code == 404
        assert browser.get("/courses/first-aid/lessons/first-aid-exam").status_code == 404


def test_an_attempt_is_its_owners_alone(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    answer_all(laura, attempt)
    before = count(database, Answer)
    for login in (cast.other, cast.trainer, cast.north, cast.operator):
        other = cast.at_browser(login)
        for path in ("1", "review", "result"):
            assert other.get(f"/attempts/{attempt}/{path}").status_code == 404
        form = {"answer": "0", "answer_id": str(uuid.uuid4())}
        assert other.post(f"/attempts/{attempt}/1", form).status_code == 404
        assert other.post(f"/attempts/{attempt}/submit").status_code == 404
    assert count(database, Answer) == before
    with database.reading() as db:
        assert db.get_one(Attempt, attempt).submitted_at is None


def test_the_id_of_anothers_attempt_opens_nothing(cast: Cast, database: Database) -> None:
    attempt = begin_exam(cast.at_browser(cast.learner))
    otto = cast.at_browser(cast.other)
    answer = otto.post(EXAM, {"attempt_id": attempt})
    assert attempt not in str(answer.location)
    with database.reading() as db:
        assert db.get_one(Attempt, attempt).actor_id == cast[cast.learner]


def test_the_id_of_an_answer_is_of_one_question(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt, answer_id = begin_exam(laura), str(uuid.uuid4())
    laura.post(f"/attempts/{attempt}/1", {"answer": "0", "answer_id": answer_id})
    again = laura.post(f"/attempts/{attempt}/2", {"answer": "0", "answer_id": answer_id})
    assert again.status_code in {303, 404, 409, 422}
    with database.reading() as db:
        keys = db.scalars(select(Answer.question_key).where(Answer.id == answer_id)).all()
        assert keys == [db.get_one(Attempt, attempt).questions[0]]


def test_nothing_counts_that_comes_after_the_time(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    wrong = {"answer": "0", "answer_id": str(uuid.uuid4())}
    laura.post(f"/attempts/{attempt}/1", wrong)
    before = count(database, Answer)
    early = str(int(now().timestamp() * 1000))
    with time_machine.travel(now() + timedelta(minutes=10, seconds=31)):
        for number in range(1, 5):
            late = {"answer": "1", "answer_id": str(uuid.uuid4()), "made_at": early}
            assert laura.post(f"/attempts/{attempt}/{number}", late).location == f"/attempts/{attempt}/result"
        as_json = laura.post(f"/attempts/{attempt}/1", late, headers={"Accept": "application/json"})
        assert as_json.status_code == 409
        assert laura.post(f"/attempts/{attempt}/submit").status_code == 303
    assert count(database, Answer) == before
    with database.reading() as db:
        assert db.get_one(Attempt, attempt).closed_by == "time"


def test_nothing_counts_that_comes_after_handing_in(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    laura.post(f"/attempts/{attempt}/submit")
    form = {"answer": "1", "answer_id": str(uuid.uuid4()), "made_at": "0"}
    assert laura.post(f"/attempts/{attempt}/1", form).location == f"/attempts/{attempt}/result"
    assert count(database, Answer) == 0
    with database.reading() as db:
        assert db.get_one(Attempt, attempt).passed is False


MOMENTS = ["0", "-1", "99999999999999", "9" * 40, "1e9", "NaN", "", "x"]


def test_a_forged_clock_wins_nothing(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    for moment in MOMENTS:
        form = {"answer": "0", "answer_id": str(uuid.uuid4()), "made_at": moment}
        assert laura.post(f"/attempts/{attempt}/1", form).status_code == 303, moment
    with database.reading() as db:
        begun = db.get_one(Attempt, attempt).started_at
        for answer in db.scalars(select(Answer)):
            assert begun <= answer.made_at <= answer.received_at
    last = {"answer": "1", "answer_id": str(uuid.uuid4())}
    laura.post(f"/attempts/{attempt}/1", last)
    with database.reading() as db:
        key = db.get_one(Attempt, attempt).questions[0]
        assert queries.response(db, attempt, key) == db.get_one(Answer, last["answer_id"]).response


def test_attempts_cannot_be_multiplied(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    first = begin_exam(laura)
    assert begin_exam(laura) == first, "an open attempt is resumed"
    laura.post(f"/attempts/{first}/submit")
    assert laura.post(EXAM, {"attempt_id": str(uuid.uuid4())}).status_code == 409, "an hour has to pass"
    for _hour in range(2):
        with time_machine.travel(now() + timedelta(hours=1 + _hour * 2, minutes=1)):
            laura = cast.at_browser(cast.learner)
            started = laura.post(EXAM, {"attempt_id": str(uuid.uuid4())})
            if started.status_code == 303:
                laura.post(f"/attempts/{started.location.split('/')[2]}/submit")
    assert count(database, Attempt) == 2


def test_beginning_twice_in_one_moment_is_one_attempt(cast: Cast, database: Database) -> None:
    windows = copies(cast.at_browser(cast.learner), 4)
    together(*(lambda window=window: begin_exam(window) for window in windows))
    assert count(database, Attempt) == 1
    assert count(database, Enrolment) == 1


def test_handing_in_twice_in_one_moment_is_one_certificate(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    for lesson in ("long-passwords", "helping"):
        laura.post(f"/courses/first-aid/read/{lesson}")
    attempt = begin_exam(laura)
    answer_all(laura, attempt)
    windows = copies(laura, 4)

    def hand_in(window: Visitor) -> None:
        assert window.post(f"/attempts/{attempt}/submit").status_code == 303

    together(*(lambda window=window: hand_in(window) for window in windows))
    assert count(database, Certificate) == 1
    assert count(database, QuestionGrade) == 4


def test_the_last_lesson_and_the_exam_in_one_moment_is_one_certificate(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    laura.post("/courses/first-aid/read/long-passwords")
    attempt = begin_exam(laura)
    answer_all(laura, attempt)
    reader, writer = copies(laura, 2)
    together(lambda: reader.post("/courses/first-aid/read/helping"), lambda: writer.post(f"/attempts/{attempt}/submit"))
    assert count(database, Certificate) == 1


def test_the_last_two_lessons_in_one_moment_complete_the_course(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    answer_all(laura, attempt)
    laura.post(f"/attempts/{attempt}/submit")
    first, second = copies(laura, 2)
    together(
        lambda: first.post("/courses/first-aid/read/helping"),
        lambda: second.post("/courses/first-aid/read/long-passwords"),
    )
    assert count(database, Certificate) == 1


def test_an_answer_that_races_with_handing_in_is_graded_or_refused(cast: Cast, database: Database) -> None:
    laura = cast.at_browser(cast.learner)
    attempt = begin_exam(laura)
    number, answers = next(
        (number, answer)
        for number in range(1, 5)
        if (answer := right_answer(laura.get(f"/attempts/{attempt}/{number}").text)) == ["4"]
    )
    saver, submitter = copies(laura, 2)
    form = {"answer": answers, "answer_id": str(uuid.uuid4())}
    together(
        lambda: saver.post(f"/attempts/{attempt}/{number}", form), lambda: submitter.post(f"/attempts/{attempt}/submit")
    )
    with database.reading() as db:
        kept = count(database, Answer)
        assert db.get_one(Attempt, attempt).score == (1.0 if kept else 0.0)


def test_a_certificate_names_nobody_but_its_holder(cast: Cast, app: Flask, database: Database) -> None:
    earn_certificate(cast.at_browser(cast.learner))
    with database.reading() as db:
        code = db.scalars(select(Certificate.code)).one()
    page = Visitor(app).get(f"/c/{code}")
    assert "Laura Lapiņa" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    for private in ("laura", "N-1", "Unit N", f'"{cast[cast.learner]}"'):
        assert private not in page.text.replace("Laura", "")
    pdf = Visitor(app).get(f"/c/{code}/certificate.pdf")
    assert pdf.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7 * 7777777 }}", "&lt;b&gt;"]
)
def test_what_people_type_is_shown_as_they_typed_it(cast: Cast, app: Flask, text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    laura = cast.at_browser(cast.learner)
    named = laura.post("/account", {"name": f"Laura {text.replace('//', '')}", "language": "en"})
    assert named.status_code == 303
    laura.post("/courses/first-aid/mistakes/long-passwords", {"text": text})
    earn_certificate(laura)
    tina, omar = cast.at_browser(cast.trainer), cast.at_browser(cast.operator)
    nora = cast.at_browser(cast.north)
    code = laura.get("/my-learning").text.partition("/c/")[2][:19]
    pages = [
        laura.get("/account"),
        laura.get("/courses", query_string={"q": text}),
        laura.get("/sign-in/link", query_string={"next": text}),
        Visitor(app).post("/sign-in", {"login": text, "password": "wrong wrong", "next": text}),
        Visitor(app).get(f"/c/{code}"),
        Visitor(app).get("/c", query_string={"code": text}),
        tina.get("/authoring/mistakes"),
        tina.get("/authoring/courses/first-aid/allowances", query_string={"q": text}),
        nora.get("/coordination/people", query_string={"q": "Laura"}),
        omar.get("/operation/people", query_string={"q": "Laura"}),
    ]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "54444439" not in page.text
    assert escaped in pages[0].text
    assert escaped in pages[6].text


def test_a_fact_is_new_once_on_both_databases(database: Database) -> None:
    fact = {"key": "k" * 64, "window": 1, "count": 1}
    with database.writing() as db:
        assert [insert_once(db, ThrottleCount, fact) for _ in range(3)] == [True, False, False]


def test_actors_of_guests_cannot_be_guessed(app: Flask, cast: Cast, database: Database) -> None:
    """A guest's cookie carries a token, never the number of an actor."""
    guest = Visitor(app)
    with guest.browser.session_transaction() as held:
        held["guest"] = str(cast[cast.learner])
    before = count(database, Actor)
    guest.post("/courses/first-aid/read/long-passwords")
    assert count(database, Actor) == before + 1
