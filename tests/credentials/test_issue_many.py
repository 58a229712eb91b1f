"""Many certificates at once: as many statements however many they are, one for each completion, all announced."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import event, func, select

from lms.content.models import CourseVersion
from lms.credentials import actions
from lms.credentials.actions import Earned
from lms.credentials.facts import CertificateFacts, valid_until
from lms.credentials.models import Certificate
from lms.db import Database
from lms.jobs import Job
from tests.cast import Cast

FACTS = CertificateFacts("", "Laura Lapiņa", "en", "Password helper", "First aid", "first-aid", "", hours=2.0)


def earned(database: Database, actor: int, numbers: range) -> list[Earned]:
    """Completions of one holder, one for each number."""
    with database.reading() as db:
        version = db.scalars(select(CourseVersion.id)).first() or 0
    return [Earned(f"made/{number}", actor, version, "2 years", FACTS) for number in numbers]


def announced(database: Database) -> list[int]:
    with database.reading() as db:
        told = db.scalars(select(Job.args).where(Job.name == "event")).all()
    return sorted(each["fact"]["certificate"] for each in told if each["kind"] == "CertificateIssued")


def statements(database: Database, completions: list[Earned]) -> int:
    """How many statements it takes to issue these."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.writing() as db:
            actions.issue_many(db, completions)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(asked)


def test_each_is_a_whole_certificate_that_waits_for_its_seal(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        made = actions.issue_many(db, earned(database, cast["laura"], range(5)))
    with database.reading() as db:
        rows = db.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [row.id for row in rows] == made == announced(database)
    assert {len({getattr(row, name) for row in rows}) for name in ("code", "salt", "completion_key")} == {5}
    for row in rows:
        assert (row.facts["code"], row.facts["issued_on"]) == (row.code, row.issued_at.date().isoformat())
        assert row.valid_until == valid_until(row.issued_at.date(), "2 years")
        assert date.fromisoformat(row.facts["valid_until"]) == row.valid_until
        assert (row.sealed_at, row.basis, row.revoked_reason, len(row.salt)) == (None, "completion", "", 32)


def test_what_was_issued_stays_and_is_not_told_again(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        first = actions.issue(db, earned(database, cast["laura"], range(3, 4))[0]).code
    for _ in range(2):
        with database.writing() as db:
            actions.issue_many(db, earned(database, cast["laura"], range(6)))
    with database.reading() as db:
        codes = {row[0]: row[1] for row in db.execute(select(Certificate.completion_key, Certificate.code))}
    assert len(codes) == 6
    assert codes["made/3"] == first
    assert len(announced(database)) == len(set(announced(database))) == 6
    with database.writing() as db:
        assert actions.issue_many(db, ()) == []


def test_a_hundred_take_no_more_statements_than_three(database: Database, cast: Cast) -> None:
    few, many = earned(database, cast["laura"], range(3)), earned(database, cast["laura"], range(10, 110))
    assert statements(database, many) <= statements(database, few)


def test_two_at_the_same_moment_issue_each_once(database: Database, cast: Cast) -> None:
    """The same completions in another order, through two doors: nobody fails, nothing is there or told twice."""
    url = database.engine.url.render_as_string(hide_password=False)
    doors = (database, Database(url, durable=False))
    start = threading.Barrier(2)
    completions = earned(database, cast["laura"], range(200))

    def issue(door: Database, which: list[Earned]) -> list[int]:
        start.wait()
        with door.writing() as db:
            return actions.issue_many(db, which)

    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(issue, doors[0], completions), pool.submit(issue, doors[1], completions[::-1])]
        made = [number for task in tasks for number in task.result()]
    doors[1].dispose()
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 200
    assert len(made) == len(set(made)) == 200
    assert announced(database) == sorted(made)
