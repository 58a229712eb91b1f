"""What is written in bulk is what the program's own actions would have written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.app import create_app
from lms.clock import now
from lms.content import queries as content
from lms.coordination.models import Target
from lms.credentials.code import read_code
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate
from lms.demo.programmes import PLANS, accounts_of, make_programme
from lms.demo.story import PASSWORD, AnotherDemonstration, RealPeople, make_people
from lms.figures.actions import recount
from lms.figures.models import NONE
from lms.figures.queries import figures, figures_by_course, tallies
from lms.learning import queries as learned
from lms.learning import rules
from lms.learning.earning import earned
from lms.learning.models import Enrolment, LessonRead
from lms.meetings.cascade_queries import counts
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import Offer
from lms.people import actions as people
from lms.people.models import Membership, Person, PersonName, Unit
from lms.quiz.models import Attempt
from lms.quiz.rules import Candidate, draw
from tests.cast import Visitor
from tests.demo.conftest import SMALL, TYPES, Programmes, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.db import Database


def unit(db: Session, code: str) -> int:
    return db.scalars(select(Unit.id).where(Unit.code == code)).one()


def test_vietnam_is_counted_exactly(country: Database) -> None:
    assert recount(country) == 0
    with country.reading() as db:
        country = unit(db, "VN")
        found = figures_by_course(db, country, ["e-services"])["e-services"]
        people = select(func.count(Membership.person_id.distinct()))
        assert found.registered == db.scalar(people) == round(212_761 * SMALL)
        assert found.share == pytest.approx(0.82, abs=0.001)
        assert found.failed
        assert found.exempt
        assert found.not_started
        provinces = tallies(db, [country], "province", NONE)[country]
        assert (provinces.units, provinces.staffed) == (63, 51)
        assert tallies(db, [country], "team", "e-services")[country].whole


def test_who_is_in_the_youth_union_too_counts_once_in_each_tree(country: Database) -> None:
    with country.reading() as db:
        union = figures_by_course(db, unit(db, "TN"), ["online-security"])["online-security"]
        in_union = select(func.count()).select_from(Person).where(Person.category == "Youth Union")
        assert union.registered == db.scalar(in_union) > 100
        assert 0 < union.certified < union.registered
        both = select(func.count()).select_from(Membership)
        assert db.scalar(both) == round(212_761 * SMALL) + union.registered
        cells = tallies(db, [unit(db, "TN")], "district union", "online-security")[unit(db, "TN")]
        assert cells.units >= cells.staffed > 40


def test_certificates_are_those_that_the_course_would_have_given(country: Database, tmp_path: Path) -> None:
    visitor = Visitor(create_app(settings_of(tmp_path), country))
    with country.reading() as db:
        rows = db.scalars(select(Certificate).order_by(Certificate.id)).all()
        assert len({row.code for row in rows}) == len(rows) > 800
        for row in rows[:: len(rows) // 20]:
            assert read_code(row.code) == row.code
            person, current = db.get_one(Person, row.actor_id), content.current(db, row.course_id)
            assert current is not None
            real, kept = earned(db, person, current), msgspec.convert(row.facts, CertificateFacts)
            of_the_day = {"code": row.code, "issued_on": kept.issued_on, "valid_until": kept.valid_until}
            assert kept == replace(real.facts, **of_the_day)
            assert kept.issued_on == row.issued_at.date().isoformat()
            assert kept.valid_until == row.valid_until.isoformat()
            assert (real.key, real.version) == (row.completion_key, row.version_id)
            page = visitor.get(f"/c/{row.code}")
            assert page.status_code == 200
            assert person.name in page.text


def test_who_is_complete_obeys_the_rules_of_the_course(country: Database) -> None:
    with country.reading() as db:
        for current in content.catalogue(db):
            joined = db.scalars(select(Enrolment).where(Enrolment.course_id == current.course.id)).all()
            assert joined or current.course.id in {"tour", "linux-admin"}
            for row in joined[:: max(1, len(joined) // 40)]:
                facts = learned.facts(db, row.actor_id, current.course)
                assert rules.progress(current.course, facts).is_complete == (row.completed_at is not None)


def test_exams_are_those_that_their_seed_draws(country: Database) -> None:
    with country.reading() as db:
        for attempt in db.scalars(select(Attempt).limit(30)):
            course = content.version(db, attempt.version_id)
            quiz = course.quizzes[attempt.quiz_id]
            bank = [Candidate(key, course.questions[key][course.language].outcome) for key in quiz.questions]
            drawn = draw(bank, quiz.settings.draw, shuffle=quiz.settings.shuffle, seed=attempt.seed)
            assert attempt.questions == drawn
            needed = quiz.settings.passing["total"] * (attempt.points or 0)
            assert (attempt.score or 0) >= needed or not attempt.passed


def test_time_runs_forward(country: Database) -> None:
    moment = now()
    with country.reading() as db:
        assert db.scalar(select(func.max(Attempt.submitted_at))) < moment
        assert db.scalar(select(func.max(LessonRead.at))) < moment
        early = select(Enrolment.id).join(Membership, Membership.person_id == Enrolment.actor_id)
        assert db.scalar(early.where(func.date(Enrolment.enrolled_at) < Membership.since).limit(1)) is None
        backwards = (Enrolment.completed_at < Enrolment.enrolled_at) | (Enrolment.last_at > Enrolment.completed_at)
        assert db.scalar(select(Enrolment.id).where(backwards).limit(1)) is None
        first, second = aliased(Attempt), aliased(Attempt)
        same = (first.actor_id == second.actor_id) & (first.course_id == second.course_id)
        later = select(first.id).join(second, same & (first.number < second.number))
        assert db.scalar(later.where(first.submitted_at > second.started_at).limit(1)) is None
        assert not db.scalar(select(func.count()).where(Person.is_demo.is_(False)))


@pytest.mark.mostly_sqlite
@pytest.mark.parametrize("name", PLANS)
def test_everybody_who_is_named_can_sign_in_and_open_a_desk(name: str, programmes: Programmes, tmp_path: Path) -> None:
    assert recount(programmes[name]) == 0
    site, accounts = create_app(settings_of(tmp_path), programmes[name]), accounts_of(name)
    said = Visitor(site).get("/sign-in").text
    for account in accounts[:6]:
        assert account.login in said
    for account in accounts:
        visitor = Visitor(site).sign_in(account.login, PASSWORD)
        assert visitor.get("/my-learning").status_code == 200
        desk = visitor.get("/coordination")
        expected = {"coordinator", "owner", "provider"}
        assert desk.status_code == (200 if account.role is not None and account.role.value in expected else 403)


def test_a_programme_is_made_once_and_not_among_others(programmes: Programmes) -> None:
    georgia = programmes["georgia"]
    with georgia.reading() as db:
        before = db.scalar(select(func.count()).select_from(Person))
    assert not make_programme(georgia, TYPES, "georgia")
    with pytest.raises(AnotherDemonstration):
        make_programme(georgia, TYPES, "latvia", scale=0.1)
    with pytest.raises(AnotherDemonstration):
        make_people(georgia, TYPES)
    with georgia.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == before


def test_no_programme_comes_among_real_people(database: Database) -> None:
    with database.writing() as db:
        people.sign_up(db, people.NewPerson("Real", "real", ""), "")
    with pytest.raises(RealPeople):
        make_programme(database, TYPES, "georgia")


def test_a_demonstration_that_was_broken_off_is_not_taken_for_whole(database: Database) -> None:
    with database.writing() as db:
        account = accounts_of("georgia")[0]
        people.sign_up(db, people.NewPerson("Half", account.login, "", is_demo=True), "")
    with pytest.raises(AnotherDemonstration):
        make_programme(database, TYPES, "georgia")


def test_twelve_of_georgias_27_cells_are_complete_from_the_data_alone(programmes: Programmes) -> None:
    with programmes["georgia"].reading() as db:
        towns = db.scalars(select(Unit.id).where(Unit.kind == "municipality")).all()
        cells = [
            each for course in ("e-services", "online-security", "linux-admin") for each in cells_of(db, towns, course)
        ]
        assert len(cells) == 27
        assert sum(cell.left == 0 for cell in cells) == 12
        assert sum(cell.not_started == cell.registered for cell in cells) == 6


def cells_of(db: Session, towns: list[int], course: str) -> list:
    return list(figures(db, towns, course).values())


def test_moldovas_cascade_is_100_80_and_70(programmes: Programmes) -> None:
    with programmes["moldova"].reading() as db:
        offers = {each.course.id: Offer(True, "local", each.course.courses) for each in content.catalogue(db)}
        national = select(Membership.person_id).where(Membership.unit_id == unit(db, "MD-NAT"))
        trained = (
            select(Unit.code, func.count(Attendance.person_id.distinct()))
            .join(TrainingSession, TrainingSession.unit_id == Unit.id)
            .join(Attendance, Attendance.session_id == TrainingSession.id)
            .where(TrainingSession.trainer_id.in_(national), counts(offers))
            .group_by(Unit.code)
        )
        assert {row[0]: row[1] for row in db.execute(trained)} == {"MD-N": 100, "MD-C": 80, "MD-S": 70}
        everybody = select(func.count(Attendance.person_id.distinct())).join(TrainingSession).where(counts(offers))
        assert db.scalar(everybody) == 1220
        assert db.scalar(select(func.count()).where(Membership.unit_id == unit(db, "MD-NAT"))) == 43
        months = {
            held.month
            for held in db.scalars(select(TrainingSession.held_on).where(TrainingSession.trainer_id.in_(national)))
        }
        assert months == {3, 4, 5}
        assert all(tally.staffed == 35 for tally in tallies(db, [unit(db, "MD")], "district", NONE).values())


def test_names_in_tajikistan_come_in_several_scripts_with_corrections(programmes: Programmes) -> None:
    with programmes["tajikistan"].reading() as db:
        names = db.execute(select(Person.name, Person.latin_name)).all()
        scripts = Counter("latin" if name.isascii() else "cyrillic" for name, _ in names)
        assert min(scripts.values()) > 30
        assert all(latin.isascii() and latin for name, latin in names if not name.isascii())
        corrected = db.execute(
            select(PersonName.name, Person.name).join(Person, Person.id == PersonName.person_id)
        ).all()
        assert len(corrected) > 15
        assert all(was != now_called for was, now_called in corrected)


def test_targets_say_what_the_programme_is_for(country: Database) -> None:
    with country.reading() as db:
        target = db.scalars(select(Target).where(Target.unit_id == unit(db, "VN"), Target.counts == "person")).first()
        assert target is not None
        assert (target.share, target.due_on.month, target.due_on.day) == (1.0, 11, 30)
        assert target.due_on >= date.today()  # noqa: DTZ011 - a day, not a moment
