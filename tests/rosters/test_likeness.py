"""Names that are nearly the same, found without comparing everybody with everybody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms import jobs
from lms.folding import fold
from lms.rosters.likeness import Named, alike
from lms.rosters.models import PossibleDuplicate
from tests.rosters.importing import Importer, as_csv


def people(*names):
    return [Named(number, fold(name), None) for number, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Nguyễn Văn Hòa", "Nguyễn Văn Hoà", True),
        ("Ilze Ozoliņa", "Ozolina Ilze", True),
        ("Giorgi Beridze", "Georgi Beridze", True),
        ("Giorgi Beridze", "Giorgi Berdze", True),
        ("Lan Anh", "Lan Anb", False),
        ("Giorgi Beridze", "Nino Beridze", False),
    ],
)
def test_what_is_alike(one, other, are_alike):
    assert list(alike(people(one, other))) == ([(1, 2)] if are_alike else [])


def test_a_register_that_gives_both_a_code_means_two():
    assert list(alike([Named(1, "giorgi beridze", "A"), Named(2, "georgi beridze", "B")])) == []
    assert list(alike([Named(1, "giorgi beridze", "A"), Named(2, "giorgi beridze", "B")])) == [(1, 2)]


def test_a_name_that_many_have_says_nothing():
    assert list(alike(people(*["Nguyễn Thị Lan"] * 6))) == []


def test_the_job_puts_them_before_a_person_once(cast, worker, database):
    nora = Importer(cast.at_browser("nora"), worker, cast.units["N"])
    nora.bring_in(
        as_csv([
            ("", "Giorgi Beridze", "", "", "N-1"),
            ("", "Georgi Beridze", "", "", "N-1"),
            ("", "Georgi Beridze", "", "", "N-2"),
        ])
    )  # fmt: skip

    def pairs():
        with database.reading() as db:
            return [row.reason for row in db.scalars(select(PossibleDuplicate))]

    assert pairs() == ["name"]
    with database.writing() as db:
        jobs.enqueue(db, "find_duplicates", {"unit": None})
    worker.drain()
    assert pairs() == ["name"]
