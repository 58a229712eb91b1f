"""How people fare in a course: where they stop, how long lessons take, what goes wrong, what is never drawn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, update

from lms.analysis import actions
from lms.analysis.course_pages import CoursePage
from lms.analysis.course_sums import CourseSums, PracticeSums, practice_order
from lms.analysis.queries import course_page
from lms.clock import now
from lms.content.queries import current
from lms.db import Database
from lms.learning.models import Enrolment, LessonRead, PracticeAnswer
from tests.analysis.world import BEGAN, TYPES, people, sit

LOCKS, KEYS, DOORS = "locks", "keys", "doors"


def page(database: Database) -> CoursePage:
    with database.reading() as db:
        found = course_page(db, "safe", TYPES, "en")
    assert found is not None
    return found


def learn(
    database: Database, count: int, minutes: Sequence[int], *, days_ago: int = 30, completed: bool = False
) -> None:
    """So many people who read as many lessons as there are minutes, each so many after the one before."""
    lessons = [LOCKS, KEYS, DOORS][: len(minutes)]
    begun = now() - timedelta(days=days_ago)
    with database.reading() as db:
        assert [lesson.id for lesson in current(db, "safe").course.lessons] == [LOCKS, KEYS, DOORS]  # type: ignore[union-attr]
    actors = people(database, count)
    reads = [
        {
            "actor_id": actor,
            "course_id": "safe",
            "lesson_id": lesson,
            "at": begun + timedelta(minutes=sum(minutes[: place + 1])),
        }
        for actor in actors
        for place, lesson in enumerate(lessons)
    ]
    with database.writing() as db:
        db.execute(
            insert(Enrolment),
            [{"actor_id": actor, "course_id": "safe", "source": "self", "enrolled_at": begun, "last_at": begun,
              "last_lesson": lessons[-1] if lessons else "", "completed_at": begun if completed else None}
             for actor in actors],
        )  # fmt: skip
        if reads:
            db.execute(insert(LessonRead), reads)


def test_where_people_stop_and_what_takes_long(world: Database) -> None:
    learn(world, 40, [0, 1, 9], completed=True)
    learn(world, 20, [0, 1])
    learn(world, 7, [0], days_ago=13)  # went on within two weeks
    learn(world, 4, [0])
    learn(world, 9, [])
    assert actions.count_courses(world)
    found = page(world)
    assert (found.enrolled, found.completed, found.stopped) == (80, 40, 33)
    locks, keys, doors = found.lessons
    assert [row.read for row in found.lessons] == [71, 60, 40]
    assert keys.share == 60 / 80
    assert (locks.stopped, keys.stopped, doors.stopped) == (None, 20, 0)  # four are too few to be shown
    assert found.where_most_stop == keys
    assert (locks.seconds, keys.seconds, doors.seconds) == (None, 60, 540)
    assert (keys.is_slow, doors.is_slow) == (False, True)


def test_time_is_of_those_who_went_straight_on() -> None:
    def at(seconds: int) -> datetime:
        return BEGAN + timedelta(seconds=seconds)

    sums = CourseSums()
    sums.add_reader([(at(0), LOCKS), (at(200), KEYS), (at(3900), DOORS)])  # more than an hour
    sums.add_reader([(at(9), KEYS), (at(0), LOCKS), (at(309), DOORS)])  # leafed through; whatever the order of rows
    sums.add_reader([(at(5), DOORS)])
    assert {name: lesson.seconds for name, lesson in sums.lessons.items()} == {
        LOCKS: {}, KEYS: {200: 1}, DOORS: {300: 1},
    }  # fmt: skip
    assert [sums.lesson(name).read for name in (LOCKS, KEYS, DOORS)] == [2, 2, 3]


def test_the_first_lesson_takes_its_time_from_the_beginning_of_the_course() -> None:
    def at(seconds: int) -> datetime:
        return BEGAN + timedelta(seconds=seconds)

    sums = CourseSums()
    sums.add_reader([(at(120), LOCKS), (at(320), KEYS)], at(0))
    sums.add_reader([(at(9000), LOCKS)], at(0))  # given by a coordinator, opened later
    assert sums.lessons[LOCKS].seconds == {120: 1}
    assert sums.lessons[KEYS].seconds == {200: 1}


def test_the_first_answer_of_each_person_counts_in_practice(world: Database) -> None:
    with world.reading() as db:
        found = current(db, "safe")
    assert found is not None
    rows = [
        {"id": str(uuid.uuid4()), "actor_id": actor, "course_id": "safe", "version_id": found.version,
         "question_key": "locks#locked", "response": 1, "score": score, "at": BEGAN + timedelta(minutes=minute)}
        for place, actor in enumerate(people(world, 10))
        for minute, score in ((1, 1.0), (0, 0.0 if place < 4 else 1.0))
    ]  # fmt: skip
    with world.writing() as db:
        db.execute(insert(PracticeAnswer), rows)
    actions.count_courses(world)
    (row,) = page(world).practice
    assert (row.key, row.answered, row.wrong, row.lesson) == ("locks#locked", 10, 0.4, LOCKS)


def test_what_is_most_often_wrong_stands_first() -> None:
    sums = CourseSums(practice={"a": PracticeSums(10, 2), "b": PracticeSums(20, 8), "c": PracticeSums(4, 4)})
    assert [key for key, _sums in practice_order(sums, 5)] == ["b", "a"]


def test_questions_that_nobody_got(world: Database) -> None:
    assert page(world).never == ()
    sit(world, "luck", 1)
    actions.count_answers(world, TYPES)
    with world.reading() as db:
        found = course_page(db, "luck", TYPES, "en")
    assert found is not None
    assert len(found.never) == 4
    assert found.never[0].path == "quizzes/luck-exam.md"


def test_a_course_is_counted_once_a_day_and_when_somebody_asks(world: Database) -> None:
    assert actions.count_courses(world)
    assert not actions.count_courses(world)
    assert actions.count_courses(world, is_asked=True)
    learn(world, 6, [0])
    with world.writing() as db:
        db.execute(update(Enrolment).values(completed_at=now()))
    assert page(world).enrolled == 0
    assert actions.count_courses(world, is_asked=True)
    assert (page(world).enrolled, page(world).completed) == (6, 6)
