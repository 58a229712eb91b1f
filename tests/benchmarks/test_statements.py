"""Yearly statements in a second of one processor: 1,263 in 60 seconds on two processors are 95 ms of each for one.

That is what they take altogether: reading who did what from the database, the words, and the PDF.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from lms.app import STATEMENT_PARTS
from lms.clock import now
from lms.credentials.models import Certificate
from lms.learning.models import Enrolment
from lms.meetings.models import Attendance, TrainingSession
from lms.people.models import Actor, Membership, Person, Unit
from lms.printing import statement_queries, yearly
from lms.printing.statement_paper import render_statements
from lms.printing.statement_rules import whole
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from tests.cast import Cast

pytestmark = pytest.mark.benchmark

PEOPLE, AT_ONCE = 1263, 500
MOST = 0.095  # seconds of processor time
LANGUAGES = ("en", "lv")


def make_helpers(database: Database, cast: Cast) -> None:
    """Members of a unit, each with a certificate, a finished course, and a session held for five people."""
    moment = now()
    with database.writing() as db:
        first = (db.scalar(select(func.max(Actor.id))) or 0) + 1
        ids = range(first, first + PEOPLE)
        db.execute(insert(Actor), [{"id": each, "created_at": moment} for each in ids])
        common = {"created_at": moment, "email": "", "phone": "", "password_hash": "", "category": "", "employer": ""}
        db.execute(
            insert(Person),
            [
                {
                    "id": each, "name": f"Ģirts Šķēle {each}", "latin_name": "", "folded_name": f"girts skele {each}",
                    "language": LANGUAGES[each % len(LANGUAGES)], "is_demo": False, **common,
                }
                for each in ids
            ],
        )  # fmt: skip
        unit = cast.units["N-1"]
        db.execute(insert(Membership), [{"person_id": each, "unit_id": unit, "since": moment.date()} for each in ids])
        done = {"course_id": "first-aid", "enrolled_at": moment, "last_at": moment, "completed_at": moment}
        db.execute(insert(Enrolment), [{"actor_id": each, "source": "self", "last_lesson": "", **done} for each in ids])
        held = {
            "course_id": "first-aid", "unit_id": unit, "title": "T", "place": "", "is_online": False, "hours": 2.0,
            "held_on": moment.date(), "made_by": cast["nora"], "made_at": moment,
        }  # fmt: skip
        db.execute(
            insert(TrainingSession),
            [{"id": each, "client_id": str(each), "code": f"{each}", "trainer_id": each, **held} for each in ids],
        )
        noted = {"hours": 2.0, "noted_by": cast["nora"], "noted_at": moment}
        db.execute(
            insert(Attendance),
            [
                {"session_id": each, "person_id": first + (each - first + step) % PEOPLE, **noted}
                for each in ids
                for step in range(1, 6)
            ],
        )
    issue_many(database, first, range(PEOPLE))
    with database.writing() as db:
        for number, row in enumerate(db.scalars(select(Certificate).order_by(Certificate.id))):
            row.actor_id = first + number


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_statements_of_a_programme_are_quick_enough(database: Database, cast: Cast, settings: Settings) -> None:
    make_helpers(database, cast)
    today = now().date()
    period = whole(today.year)
    began = time.process_time()
    with database.reading() as db:
        unit = db.get_one(Unit, cast.units["N"])
        found = statement_queries.to_state(db, STATEMENT_PARTS, unit, period, today)
        ids = [each.id for each in found]
        made = yearly.statements(db, ids, today.year, today, STATEMENT_PARTS, settings)
        looks = yearly.looks(db, today)
    read = time.process_time() - began
    size = 0
    texts = list(made.values())
    for start in range(0, len(texts), AT_ONCE):
        size += len(render_statements(texts[start : start + AT_ONCE], looks, "Statements"))
    spent = time.process_time() - began
    assert len(made) == PEOPLE
    print(
        f"{len(made)} statements: {spent:.1f} s of one processor, {spent / len(made) * 1000:.0f} ms each, "
        f"{read / len(made) * 1000:.1f} of them reading; {size / len(made) / 1000:.0f} kB each"
    )
    assert spent / len(made) <= MOST
