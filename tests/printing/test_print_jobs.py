"""Which certificates make which file, and that a file is the same whenever it is made."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.credentials.actions import revoke
from lms.credentials.models import Certificate
from lms.people.models import Unit
from lms.printing import jobs, queries
from lms.printing.queries import Printed
from lms.sealing.actions import seal_waiting
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from tests.cast import Cast

BASE = "https://learn.example.org"


@pytest.fixture
def sealed(database: Database, settings: Settings, cast: Cast) -> Database:
    issue_many(database, cast["otto"], range(1, 3))
    issue_many(database, cast["laura"], range(3, 6))
    seal_waiting(database, settings)
    issue_many(database, cast["laura"], range(6, 7))  # not sealed
    return database


def codes(database: Database, unit: str = "", **more: object) -> list[str]:
    asked = {"course": "", "since": None, **more}
    with database.reading() as db:
        top = db.scalar(select(Unit).where(Unit.code == unit)) if unit else None
        return [each.code for each in queries.to_print(db, now().date(), unit=top, **asked)]  # type: ignore[arg-type]


def test_sealed_ones_are_printed_by_unit_and_name(sealed: Database) -> None:
    assert codes(sealed) == ["C-3", "C-4", "C-5", "C-1", "C-2"]
    assert codes(sealed, "N") == ["C-3", "C-4", "C-5"]
    assert codes(sealed, "S-1") == ["C-1", "C-2"]


def test_of_a_course_and_since_a_day(sealed: Database) -> None:
    assert codes(sealed, course="another") == []
    assert len(codes(sealed, course="first-aid", since=now().date() - timedelta(days=1))) == 5
    assert codes(sealed, since=now().date() + timedelta(days=2)) == []


def test_what_was_withdrawn_is_not_printed(sealed: Database) -> None:
    with sealed.writing() as db:
        revoke(db, db.scalars(select(Certificate).where(Certificate.code == "C-4")).one(), reason="Mistake")
    assert codes(sealed, "N") == ["C-3", "C-5"]


def test_a_paper_carries_what_was_signed_and_waits_for_it(sealed: Database) -> None:
    with sealed.reading() as db:
        found = queries.paper(db, "C-3", BASE)
        assert found is not None
        assert (found.verify_url, found.scan_url) == (f"{BASE}/c/C-3", f"{BASE}/verify")
        assert found.signed.startswith("HR1:")
        assert queries.paper(db, "C-6", BASE) is None


def test_files_hold_a_number_of_certificates_each_and_the_index_tells_where() -> None:
    made = jobs.jobs([Printed(number, f"C-{number}", "Library", f"Name {number}") for number in range(7)], 3)
    assert [(job.name, len(job.certificates)) for job in made] == [
        ("certificates-0001.pdf", 3),
        ("certificates-0002.pdf", 3),
        ("certificates-0003.pdf", 1),
    ]
    rows = list(csv.DictReader(StringIO(jobs.index(made))))
    assert rows[3] == {
        "file": "certificates-0002.pdf", "number": "1", "unit": "Library", "name": "Name 3", "code": "C-3",
    }  # fmt: skip
    assert jobs.jobs([]) == []
