"""The handful of people of `lms demo`: what happened in the months before is there to be seen."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.accrediting.models import Accreditation
from lms.app import create_app
from lms.clock import now, saying
from lms.content.models import CourseVersion
from lms.credentials.models import Certificate
from lms.db import Database
from lms.demo.months import LATE
from lms.demo.story import PASSWORD, make_people
from lms.helping.models import HelpPeriod
from lms.people.models import Membership, Unit
from lms.reach import closed_queries, unit_queries
from lms.reach.rules import TOTAL
from lms.renewing.kept_queries import of_unit
from lms.renewing.models import ReviewAnswer
from lms.renewing.queries import retention
from tests.cast import Visitor
from tests.demo.conftest import TYPES, settings_of
from tests.shape.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

COURSE = "online-security"


@pytest.fixture(scope="module")
def handful(sqlite_courses: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    home = tmp_path_factory.mktemp("handful")
    shutil.copy(sqlite_courses, home / "lms.db")
    made = Database(f"sqlite:///{home / 'lms.db'}", durable=False)
    make_people(made, TYPES)
    yield made
    made.dispose()


@pytest.fixture
def site(handful: Database, tmp_path: Path) -> Flask:
    return create_app(settings_of(tmp_path), handful)


def test_answers_of_months_show_how_much_is_kept(handful: Database, site: Flask) -> None:
    with handful.reading() as db:
        spans = retention(db, COURSE)
        assert [kept.share is not None for kept in spans] == [True] * 5
        units = {unit.code: unit for unit in db.scalars(select(Unit))}
        north_west = of_unit(db, units["KUR"], COURSE, now().date())
        assert [kept.share is not None for kept in north_west[:4]] == [True] * 4
        assert {kept.share for kept in of_unit(db, units["LAT"], COURSE, now().date())} == {None}  # two people
        assert 0.6 < (north_west[0].share or 0) < 1
    page = Visitor(site).sign_in("janis", PASSWORD).get(f"/kept?course={COURSE}").text
    assert "What is kept in North-west region" in page
    assert "Harbour town library" in page


def test_a_certificate_is_near_its_end_and_can_be_renewed(site: Flask) -> None:
    marta, janis = (Visitor(site).sign_in(login, PASSWORD) for login in ("marta", "janis"))
    assert "/renewal" in marta.get("/my-learning").text
    assert "Certificates that end" in janis.get("/certificates/expiring").text
    assert "<b>" in janis.get("/certificates/expiring").text


def test_a_library_is_certified_by_two_of_its_people(handful: Database, site: Flask) -> None:
    with handful.reading() as db:
        known = db.scalars(select(Accreditation)).one()
        held = db.get_one(Certificate, known.certificate_id)
        assert (known.state, known.helpers, db.get_one(Unit, known.unit_id).code) == ("valid", 2, "KUR-VEN")
        assert held.facts["title"] == "Library with digital helpers"
    assert "Library with digital helpers" in Visitor(site).get(f"/c/{held.code}").text


def test_who_has_just_completed_reads_when_something_comes_back(site: Flask) -> None:
    page = Visitor(site).sign_in("lucia", PASSWORD).get("/reviews").text
    assert "The next question comes back on" in page
    assert "10 questions come back" in page


def test_nothing_happened_before_it_could(handful: Database) -> None:
    with handful.reading() as db:
        first = db.scalar(select(func.min(ReviewAnswer.at)))
        assert first is not None
        assert db.scalar(select(func.max(ReviewAnswer.at))) <= now()
        assert db.scalar(select(func.max(CourseVersion.created_at))) < first
        early = select(Certificate.id).join(Membership, Membership.person_id == Certificate.actor_id)
        assert db.scalar(early.where(func.date(Certificate.issued_at) < Membership.since).limit(1)) is None


def test_the_clock_is_told_another_time_by_the_demonstration_alone() -> None:
    day = now() - timedelta(days=700)
    with saying(day):
        assert now() == day
    assert now() - day > timedelta(days=699)
    callers = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "lms").rglob("*.py")
        if "saying(" in file.read_text(encoding="utf-8")
    }
    assert callers == {"lms/clock.py", "lms/demo/months.py", "lms/demo/story.py"}


def test_a_period_is_closed_with_a_correction_and_one_is_open(handful: Database, site: Flask) -> None:
    with handful.reading() as db:
        closed, opened = db.scalars(select(HelpPeriod).order_by(HelpPeriod.first_day)).all()
        root = db.get_one(Unit, closed.unit_id)
        period = closed_queries.as_period(closed)
        shown = unit_queries.figures(db, root, period, now().date())
    assert (root.code, opened.closed_at, opened.first_day) == ("LIB", None, closed.last_day + timedelta(days=1))
    assert shown.closed is not None
    assert shown.total[TOTAL].number > 0
    assert shown.closed.corrections[TOTAL] >= LATE
    page = Visitor(site).sign_in("austra", PASSWORD).get("/coordination/help/periods").text
    assert "Austra Celma" in page
    assert "Being closed" not in page
