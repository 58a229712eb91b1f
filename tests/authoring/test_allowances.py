"""Further attempts and more time for those who are stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.authoring import allowance_queries
from lms.clock import now
from lms.content.queries import current
from lms.db import Database
from lms.learning.actions import enrol
from lms.people.models import SecurityEvent
from lms.quiz.models import Allowance, Attempt
from lms.quiz.queries import may_start
from tests.cast import Cast, Visitor

PLACE = "/authoring/courses/first-aid/allowances"
QUIZ = "first-aid-exam"


def go(
    database: Database, actor: int, number: int, *, is_open: bool = False, passed: bool = False, hours_ago: int = 5
) -> str:
    """One attempt of somebody at the exam, as the quiz slice would have written it."""
    begun = now() - timedelta(hours=hours_ago)
    with database.writing() as db:
        found = current(db, "first-aid")
        assert found is not None
        enrol(db, actor, "first-aid")
        attempt = Attempt(
            id=f"{actor}-{number}",
            actor_id=actor,
            course_id="first-aid",
            quiz_id=QUIZ,
            version_id=found.version,
            language="en",
            seed=1,
            number=number,
            questions=list(found.course.quizzes[QUIZ].questions),
            marked=[],
            started_at=begun,
            deadline_at=begun + timedelta(minutes=10),
            submitted_at=None if is_open else begun + timedelta(minutes=5),
            passed=None if is_open else passed,
            outcomes={},
        )
        db.add(attempt)
    return attempt.id


def verdict(database: Database, actor: int) -> str:
    with database.reading() as db:
        found = current(db, "first-aid")
        assert found is not None
        return may_start(db, actor, "first-aid", QUIZ, found.course.quizzes[QUIZ].settings, now()).verdict


def test_whoever_used_up_attempts_waits_here_and_gets_another(trainer: Visitor, cast: Cast, database: Database) -> None:
    for number in (1, 2):
        go(database, cast["laura"], number)
    assert verdict(database, cast["laura"]) == "used-up"
    page = trainer.get(PLACE).text
    assert "Laura Lapiņa" in page
    assert "2 of 2 attempts used" in page
    assert "Otto" not in page
    form = {"quiz": QUIZ, "attempts": "1", "minutes": "0", "reason": "The power failed."}
    answer = trainer.post(f"{PLACE}/{cast['laura']}", form, follow_redirects=True)
    assert "Given to Laura Lapiņa." in answer.text
    assert "Nobody waits" in answer.text
    assert verdict(database, cast["laura"]) == "yes"
    with database.reading() as db:
        given = db.scalars(select(Allowance)).one()
        logged = db.scalars(select(SecurityEvent).where(SecurityEvent.kind == "allowance-given")).one()
    assert (given.attempts, given.minutes, given.reason, given.given_by) == (1, 0, "The power failed.", cast["tina"])
    assert (logged.actor_id, logged.subject_id, logged.detail["attempts"]) == (cast["tina"], cast["laura"], 1)
    again = trainer.get(f"{PLACE}/{cast['laura']}").text
    assert "2 of 3 attempts used" in again
    assert "The power failed." in again


def test_minutes_lengthen_the_attempt_that_is_open(trainer: Visitor, cast: Cast, database: Database) -> None:
    attempt = go(database, cast["otto"], 1, is_open=True, hours_ago=0)
    with database.reading() as db:
        before = db.get_one(Attempt, attempt).deadline_at
    assert "One is open" in trainer.get(PLACE).text
    form = {"quiz": QUIZ, "attempts": "0", "minutes": "15", "reason": "Reads with a magnifier."}
    assert trainer.post(f"{PLACE}/{cast['otto']}", form).status_code == 303
    with database.reading() as db:
        after = db.get_one(Attempt, attempt).deadline_at
    assert before is not None
    assert after == before + timedelta(minutes=15)


def test_whoever_has_passed_or_has_attempts_left_does_not_wait(
    trainer: Visitor, cast: Cast, database: Database
) -> None:
    go(database, cast["laura"], 1)
    go(database, cast["otto"], 1)
    go(database, cast["otto"], 2, passed=True)
    assert "Nobody waits" in trainer.get(PLACE).text


@pytest.mark.parametrize("words", ["otto", "südsen", "Sudsen OTTO"])
def test_search_finds_anybody_in_the_course_by_name_or_login(
    trainer: Visitor, cast: Cast, database: Database, words: str
) -> None:
    assert "Nobody in this course has this name" in trainer.get(PLACE, query_string={"q": words}).text
    with database.writing() as db:
        enrol(db, cast["otto"], "first-aid")
    page = trainer.get(PLACE, query_string={"q": words}).text
    assert "Otto Südsen" in page
    assert "No attempt yet" in page
    assert "Otto Südsen" not in trainer.get(PLACE, query_string={"q": "laura"}).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"attempts": "6"}, "A whole number from 0 to 5"),
        ({"attempts": "-1"}, "A whole number from 0 to 5"),
        ({"attempts": "many"}, "A whole number from 0 to 5"),
        ({"minutes": "121"}, "A whole number from 0 to 120"),
        ({"attempts": "0", "minutes": "0"}, "Give at least one attempt or one minute."),
        ({"reason": "  "}, "This is needed."),
        ({"quiz": "another"}, "Not a valid choice"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_form_that_cannot_hold_says_why_and_gives_nothing(
    trainer: Visitor, cast: Cast, database: Database, changed: dict[str, str], said: str
) -> None:
    with database.writing() as db:
        enrol(db, cast["otto"], "first-aid")
    form = {"quiz": QUIZ, "attempts": "1", "minutes": "0", "reason": "Why not.", **changed}
    answer = trainer.post(f"{PLACE}/{cast['otto']}", form)
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as db:
        assert db.scalars(select(Allowance)).all() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_somebody_outside_the_course_is_not_shown(trainer: Visitor, cast: Cast, database: Database) -> None:
    form = {"quiz": QUIZ, "attempts": "1", "minutes": "0", "reason": "Why not."}
    assert trainer.get(f"{PLACE}/{cast['otto']}").status_code == 404
    assert trainer.post(f"{PLACE}/{cast['otto']}", form).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(Allowance)).all() == []


def test_people_come_in_pages_by_name(
    trainer: Visitor, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance_queries, "PAGE", 2)
    for login in ("laura", "otto", "sid"):
        go(database, cast[login], 1, is_open=True)
    first = trainer.get(PLACE).text
    assert [name in first for name in ("Laura", "Otto", "Sid S")] == [True, True, False]
    after = first.split("after=")[1].split('"')[0]
    second = trainer.get(f"{PLACE}?after={after}").text
    assert [name in second for name in ("Laura", "Otto", "Sid S")] == [False, False, True]
