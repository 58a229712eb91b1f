"""The certificate of a programme is renewed by a fresh exam of each of its courses."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.credentials.models import Certificate
from lms.quiz.models import Attempt
from tests.contracts.world import RIGHT
from tests.packs import SMALL, publish

COURSES = ("first-aid", "second-aid")
SECOND = {
    path.replace("first-aid", "second-aid"): text.replace("first-aid", "second-aid").replace("First aid", "Second aid")
    for path, text in SMALL.items()
    if not path.endswith(".lv.md")
}
WHOLE = {
    "courses/whole/index.md": "---\ntitle: The whole way\ncourses: [first-aid, second-aid]\n"
    "certificate: {title: Whole helper, valid: 24 months}\n---\n\nBoth.\n"
}


@pytest.fixture
def laura(database, cast):
    """Laura, who has completed both courses and with them the programme."""
    publish(database, {**SMALL, **SECOND, **WHOLE})
    person = cast.at_browser(cast.learner)
    for course in COURSES:
        for lesson in ("long-passwords", "helping"):
            person.post(f"/courses/{course}/read/{lesson}")
        pass_exam(database, person, f"/courses/{course}/quizzes/{course}-exam")
    return person


def pass_exam(database, person, path, **form):
    started = person.post(path, {"attempt_id": str(uuid.uuid4()), **form})
    assert started.status_code == 303, started.text
    attempt = str(started.location).split("/")[2]
    with database.reading() as db:
        amount = len(db.get_one(Attempt, attempt).questions)
    for number in range(1, amount + 1):
        page = person.get(f"/attempts/{attempt}/{number}").text
        answer = next(answer for stem, answer in RIGHT.items() if stem in page)
        person.post(f"/attempts/{attempt}/{number}", {"answer": answer, "answer_id": str(uuid.uuid4())})
    assert person.post(f"/attempts/{attempt}/submit").status_code == 303


def held(database, course="whole"):
    with database.reading() as db:
        rows = select(Certificate).where(Certificate.course_id == course).order_by(Certificate.id)
        return db.scalars(rows).all()


def test_each_course_is_asked_and_the_last_one_renews(database, cast, laura):
    (old,) = held(database)
    path = f"/certificates/{old.code}/renewal"
    assert "You can renew it later" in laura.get(path).text
    with time_machine.travel(now() + timedelta(days=700), tick=False):
        laura.sign_in(cast.learner)
        page = laura.get(path).text
        assert "rests on several courses: it is renewed as soon as you have passed the fresh exam of each" in page
        assert page.count("Begin the fresh exam") == 2
        assert page.index("First aid for passwords") < page.index("Second aid for passwords")
        pass_exam(database, laura, path, course="second-aid")
        page = laura.get(path).text
        assert page.count("passed afresh") == 1
        assert page.count("Begin the fresh exam") == 1
        assert laura.post(path, {"course": "second-aid", "attempt_id": str(uuid.uuid4())}).status_code == 409
        assert laura.post(path, {"course": "whole", "attempt_id": str(uuid.uuid4())}).status_code == 409
        assert len(held(database)) == 1
        pass_exam(database, laura, path, course="first-aid")
        first, second = held(database)
        assert (first.superseded_by, second.basis) == (second.id, "renewal")
        assert second.valid_until > first.valid_until
        assert second.code in laura.get(path).text
        assert "A newer certificate stands in its place" in laura.get(path).text


def test_a_course_that_was_renewed_by_itself_is_not_asked_again(database, cast, laura):
    (old,) = held(database)
    (own,) = held(database, "first-aid")
    with time_machine.travel(now() + timedelta(days=700), tick=False):
        laura.sign_in(cast.learner)
        pass_exam(database, laura, f"/certificates/{own.code}/renewal")
        page = laura.get(f"/certificates/{old.code}/renewal").text
        assert page.count("passed afresh") == 1
        pass_exam(database, laura, f"/certificates/{old.code}/renewal", course="second-aid")
        assert [row.basis for row in held(database)] == ["completion", "renewal"]
