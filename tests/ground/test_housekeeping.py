"""Each minute overdue attempts are closed; what was answered in time counts, up to the certificate."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.db import Database
from lms.jobs import Job, Worker, enqueue
from lms.learning import actions as learning
from lms.quiz import actions as quiz
from lms.quiz.models import Attempt
from lms.reactions import handlers, schedule_housekeeping
from tests.cast import Cast


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now().replace(second=0, microsecond=0), tick=False) as travelling:
        yield travelling


def housekeeping(database: Database) -> list[Job]:
    with database.reading() as db:
        return list(db.scalars(select(Job).where(Job.name == "housekeeping")))


def sit(app: Flask, database: Database, actor: int, *, reads: bool = True) -> str:
    """Read everything, begin the exam and answer all of it, but don't hand in."""
    types = app.extensions["lms_question_types"]
    with database.writing() as db:
        current = content.current(db, "first-aid")
        assert current is not None
        learning.enrol(db, actor, "first-aid")
        for lesson in current.course.lessons if reads else ():
            learning.read_lesson(db, actor, current, lesson.id)
        exam = current.course.quizzes[current.course.exam]
        attempt = quiz.start_attempt(
            db, actor, current.course, current.version, exam, attempt_id=str(uuid.uuid4()), language="en"
        )
        for key in attempt.questions:
            question = current.course.questions[key]["en"]
            right = types[question.type].model_response(question)
            quiz.save_answer(db.connection(), attempt, key, right, answer_id=str(uuid.uuid4()), made_at=now())
        return attempt.id


def the_attempt(database: Database, attempt: str) -> Attempt:
    with database.reading() as db:
        return db.get_one(Attempt, attempt)


def test_it_goes_on_each_minute(database: Database, worker: Worker, clock: time_machine.Traveller) -> None:
    schedule_housekeeping(database)
    schedule_housekeeping(database)
    for _ in range(3):
        due = housekeeping(database)
        assert len(due) == 1
        assert now() < due[0].run_at <= now() + timedelta(minutes=1)
        clock.move_to(due[0].run_at)
        worker.drain()


def test_what_was_answered_in_time_counts_up_to_the_certificate(
    app: Flask, database: Database, worker: Worker, cast: Cast, clock: time_machine.Traveller
) -> None:
    attempt = sit(app, database, cast["laura"])
    schedule_housekeeping(database)
    for _ in range(10):
        clock.shift(timedelta(minutes=1))
        worker.drain()
    assert the_attempt(database, attempt).submitted_at is None, "the time is not over, grace included"
    for _ in range(2):
        clock.shift(timedelta(minutes=1))
        worker.drain()
    closed = the_attempt(database, attempt)
    assert (closed.closed_by, closed.passed) == ("time", True)
    with database.reading() as db:
        assert len(credentials.certificates(db, cast["laura"], now().date())) == 1


def test_one_that_cannot_be_graded_holds_up_no_other(
    app: Flask, database: Database, cast: Cast, clock: time_machine.Traveller
) -> None:
    broken = sit(app, database, cast["laura"])
    sound = sit(app, database, cast["otto"])
    with database.writing() as db:
        attempt = db.get_one(Attempt, broken)
        attempt.questions = ["a question that is gone"]
    schedule_housekeeping(database)
    worker = Worker(database, handlers(app))
    for _ in range(15):
        clock.shift(timedelta(minutes=1))
        worker.drain()
    assert the_attempt(database, sound).closed_by == "time"
    assert the_attempt(database, broken).submitted_at is None
    with database.reading() as db:
        failing = db.scalars(select(Job).where(Job.name == "close_attempt")).all()
        assert len(failing) == 1
        assert "KeyError" in failing[0].error
    assert len(housekeeping(database)) == 1


def test_a_dead_one_does_not_end_it_for_ever(database: Database, worker: Worker, clock: time_machine.Traveller) -> None:
    schedule_housekeeping(database)
    with database.writing() as db:
        for job in db.scalars(select(Job).where(Job.name == "housekeeping")):
            job.state = "dead"
    clock.shift(timedelta(minutes=1))
    schedule_housekeeping(database)
    assert [job.state for job in housekeeping(database)].count("waiting") == 1
    clock.shift(timedelta(minutes=1))
    worker.drain()
    assert [job.state for job in housekeeping(database)].count("waiting") == 1


def test_a_letter_that_could_not_be_sent_is_forgotten_with_its_address(
    database: Database, worker: Worker, clock: time_machine.Traveller
) -> None:
    with database.writing() as db:
        enqueue(db, "deliver", {"to": "ada@example.org"})
        db.execute(update(Job).values(state="dead"))
    schedule_housekeeping(database)
    for days, left in ((29, 1), (2, 0)):
        clock.shift(timedelta(days=days))
        worker.drain()
        with database.reading() as db:
            assert db.scalar(select(func.count()).where(Job.name == "deliver")) == left


def test_more_time_keeps_an_attempt_open(
    app: Flask, database: Database, worker: Worker, cast: Cast, clock: time_machine.Traveller
) -> None:
    attempt = sit(app, database, cast["laura"])
    with database.writing() as db:
        quiz_id = db.get_one(Attempt, attempt).quiz_id
        quiz.allow(db, cast["laura"], "first-aid", quiz_id, attempts=0, minutes=30, reason="-", by=cast["tina"])
    schedule_housekeeping(database)
    for _ in range(15):
        clock.shift(timedelta(minutes=1))
        worker.drain()
    assert the_attempt(database, attempt).submitted_at is None
