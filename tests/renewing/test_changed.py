"""A renewal asks first about what changed since the certificate, unless its holder has learnt it."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from sqlalchemy import select, update

from lms.clock import now
from lms.content import queries as content
from lms.content.models import CourseVersion
from lms.credentials.models import Certificate
from lms.quiz.models import Attempt
from lms.updating import actions as updating
from lms.updating import queries as updates
from lms.updating.models import CourseUpdate
from tests.packs import publish
from tests.renewing.test_renewing import CRITICAL, DAY, begin
from tests.updating.world import FILE, certify, told


@pytest.fixture
def update_id(database, cast):
    """Laura holds a certificate that ends in 20 days; a lesson about keeping passwords has changed: the update's id."""
    publish(database, CRITICAL)
    with database.writing() as db:
        old = max(db.scalars(select(CourseVersion.id)))
        certify(db, cast["laura"], old, valid_until=now().date() + 20 * DAY)
    publish(database, {**CRITICAL, FILE: CRITICAL[FILE].replace("Four words", "Five words")})
    with database.writing() as db:
        return told(db, cast["tina"], old, max(db.scalars(select(CourseVersion.id)))).id


def answered(database, cast, number, *, is_right):
    with database.writing() as db:
        row = db.scalars(select(CourseUpdate).where(CourseUpdate.id == number)).one()
        updating.keep_answer(db, row, cast["laura"], answer_id=str(uuid.uuid4()), response=1, is_right=is_right)


def asked(database, cast):
    """The outcomes of the questions of Laura's renewal, in their order."""
    laura = cast.at_browser("laura")
    with database.reading() as db:
        code = db.scalars(select(Certificate.code)).one()
    attempt = begin(laura, code)
    with database.reading() as db:
        row = db.get_one(Attempt, attempt)
        questions = content.version(db, row.version_id).questions
        return [questions[key]["en"].outcome for key in row.questions]


@pytest.mark.usefixtures("update_id")
def test_who_did_not_read_of_a_change_is_asked_about_it_first_and_more(database, cast):
    assert asked(database, cast)[:2] == ["keep", "keep"]


def test_who_got_it_wrong_at_first_is_asked_too_and_told_on_the_page(database, cast, update_id):
    answered(database, cast, update_id, is_right=False)
    with database.reading() as db:
        code = db.scalars(select(Certificate.code)).one()
    page = cast.at_browser("laura").get(f"/certificates/{code}/renewal").text
    assert "1 lesson has changed since your certificate" in page
    assert "3 questions" in page
    assert asked(database, cast)[:2] == ["keep", "keep"]


def test_who_learnt_it_is_asked_as_everybody(database, cast, update_id):
    answered(database, cast, update_id, is_right=True)
    assert sorted(asked(database, cast)) == ["help", "keep"]


@pytest.mark.usefixtures("update_id")
def test_what_was_ended_or_told_of_a_version_that_the_holder_has_asks_nothing_more(database, cast):
    with database.writing() as db:
        old = db.scalars(select(Certificate)).one()
        assert len(updates.missed(db, old, "first-aid")) == 1
        db.execute(update(CourseUpdate).values(ended_at=now()))
        assert updates.missed(db, old, "first-aid") == []
        db.execute(update(CourseUpdate).values(ended_at=None))
        new = max(db.scalars(select(CourseVersion.id)))
        assert updates.missed(db, certify(db, cast["otto"], new), "first-aid") == []


@pytest.mark.usefixtures("update_id")
def test_a_programme_asks_about_what_was_told_since_its_certificate(database):
    with database.writing() as db:
        of_programme = db.scalars(select(Certificate)).one()
        of_programme.course_id = "digital-helper"  # not written: only asked about
        with db.no_autoflush:
            of_programme.issued_at = now() - DAY
            assert len(updates.missed(db, of_programme, "first-aid")) == 1
            with time_machine.travel(now() + DAY, tick=False):
                of_programme.issued_at = now()
            assert updates.missed(db, of_programme, "first-aid") == []
        db.expire(of_programme)
