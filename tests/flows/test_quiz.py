"""Attempts that meet the world: doubles, late answers, two devices, time that runs out, chances used up."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine
from sqlalchemy import func, select

from lms import jobs
from lms.credentials.models import Certificate
from lms.learning.models import Enrolment
from lms.quiz import actions as quiz
from lms.quiz import queries
from lms.quiz.models import Answer, Attempt
from tests.flows.test_to_the_certificate import answer_rightly
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = "/courses/first-aid/quizzes/first-aid-exam"


def begin(browser: Visitor) -> str:
    started = browser.post(START, {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    return str(started.location.split("/")[2])


def count(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_beginning_twice_is_one_attempt(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    same = str(uuid.uuid4())
    first, second = (laura.post(START, {"attempt_id": same}) for _ in range(2))
    other = laura.post(START, {"attempt_id": str(uuid.uuid4())})
    assert first.location == second.location == other.location
    assert count(database, Attempt) == 1


def test_an_answer_sent_twice_is_one_answer(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    form = {"answer": "0", "answer_id": str(uuid.uuid4())}
    json = {"Accept": "application/json"}
    first = laura.post(f"/attempts/{attempt}/1", form, headers=json)
    again = laura.post(f"/attempts/{attempt}/1", form, headers=json)
    assert (first.status_code, again.status_code) == (200, 200)
    assert count(database, Answer) == 1


def test_an_answer_made_earlier_and_sent_later_does_not_win(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    moment = datetime.now(UTC)
    with database.reading() as db:
        number = db.get_one(Attempt, attempt).questions.index("first-aid-exam#longest") + 1
    for answer, age in [("1", 0.0), ("2", 2.0)]:
        made_at = str(int((moment + timedelta(seconds=5) - timedelta(seconds=age + 5)).timestamp() * 1000))
        form = {"answer": answer, "answer_id": str(uuid.uuid4()), "made_at": made_at}
        laura.post(f"/attempts/{attempt}/{number}", form)
    with database.reading() as db:
        assert count(database, Answer) == 2
        response = queries.response(db, attempt, "first-aid-exam#longest")
    assert response in {1, 2}


def test_when_time_is_over_the_saved_answers_count(cast: Cast, database: Database, worker: Worker) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        laura = cast.at_browser("laura")
        for lesson in ("long-passwords", "helping"):
            laura.post(f"/courses/first-aid/read/{lesson}")
        attempt = begin(laura)
        answer_rightly(laura, database, attempt)
        clock.shift(timedelta(minutes=11))
        late = laura.post(
            f"/attempts/{attempt}/1",
            {"answer": "0", "answer_id": str(uuid.uuid4())},
            headers={"Accept": "application/json"},
        )
        assert late.status_code == 409
        shown = laura.get(f"/attempts/{attempt}/1", follow_redirects=True)
        assert "The time is over" in shown.text
        with database.reading() as db:
            assert db.get_one(Attempt, attempt).submitted_at is None, "a GET closes nothing"
        with database.writing() as db:
            jobs.enqueue(db, "housekeeping", {})
        worker.drain()
    with database.reading() as db:
        closed = db.get_one(Attempt, attempt)
        assert (closed.closed_by, closed.passed) == ("time", True)
    assert count(database, Certificate) == 1


def test_attempts_are_counted_and_somebody_can_give_another(cast: Cast, database: Database) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        laura = cast.at_browser("laura")
        for _ in range(2):
            attempt = begin(laura)
            laura.post(f"/attempts/{attempt}/submit")
            waiting = laura.get(START)
            if _ == 0:
                assert "The next attempt opens at" in waiting.text
                assert laura.post(START, {"attempt_id": str(uuid.uuid4())}).status_code == 409
            clock.shift(timedelta(hours=1, seconds=1))
        assert "All attempts are used" in laura.get(START).text
        with database.writing() as db:
            quiz.allow(
                db,
                cast["laura"],
                "first-aid",
                "first-aid-exam",
                attempts=1,
                minutes=5,
                reason="power cut",
                by=cast["tina"],
            )
        third = begin(laura)
        with database.reading() as db:
            row = db.get_one(Attempt, third)
            assert row.deadline_at == row.started_at + timedelta(minutes=15)


def test_submitting_twice_at_once_issues_one_certificate(cast: Cast, database: Database) -> None:
    browsers = [cast.at_browser("laura") for _ in range(4)]
    for lesson in ("long-passwords", "helping"):
        browsers[0].post(f"/courses/first-aid/read/{lesson}")
    attempt = begin(browsers[0])
    answer_rightly(browsers[0], database, attempt)
    answers: list[int] = []
    gate = threading.Barrier(4)

    def submit(browser: Visitor) -> None:
        gate.wait()
        answers.append(browser.post(f"/attempts/{attempt}/submit").status_code)

    threads = [threading.Thread(target=submit, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert count(database, Certificate) == 1


def test_an_attempt_stays_on_its_version(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    changed = {**SMALL, "quizzes/first-aid-exam.md": SMALL["quizzes/first-aid-exam.md"].replace("abcdef", "abcdefgh")}
    assert publish(database, changed) == ["first-aid"]
    pages = "".join(laura.get(f"/attempts/{attempt}/{number}").text for number in range(1, 5))
    assert "abcdef" in pages
    assert "abcdefgh" not in pages
    assert laura.post(f"/attempts/{attempt}/submit").status_code == 303


def test_reading_the_last_lesson_after_the_exam_issues_the_certificate(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    answer_rightly(laura, database, attempt)
    laura.post(f"/attempts/{attempt}/submit")
    assert count(database, Certificate) == 0
    laura.post("/courses/first-aid/read/long-passwords")
    laura.post("/courses/first-aid/read/helping")
    assert count(database, Certificate) == 1
    laura.post("/courses/first-aid/read/helping")
    assert count(database, Certificate) == 1
    with database.reading() as db:
        assert db.scalars(select(Enrolment)).one().completed_at is not None
