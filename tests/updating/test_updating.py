"""A changed lesson as an update: whom it is for, what they see, what counts, whom it reached."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.credentials.models import Certificate
from lms.updating import queries
from lms.updating.actions import ToldAlready
from lms.updating.models import CourseUpdate, UpdateAnswer
from tests.at_once import twice
from tests.updating.world import COURSE, LESSON, WORDS, certify, change, told

DAY = timedelta(days=1)


@pytest.fixture
def old(database, app):
    assert app
    with database.reading() as db:
        return db.scalars(select(CourseVersion.id)).one()


@pytest.fixture
def update(database, cast, old):
    """Laura is certified, then the first lesson changes, and Tina tells holders."""
    with database.writing() as db:
        certify(db, cast["laura"], old)
    new = change(database)
    with database.writing() as db:
        return told(db, cast["tina"], old, new).id


def test_what_is_told_twice_at_one_moment_is_one_update(database, cast, old):
    new, key = change(database), str(uuid.uuid4())
    first, second = twice(database, lambda db: told(db, cast["tina"], old, new, client_id=key).id)
    assert first == second
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CourseUpdate)) == 1


def test_of_two_who_tell_of_one_change_at_one_moment_one_does(database, cast, old):
    new = change(database)

    def tell(db):
        try:
            return told(db, cast["tina"], old, new).id
        except ToldAlready as already:
            return already.update

    first, second = twice(database, tell)
    assert first == second


def waiting(database, person, day=None):
    with database.reading() as db:
        return [each.id for each in queries.waiting(db, person, day or now().date())]


def answers(database):
    with database.reading() as db:
        return db.execute(select(UpdateAnswer.is_right, UpdateAnswer.is_first).order_by(UpdateAnswer.at)).all()


def test_it_is_for_holders_of_older_certificates_and_for_nobody_else(database, cast, update):
    assert waiting(database, cast["laura"]) == [update]
    assert waiting(database, cast["otto"]) == []
    assert cast.at_browser("otto").get(f"/updates/{update}").status_code == 404


@pytest.mark.parametrize(
    "facts",
    [{"revoked_at": now()}, {"valid_until": now().date() - DAY}, {"erased_at": now()}],
    ids=["withdrawn", "expired", "erased"],
)
@pytest.mark.usefixtures("update")
def test_whose_certificate_is_not_valid_is_not_asked(database, cast, facts):
    with database.writing() as db:
        row = db.scalars(select(Certificate)).one()
        for name, value in facts.items():
            setattr(row, name, value)
    assert waiting(database, cast["laura"]) == []


def test_whoever_is_certified_anew_knows_it_already(database, cast, update):
    with database.writing() as db:
        certify(db, cast["laura"], db.get_one(CourseUpdate, update).new_version_id)
    assert waiting(database, cast["laura"]) == []


def test_a_reader_sees_the_words_what_differs_and_one_question(cast, update):
    laura = cast.at_browser("laura")
    assert "1 update since your certificate, two minutes" in laura.get("/my-learning").text
    assert WORDS["en"]["what"] in laura.get("/updates").text
    page = laura.get(f"/updates/{update}").text
    assert WORDS["en"]["why"] in page
    assert "<ins>Sixteen letters are the least today.</ins>" in re.sub(r"\s+<", "<", page)
    assert "Hands off" not in page
    assert 'name="answer"' in page


def test_an_answer_is_kept_once_and_explained(database, cast, update):
    laura, key = cast.at_browser("laura"), str(uuid.uuid4())
    wrong = {"answer": "0", "answer_id": key}
    first = laura.post(f"/updates/{update}", wrong)
    assert first.status_code == 303
    laura.post(f"/updates/{update}", wrong)
    assert [tuple(row) for row in answers(database)] == [(False, True)]
    page = laura.get(first.location.partition("#")[0]).text
    assert "Try again" in page
    assert "Done: you are up to date" in page
    laura.post(f"/updates/{update}", {"answer": "1", "answer_id": str(uuid.uuid4())})
    assert [tuple(row) for row in answers(database)] == [(False, True), (True, False)]
    assert waiting(database, cast["laura"]) == []
    assert "since your certificate" not in laura.get("/my-learning").text


def test_nothing_chosen_keeps_nothing_and_says_so(database, cast, update):
    answer = cast.at_browser("laura").post(f"/updates/{update}", {"answer_id": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Nothing is chosen yet" in answer.text
    assert answers(database) == []


def test_another_persons_answer_is_not_shown(cast, database, update):
    with database.writing() as db:
        certify(db, cast["otto"], db.get_one(CourseUpdate, update).old_version_id)
    key = str(uuid.uuid4())
    cast.at_browser("laura").post(f"/updates/{update}", {"answer": "0", "answer_id": key})
    page = cast.at_browser("otto").get(f"/updates/{update}?answer={key}").text
    assert "Try again" not in page


def test_without_a_question_reading_is_enough(database, cast, old):
    with database.writing() as db:
        certify(db, cast["laura"], old)
    new = change(database)
    with database.writing() as db:
        row = told(db, cast["tina"], old, new, question="").id
    laura = cast.at_browser("laura")
    assert "I have read it" in laura.get(f"/updates/{row}").text
    laura.post(f"/updates/{row}", {"answer_id": str(uuid.uuid4())})
    assert [tuple(each) for each in answers(database)] == [(None, True)]
    assert waiting(database, cast["laura"]) == []


def test_a_trainer_tells_of_a_changed_lesson_once(database, cast, old):
    with database.writing() as db:
        certify(db, cast["laura"], old)
    change(database)
    tina = cast.at_browser("tina")
    assert f"lesson={LESSON}" in tina.get(f"/authoring/courses/{COURSE}/updates").text
    assert "lesson=helping" not in tina.get(f"/authoring/courses/{COURSE}/updates").text
    form = tina.get(f"/authoring/courses/{COURSE}/updates?lesson={LESSON}&old={old}").text
    assert "1 person will read this" in form
    assert form.index("What they will see of the lesson") < form.index(">Tell holders<")
    sent = {
        "client_id": str(uuid.uuid4()), "lesson": LESSON, "old": old, "question": f"{LESSON}#hardest",
        "what-en": "Longer ones", "why-en": "", "what-lv": "", "why-lv": "",
    }  # fmt: skip
    refused = tina.post(f"/authoring/courses/{COURSE}/updates", sent)
    assert refused.status_code == 422
    assert "Longer ones" in refused.text
    sent["why-en"] = "Machines guess"
    for _again in range(2):
        assert tina.post(f"/authoring/courses/{COURSE}/updates", sent).status_code == 303
    with database.reading() as db:
        row = db.scalars(select(CourseUpdate)).one()
    assert row.words == {"en": {"what": "Longer ones", "why": "Machines guess"}}
    assert waiting(database, cast["laura"]) == [row.id]
    again = tina.post(f"/authoring/courses/{COURSE}/updates", {**sent, "client_id": str(uuid.uuid4())})
    assert again.location.endswith(f"/authoring/updates/{row.id}")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CourseUpdate)) == 1
    assert "Holders told of a changed lesson" in tina.get("/authoring/packs/tests/steps").text


def test_a_version_or_lesson_that_is_not_there_cannot_be_told_of(cast, old):
    tina = cast.at_browser("tina")
    for query in (f"lesson={LESSON}&old=999", f"lesson=nothing&old={old}"):
        assert tina.get(f"/authoring/courses/{COURSE}/updates?{query}").status_code == 404


def test_an_ended_update_asks_nobody_else(database, cast, update):
    assert cast.at_browser("tina").post(f"/authoring/updates/{update}/end").status_code == 303
    assert waiting(database, cast["laura"]) == []
    assert cast.at_browser("laura").get(f"/updates/{update}").status_code == 404
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(UpdateAnswer)) == 0


def test_a_certificate_stays_as_it_is(cast, database, update):
    code = None
    with database.reading() as db:
        code = db.scalars(select(Certificate.code)).one()
        before = db.scalars(select(Certificate)).one()
    cast.at_browser("laura").post(f"/updates/{update}", {"answer": "0", "answer_id": str(uuid.uuid4())})
    with database.reading() as db:
        after = db.scalars(select(Certificate)).one()
        assert (after.code, after.revoked_at, after.valid_until) == (code, None, before.valid_until)
