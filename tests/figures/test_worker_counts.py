"""The worker counts what changed, every few seconds, whatever happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from lms.clock import now
from lms.content import queries as content
from lms.db import Database
from lms.figures import actions, queries, turns
from lms.figures.models import NONE, Count, Standing
from lms.figures.rules import Figures, State
from lms.jobs import Job, Worker
from lms.learning import actions as learning
from lms.learning.models import Enrolment
from lms.people import actions as people
from lms.people.models import PersonChange
from lms.quiz import actions as quiz
from lms.reactions import schedule_housekeeping
from tests.cast import Cast
from tests.packs import SMALL, publish

AID = "first-aid"
TEN = timedelta(seconds=10)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now().replace(hour=9, second=0, microsecond=0), tick=False) as travelling:
        yield travelling


def counts(database: Database) -> list[Job]:
    with database.reading() as db:
        return list(db.scalars(select(Job).where(Job.name == "count", Job.state == "waiting")))


def figures(database: Database, unit: int, course: str = AID) -> Figures:
    with database.reading() as db:
        return queries.figures(db, [unit], course)[unit]


def enrol(database: Database, person: int) -> None:
    with database.writing() as db:
        learning.enrol(db, person, AID)


def test_changes_are_counted_within_ten_seconds(
    database: Database, worker: Worker, cast: Cast, clock: time_machine.Traveller
) -> None:
    north, south, country = cast.units["N"], cast.units["S"], cast.units["ALL"]
    schedule_housekeeping(database)
    clock.shift(TEN)
    worker.drain()
    assert figures(database, north) == Figures(1)
    assert figures(database, country, NONE) == Figures(2)
    enrol(database, cast["laura"])
    assert figures(database, north) == Figures(1), "not in the request itself"
    clock.shift(TEN)
    worker.drain()
    assert figures(database, north) == Figures(1, under_way=1)
    assert figures(database, south) == Figures(1)
    assert figures(database, country) == Figures(2, under_way=1)
    with database.reading() as db:
        assert queries.counted_at(db) == now()
        assert db.scalar(select(func.count()).select_from(PersonChange)) == 0


def test_one_count_waits_and_no_more(database: Database, worker: Worker, clock: time_machine.Traveller) -> None:
    schedule_housekeeping(database)
    schedule_housekeeping(database)
    for _ in range(20):
        assert len(counts(database)) == 1
        assert now() < counts(database)[0].run_at <= now() + TEN
        clock.shift(TEN)
        worker.drain()


def test_one_that_fails_again_and_again_ends_nothing(
    database: Database, worker: Worker, cast: Cast, clock: time_machine.Traveller
) -> None:
    schedule_housekeeping(database)
    with database.writing() as db:
        db.execute(update(Job).where(Job.name == "count").values(attempts=7, run_at=now() + timedelta(hours=5)))
    enrol(database, cast["laura"])
    for _ in range(8):
        clock.shift(TEN)
        worker.drain()
    assert figures(database, cast.units["N"]) == Figures(1, under_way=1)


def test_who_was_killed_while_counting_is_waited_for_a_minute(
    database: Database, cast: Cast, clock: time_machine.Traveller
) -> None:
    actions.recount(database)
    enrol(database, cast["laura"])
    assert turns.take(database) is not None  # and dies
    assert actions.count_changes(database) == 0
    clock.shift(turns.LEASE + timedelta(seconds=1))
    assert actions.count_changes(database) == 1
    assert figures(database, cast.units["N"]) == Figures(1, under_way=1)


def test_who_lost_the_turn_writes_nothing_more(database: Database, clock: time_machine.Traveller) -> None:
    slow = turns.take(database)
    assert slow is not None
    clock.shift(turns.LEASE + timedelta(seconds=1))
    quick = turns.take(database)
    assert quick is not None
    with pytest.raises(turns.TurnLost), slow.writing(differences=7):
        pass
    slow.end(differences=7)
    with quick.writing() as db:
        assert db.scalar(select(Count.differences)) == 0


def test_a_whole_count_that_was_cut_off_is_done_again(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(database, cast["laura"])
    write = actions.put

    def killed(*args: object, **options: object) -> None:
        if args[1] is not Standing:
            raise KeyboardInterrupt
        write(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        actions.recount(database)
    monkeypatch.undo()
    assert figures(database, cast.units["N"]) == Figures()
    actions.count_changes(database)
    assert figures(database, cast.units["N"]) == Figures(1, under_way=1)
    assert actions.check(database).differences == 0


def test_many_changes_are_one_whole_count(database: Database, cast: Cast) -> None:
    actions.recount(database)
    with database.reading() as db:
        before = db.scalar(select(Count.whole_at))
    for person in ("laura", "otto"):
        enrol(database, cast[person])
    assert actions.count_changes(database, limit=2) == 2
    with database.reading() as db:
        assert db.scalar(select(Count.whole_at)) == before
    with database.writing() as db:
        for _ in range(3):
            people.touch(db, cast["laura"])
    actions.count_changes(database, limit=2)
    with database.reading() as db:
        assert db.scalar(select(Count.whole_at)) != before
        assert db.scalar(select(func.count()).select_from(PersonChange)) == 0


def test_a_course_that_certifies_no_more_is_counted_anew(database: Database, cast: Cast) -> None:
    enrol(database, cast["laura"])
    with database.writing() as db:
        db.execute(update(Enrolment).values(completed_at=now()))
    actions.recount(database)
    assert figures(database, cast.units["N"]).certified == 0, "without the certificate"
    index = "courses/first-aid/index.md"
    plain = SMALL[index].replace("certificate: {title: Password helper, level: local, valid: 24 months}\n", "")
    publish(database, {index: plain, **{path: text for path, text in SMALL.items() if path != index}})
    actions.count_changes(database)
    assert figures(database, cast.units["N"]).certified == 1
    with database.reading() as db:
        assert db.scalars(select(Standing.state)).all() == [State.CERTIFIED]


def test_who_failed_and_begins_again_is_under_way(
    app: Flask, database: Database, cast: Cast, clock: time_machine.Traveller
) -> None:
    north, types = cast.units["N"], app.extensions["lms_question_types"]
    for expected in (Figures(1, under_way=1), Figures(1, failed=1), Figures(1, under_way=1)):
        with database.writing() as db:
            current = content.current(db, AID)
            assert current is not None
            exam = current.course.quizzes[current.course.exam]
            if expected.under_way:
                learning.enrol(db, cast["laura"], AID)
                attempt = quiz.start_attempt(
                    db, cast["laura"], current.course, current.version, exam, attempt_id=str(now()), language="en"
                )
            else:
                learning.submit_quiz(db, db.merge(attempt), types)
        actions.count_changes(database)
        assert figures(database, north) == expected
        assert actions.check(database).differences == 0
        clock.shift(timedelta(hours=1, minutes=1))
