"""A changed lesson of a course that certifies in a programme alone: its holders are told, as those of a course are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.updating import desk_queries, queries, reach_queries
from tests.packs import SMALL, publish
from tests.updating.world import COURSE, FILE, certify, told

INDEX = "courses/first-aid/index.md"
WHOLE = "whole"
PACK = {
    path: "\n".join(line for line in text.splitlines() if not line.startswith("certificate:")) + "\n"
    for path, text in SMALL.items()
} | {
    "courses/whole/index.md": "---\ntitle: The whole way\ncourses: [first-aid]\n"
    "certificate: {title: Whole helper, valid: 24 months}\n---\n\nAll of it.\n"
}


def newest(database, course):
    with database.reading() as db:
        return max(db.scalars(select(CourseVersion.id).where(CourseVersion.course_id == course)))


@pytest.fixture
def update(database, cast):
    """Laura holds the programme's certificate; then a lesson of its part, which gives none, changes."""
    publish(database, PACK)
    old = newest(database, COURSE)
    with database.writing() as db:
        certify(db, cast["laura"], newest(database, WHOLE), course_id=WHOLE)
    publish(database, {**PACK, FILE: PACK[FILE].replace("Four words", "Five words")})
    with database.writing() as db:
        return told(db, cast["tina"], old, newest(database, COURSE)).id


def waiting(database, person):
    with database.reading() as db:
        return [each.id for each in queries.waiting(db, person, now().date())]


def test_holders_of_a_programme_are_told_of_a_changed_part(database, cast, update):
    assert waiting(database, cast["laura"]) == [update]
    assert waiting(database, cast["otto"]) == []
    assert cast.at_browser("laura").get(f"/updates/{update}").status_code == 200
    assert cast.at_browser("otto").get(f"/updates/{update}").status_code == 404
    with database.reading() as db:
        row = reach_queries.told_rows(db, None, now().date(), "en")[0]
    assert row.reach.holders == 1


@pytest.mark.usefixtures("update")
def test_a_trainer_finds_a_part_of_a_programme_with_its_holders(database, cast):
    with database.reading() as db:
        found = {row.id: row.holders for row in desk_queries.courses(db, now().date(), "en")}
    assert found == {COURSE: 1}
    assert "First aid for passwords" in cast.at_browser("tina").get("/authoring/updates").text


@pytest.mark.usefixtures("update")
def test_who_was_certified_after_the_change_is_not_asked_about_it(database, cast):
    later = {"course_id": WHOLE, "issued_at": now() + timedelta(seconds=1)}
    with database.writing() as db:
        certify(db, cast["otto"], newest(database, WHOLE), **later)
        assert queries.missed(db, certify(db, cast["otto"], newest(database, WHOLE), **later), COURSE) == []
    assert waiting(database, cast["otto"]) == []
    with database.writing() as db:
        certify(db, cast["laura"], newest(database, COURSE))
    assert waiting(database, cast["laura"]) == []
