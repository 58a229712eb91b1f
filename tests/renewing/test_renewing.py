"""A certificate is renewed by a fresh exam; questions come back; letters go out once a week at most."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as issuing
from lms.credentials import queries as credentials
from lms.credentials.models import Certificate
from lms.learning import actions as learning
from lms.learning.presentation import question_types
from lms.learning.renewals import settle_renewals
from lms.people.models import Person
from lms.quiz.models import Attempt
from lms.renewing import actions, merging, queries
from lms.renewing.models import ReviewAnswer, ReviewCard
from tests.contracts.world import RIGHT, earn_certificate
from tests.packs import SMALL, publish

DAY = timedelta(days=1)
PRACTICE = "courses/first-aid/01-long-passwords.quiz.md"
CRITICAL = {**SMALL, PRACTICE: SMALL[PRACTICE].replace(
    "{#hardest}\n", "{#hardest}\n\n```quiz\noutcome: keep\ncritical: yes\n```\n")}  # fmt: skip


@pytest.fixture
def laura(database, cast):
    """Laura, who has just earned her certificate."""
    publish(database, CRITICAL)
    person = cast.at_browser(cast.learner)
    with database.reading() as db:
        lessons = [each.id for each in content.current(db, "first-aid").course.lessons]
    for lesson in lessons:
        person.post(f"/courses/first-aid/read/{lesson}")
    earn_certificate(person)
    return person


@pytest.fixture
def code(database, laura):
    assert laura
    with database.reading() as db:
        return db.scalars(select(Certificate.code)).one()


def later(days):
    return time_machine.travel(now() + days * DAY, tick=False)


def held(database):
    with database.reading() as db:
        return db.scalars(select(Certificate).order_by(Certificate.id)).all()


def begin(person, code):
    started = person.post(f"/certificates/{code}/renewal", {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    return str(started.location).split("/")[2]


def answer_all(database, person, attempt, *, right=True):
    with database.reading() as db:
        amount = len(db.get_one(Attempt, attempt).questions)
    for number in range(1, amount + 1):
        page = person.get(f"/attempts/{attempt}/{number}").text
        answer = next(answer for stem, answer in RIGHT.items() if stem in page)
        if not right:
            answer = ["0"] if "longest" in page else ["1"]
        person.post(f"/attempts/{attempt}/{number}", {"answer": answer, "answer_id": str(uuid.uuid4())})


def test_a_certificate_is_renewed_once(database, cast, laura, code):
    assert "You can renew it later" in laura.get(f"/certificates/{code}/renewal").text
    assert laura.post(f"/certificates/{code}/renewal").status_code == 409
    with later(700):
        laura.sign_in(cast.learner)
        assert f"/certificates/{code}/renewal" in laura.get(f"/c/{code}").text
        assert f"/certificates/{code}/renewal" in laura.get("/my-learning").text
        assert "no lesson before it" in laura.get(f"/certificates/{code}/renewal").text
        attempt = begin(laura, code)
        assert begin(laura, code) == attempt  # the same one, where it stopped
        answer_all(database, laura, attempt)
        for _ in range(2):
            assert laura.post(f"/attempts/{attempt}/submit").status_code == 303
        assert "Your certificate is renewed" in laura.get(f"/attempts/{attempt}/result").text
        old, new = held(database)
        assert (old.superseded_by, new.basis, new.completion_key) == (new.id, "renewal", f"renewal/{old.id}")
        assert new.valid_until > old.valid_until
        assert new.code in laura.get(f"/certificates/{code}/renewal").text
        assert laura.post(f"/certificates/{code}/renewal").status_code == 409


def test_two_who_hand_in_at_once_renew_once(app, database, cast, laura, code):
    with later(700):
        laura.sign_in(cast.learner)
        attempt = begin(laura, code)
        answer_all(database, laura, attempt)
        with app.app_context():
            types = question_types()
        barrier = threading.Barrier(2)

        def hand_in():
            barrier.wait()
            with database.writing() as db:
                learning.submit_quiz(db, db.get_one(Attempt, attempt), types)

        threads = [threading.Thread(target=hand_in) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [row.completion_key for row in held(database)][1:] == [f"renewal/{held(database)[0].id}"]
        with database.writing() as db:
            settle_renewals(db, (cast["laura"],), content.current(db, "first-aid"))
        assert len(held(database)) == 2


def test_what_failed_sends_back_to_its_lessons(database, cast, laura, code):
    with later(700):
        laura.sign_in(cast.learner)
        attempt = begin(laura, code)
        answer_all(database, laura, attempt, right=False)
        laura.post(f"/attempts/{attempt}/submit")
        assert "loses nothing by this try" in laura.get(f"/attempts/{attempt}/result").text
        page = laura.get(f"/certificates/{code}/renewal").text
        assert "Keep passwords" in page
        assert "/lessons/" in page
        assert "The next attempt opens" in page
        assert laura.post(f"/certificates/{code}/renewal").status_code == 409
        assert len(held(database)) == 1
    with later(701):
        laura.sign_in(cast.learner)
        page = laura.get(f"/certificates/{code}/renewal").text
        assert "Begin the fresh exam" not in page
        assert "Read 1 lesson again" in page
        assert laura.post(f"/certificates/{code}/renewal", {"attempt_id": str(uuid.uuid4())}).status_code == 409
        read_again(laura, page)
        page = laura.get(f"/certificates/{code}/renewal").text
        assert "You have read their lessons again." in page
        for _ in range(2):  # more often than the exam's two attempts
            attempt = begin(laura, code)
        answer_all(database, laura, attempt)
        laura.post(f"/attempts/{attempt}/submit")
        assert len(held(database)) == 2


def read_again(person, page):
    """Press the button at the end of each lesson that the page of a renewal asks for."""
    asked = re.findall(r'href="/courses/([^/]+)/lessons/([^"]+)"[^<]*</a> <span class="sign sign-wait">', page)
    assert asked
    for course, lesson in asked:
        done = person.post(f"/courses/{course}/read/{lesson}", follow_redirects=True)
        assert "What is left before your next attempt" in done.text


def test_only_lessons_read_since_the_failed_try_open_the_next(database, cast, laura, code):
    for day, is_right in ((700, False), (702, False), (704, True)):
        with later(day):
            laura.sign_in(cast.learner)
            page = laura.get(f"/certificates/{code}/renewal").text
            if day > 700:
                read_again(laura, page)
            attempt = begin(laura, code)
            answer_all(database, laura, attempt, right=is_right)
            laura.post(f"/attempts/{attempt}/submit")
    assert len(held(database)) == 2


def test_a_correction_between_two_tries_keeps_what_is_to_be_read(database, cast, laura, code):
    with later(700):
        laura.sign_in(cast.learner)
        attempt = begin(laura, code)
        answer_all(database, laura, attempt, right=False)
        laura.post(f"/attempts/{attempt}/submit")
        with database.writing() as db:
            row = db.scalars(select(Certificate)).one()
            corrected = issuing.correct(db, row, credentials.facts_of(row), key="correction/1").code
    with later(702):
        laura.sign_in(cast.learner)
        assert "Read 1 lesson again" in laura.get(f"/certificates/{corrected}/renewal").text
        assert laura.post(f"/certificates/{corrected}/renewal", {"attempt_id": str(uuid.uuid4())}).status_code == 409


def test_a_corrected_certificate_is_renewed_in_its_place(database, cast, laura, code):
    with later(700):
        laura.sign_in(cast.learner)
        attempt = begin(laura, code)
        answer_all(database, laura, attempt)
        with database.writing() as db:
            row = db.scalars(select(Certificate)).one()
            issuing.correct(db, row, credentials.facts_of(row), key="correction/1")
        laura.post(f"/attempts/{attempt}/submit")
        first, second, third = held(database)
        assert (first.superseded_by, second.superseded_by, third.superseded_by) == (second.id, third.id, None)


def test_nobody_renews_the_certificate_of_another(cast, code):
    otto = cast.at_browser(cast.other)
    with later(700):
        otto.sign_in(cast.other)
        assert otto.get(f"/certificates/{code}/renewal").status_code == 404
        assert otto.post(f"/certificates/{code}/renewal").status_code == 404


def cards(database):
    with database.reading() as db:
        return db.scalars(select(ReviewCard)).all()


def review(person, database, answer):
    (card,) = cards(database)
    return person.post(
        f"/reviews/{card.id}", {"answer": answer, "answer_id": str(uuid.uuid4())}, follow_redirects=True
    ).text


def test_practice_comes_back_and_exams_never(database, cast, laura, worker):
    worker.drain()
    with database.reading() as db:
        course = content.current(db, "first-aid").course
        assert not set(queries.practice_keys(course)) & set(course.quizzes[course.exam].questions)
    (card,) = cards(database)
    assert card.question_key.endswith("#hardest")
    page = laura.get("/reviews").text
    assert "Nothing is due" in page
    for day in (2, 7, 30):
        with time_machine.travel(card.started_at + timedelta(days=day, hours=1), tick=False):
            laura.sign_in(cast.learner)
            assert "1 question has come back" in laura.get("/my-learning").text
            page = laura.get("/reviews").text
            assert "Which password is hardest" in page
            assert not [stem for stem in RIGHT if stem in page]
            assert laura.post(f"/reviews/{card.id}", {}).status_code == 422
            assert "This is right." in review(laura, database, ["1"])
            review(laura, database, ["0"])  # it is not due any more
            assert "Nothing is due" in laura.get("/reviews").text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ReviewAnswer)) == 3
    assert (cards(database)[0].due_at - card.started_at).days == 90
    with time_machine.travel(card.started_at + 91 * DAY, tick=False):
        laura.sign_in(cast.learner)
        page = review(laura, database, ["0"])
        assert "Not yet." in page
        assert "Length beats symbols." in page
    assert cards(database)[0].lapses == 1
    with database.reading() as db:
        assert queries.forgotten(db, cast["laura"], content.current(db, "first-aid").course) == {"keep": 1}
        assert [row.asked for row in queries.retention(db, "first-aid")] == [3, 1, 0, 0, 0]
    assert cast.at_browser(cast.trainer).get("/authoring/analysis/first-aid/kept").status_code == 200


@pytest.mark.usefixtures("laura")
def test_a_letter_a_week_at_most_and_only_who_takes_reminders(database, cast, worker):
    worker.drain()
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).proved_email = "laura@example.org"
    written = []
    for day, takes in ((1, True), (3, False), (4, True), (5, True), (12, True)):
        with later(day), database.writing() as db:
            db.get_one(Person, cast["laura"]).reminds = takes
            db.flush()
            written.append(list(queries.to_write_to(db, now(), now() - actions.WEEK, 9)) != [])
            if written[-1]:
                actions.jobs.enqueue(db, actions.WRITE, {})
        if written[-1]:
            with later(day):
                worker.drain()
    assert written == [False, False, True, False, True]


@pytest.mark.usefixtures("laura")
def test_two_accounts_of_one_person_keep_one_card(app, database, cast, worker):
    worker.drain()
    with app.app_context():
        types = question_types()
    with database.writing() as db:
        actions.deal(db, queries.Since(cast["otto"], "first-aid", now()), types)
    assert len(cards(database)) == 2
    with database.writing() as db:
        merging.move(db, cast["otto"], cast["laura"])
    assert [card.actor_id for card in cards(database)] == [cast["laura"]]


@pytest.mark.usefixtures("laura")
def test_a_renewal_begins_a_new_deck(app, database, cast, worker):
    worker.drain()
    (old,) = cards(database)
    with app.app_context():
        types = question_types()
    for _ in range(2):
        with database.writing() as db:
            actions.deal(db, queries.Since(cast["laura"], "first-aid", old.started_at + 700 * DAY), types)
    (new,) = cards(database)
    assert (new.due_at - old.started_at).days == 702
