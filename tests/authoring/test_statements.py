"""The number of SQL statements of a page does not grow with what it shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from lms.clock import now
from lms.content.queries import current
from lms.db import Database
from lms.learning.actions import enrol, report_mistake
from lms.people.actions import NewPerson, grant_role, sign_up
from lms.people.rules import Role
from lms.quiz.models import Attempt
from tests.authoring.folders import GARDENS
from tests.cast import Visitor
from tests.packs import SMALL, publish

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAGES = ("/authoring", "/authoring/packs/tests", "/authoring/courses/first-aid", "/authoring/mistakes",
         "/authoring/courses/first-aid/allowances")  # fmt: skip


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement from now on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def fill(database: Database, number: int) -> None:
    """Another course, another version by another trainer, another report, another one who is stuck."""
    publish(
        database, {path.replace("gardens", f"gardens{number}"): text for path, text in GARDENS.items()}, f"g{number}"
    )
    publish(database, {**SMALL, "courses/first-aid/02-helping.md": f"# Helping\n\nText {number}.\n"})
    with database.writing() as db:
        person = sign_up(db, NewPerson(f"Person {number}", f"person{number}", ""), "").id
        grant_role(db, person, Role.TRAINER, unit=None, by=None)
        found = current(db, "first-aid")
        assert found is not None
        enrol(db, person, "first-aid")
        report_mistake(db, person, found, "helping", "en", "A slip.", client_id=f"report-{number}")
        quiz = found.course.quizzes["first-aid-exam"]
        db.add(
            Attempt(
                id=f"attempt-{number}",
                actor_id=person,
                course_id="first-aid",
                quiz_id=quiz.id,
                version_id=found.version,
                language="en",
                seed=1,
                number=1,
                questions=list(quiz.questions),
                marked=[],
                started_at=now(),
                outcomes={},
            )
        )


@pytest.mark.parametrize("path", PAGES)
def test_statements_stay_the_same(trainer: Visitor, database: Database, statements: list[str], path: str) -> None:
    def count() -> int:
        assert trainer.get(path).status_code == 200  # a version is decoded once in each process
        statements.clear()
        trainer.get(path)
        return len(statements)

    fill(database, 1)
    few = count()
    for number in range(2, 6):
        fill(database, number)
    assert count() == few
    assert few <= 20
