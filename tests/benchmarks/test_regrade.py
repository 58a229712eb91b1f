"""Grading many attempts again by a corrected key, beside plain SQL that only writes the rows.

`LMS_BENCH_SCALE=0.02` grades a fiftieth of the attempts, to try the script.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from lms.app import create_app
from lms.clock import now
from lms.config import Settings
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.db import Database
from lms.grading import regrade_actions
from lms.grading.models import PassDecision, Regrading
from lms.jobs import Worker
from lms.learning.models import Enrolment, LessonRead
from lms.people.actions import touch
from lms.people.models import Actor, Person
from lms.quiz.models import Answer, Attempt, QuestionGrade
from lms.reactions import handlers
from tests.benchmarks.national import SCALE
from tests.benchmarks.test_figures import timing_locks
from tests.conftest import SECRET
from tests.packs import publish

pytestmark = pytest.mark.benchmark
ATTEMPTS = int(100_000 * SCALE)
QUESTIONS = 10
MOST_SECONDS = 60
MOST_WAIT = 0.5
KEY = "big#q0"
ONE = "\n## Which is number {0}? {{#q{0}}}\n\n- [{1}] wrong {0}\n- [{2}] right {0}\n- [ ] other {0}\n"


def pack(first: int) -> dict[str, str]:
    """An exam of ten questions whose first one has this option as its key."""
    marks = [("x", " "), (" ", "x")]
    questions = [ONE.format(number, *marks[first if number == 0 else 1]) for number in range(QUESTIONS)]
    return {
        "courses/big/index.md": (
            "---\ntitle: Big\nlanguage: en\nexam: ../../quizzes/big.md\ncertificate: {title: Big one}\n---\n\nBig.\n"
        ),
        "courses/big/01-one.md": "# One\n\nText.\n",
        "courses/big/02-two.md": "# Two\n\nText.\n",
        "quizzes/big.md": "---\ntitle: Exam\npass: 70%\n---\n" + "".join(questions),
    }


def fill(database: Database) -> None:
    """A hundred thousand people who took the exam; three of four have read both lessons."""
    publish(database, pack(0), name="big")
    with database.reading() as db:
        current = content.current(db, "big")
    assert current is not None
    chance, began = random.Random(7), now() - timedelta(days=30)
    for first in range(0, ATTEMPTS, 2000):
        people = range(first + 10_001, min(first + 2000, ATTEMPTS) + 10_001)
        with database.writing() as db:
            _people(db, people, began)
            _attempts(db, people, current.version, chance, began)


def _people(db: Any, people: range, began: Any) -> None:
    db.execute(insert(Actor), [{"id": each, "created_at": began} for each in people])
    named = {"latin_name": "", "email": "", "phone": "", "password_hash": "", "language": "en", "category": ""}
    named |= {"employer": "", "is_demo": True, "reminds": True, "created_at": began}
    rows = [{"id": each, "name": f"Person {each}", "folded_name": f"person {each}", **named} for each in people]
    db.execute(insert(Person), rows)
    common = {"course_id": "big", "source": "self", "enrolled_at": began, "last_lesson": "", "last_at": began}
    db.execute(insert(Enrolment), [{"actor_id": each, **common} for each in people])
    lessons = [
        {"actor_id": each, "course_id": "big", "lesson_id": lesson, "at": began}
        for each in people
        for lesson in ("one", "two")
        if each % 4 or lesson == "one"
    ]
    db.execute(insert(LessonRead), lessons)


def _attempts(db: Any, people: range, version: int, chance: random.Random, began: Any) -> None:
    attempts, answers, grades = [], [], []
    keys = [f"big#q{number}" for number in range(QUESTIONS)]
    for each in people:
        attempt = str(uuid.UUID(int=chance.getrandbits(128)))
        chosen = chance.choices((0, 1, 2), (25, 60, 15))[0]
        # most pass or fail clearly; some four of a hundred stand just below the line
        others = chance.choices(range(4, 10), (10, 12, 6, 20, 27, 25))[0]
        scores = [float(chosen == 0), *(float(number <= others) for number in range(1, QUESTIONS))]
        total = sum(scores)
        attempts.append(
            {
                "id": attempt, "actor_id": each, "course_id": "big", "quiz_id": "big", "version_id": version,
                "language": "en", "seed": 1, "number": 1, "questions": keys, "marked": [], "started_at": began,
                "submitted_at": began, "closed_by": "person", "score": total, "points": 10.0,
                "passed": total >= 7, "outcomes": {},
            }
        )  # fmt: skip
        answers.append(
            {"id": str(uuid.UUID(int=chance.getrandbits(128))), "attempt_id": attempt, "question_key": KEY,
             "response": chosen, "made_at": began, "received_at": began}
        )  # fmt: skip
        grades += [
            {"attempt_id": attempt, "question_key": key, "score": score, "points": 1.0, "outcome": "",
             "graded_at": began}
            for key, score in zip(keys, scores, strict=True)
        ]  # fmt: skip
    for table, rows in ((Attempt, attempts), (Answer, answers), (QuestionGrade, grades)):
        db.execute(insert(table), rows)


def floor(database: Database) -> float:
    """What no way round avoids: one grade less, one more, and a new sum, for each changed attempt, in plain SQL."""
    began = time.perf_counter()
    with database.writing() as db:
        changed = "select attempt_id from answer where question_key = 'big#q0' and cast(response as text) in ('0', '1')"
        db.execute(
            text(
                "insert into question_grade (attempt_id, question_key, score, points, outcome, graded_at)"
                f" select id, 'floor', 1, 1, '', submitted_at from attempt where id in ({changed})"
            )
        )
        db.execute(text("update question_grade set superseded_at = graded_at where question_key = 'floor'"))
        db.execute(text(f"update attempt set score = score + 0 where id in ({changed})"))
        seconds = time.perf_counter() - began
        db.rollback()
    return seconds


@contextmanager
def others_writing(database: Database) -> Iterator[list[float]]:
    """Somebody else who writes a row every few milliseconds, through a door of her own; how long each write took."""
    waits: list[float] = []
    done = threading.Event()
    url = database.engine.url.render_as_string(hide_password=False)
    other = Database(url, durable=False)

    def write() -> None:
        while not done.wait(0.02):
            began = time.perf_counter()
            with other.writing() as db:
                touch(db, 10_001)
            waits.append(time.perf_counter() - began)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()
        other.dispose()


def run(database: Database, worker: Worker, name: str) -> float:
    """Let the worker do what is asked for; how long that took."""
    began, busy = time.perf_counter(), time.process_time()
    while True:
        with database.reading() as db:
            state = db.scalar(select(Regrading.state).where(Regrading.id == name))
        if state not in ("looking", "writing"):
            break
        worker.run_due()
    seconds = time.perf_counter() - began
    print(f"  {seconds:.1f} s by the clock, {time.process_time() - busy:.1f} s of this process; then {state}")
    return seconds


def test_a_corrected_key(database: Database, tmp_path: Any) -> None:
    kind = database.engine.dialect.name
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(home=tmp_path, url="http://localhost", database_url=url, secret_key=SECRET, shipped_pack=False)
    worker = Worker(database, handlers(create_app(settings, database)))
    fill(database)
    if kind == "postgresql":
        with database.reader_of_writers.connect() as db:
            db.execute(text("analyze"))  # as autovacuum does on a site long before so many have answered
    publish(database, pack(1), name="big")
    least = floor(database)
    name = str(uuid.uuid4())
    with database.writing() as db:
        current = content.current(db, "big")
        assert current is not None
        regrade_actions.ask(db, name, "big", KEY, current.version, by=10_001)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\n{kind}: {ATTEMPTS:,} attempts; looking")
    looking = run(database, worker, name)
    with database.writing() as db:
        assert regrade_actions.confirm(db, name, by=10_001)
    print(f"{kind}: grading again, while somebody else writes")
    with others_writing(database) as waits, timing_locks(database) as locks:
        writing = run(database, worker, name)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with database.reading() as db:
        row = db.get_one(Regrading, name)
        decisions = db.scalar(select(func.count()).select_from(PassDecision))
        issued = db.scalar(select(func.count()).select_from(Certificate))
    print(
        f"{kind}: looked in {looking:.1f} s, graded again in {writing:.1f} s, {more:.0f} MB more; "
        f"plain SQL writes the rows in {least:.1f} s\n  {json.dumps(row.made)}\n  longest write "
        f"{max(locks) * 1000:.0f} ms; others waited {max(waits) * 1000:.0f} ms at most, {len(waits):,} writes",
        file=sys.stderr,
    )
    assert row.made["changed"] == row.found["changed"]
    assert row.made["lost"] == decisions
    assert row.made["certificates"] == issued
    if SCALE == 1:
        assert writing < MOST_SECONDS
        assert max(waits) < MOST_WAIT
