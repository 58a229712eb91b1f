"""An answer waits, somebody grades it, and what hangs on it happens at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.authoring.models import AuthoringStep
from lms.clock import now
from lms.config import Settings
from lms.credentials.models import Certificate
from lms.db import Database
from lms.grading.models import GradingClaim, PassDecision
from lms.jobs import Worker
from lms.learning.models import Enrolment
from lms.people.actions import grant_role
from lms.people.models import Person, PersonChange
from lms.people.rules import Role
from lms.quiz.models import Attempt, GradeNote, QuestionGrade
from tests.cast import Cast, Visitor
from tests.grading.school import (
    CHOICE,
    ESSAY,
    POSTER,
    client_id_in,
    essay,
    files,
    grade,
    hand_in,
    in_force,
    open_school,
    read_all,
    the_attempt,
)
from tests.people.letters import sent, text_of

DESK = "/authoring/grading"
ONE_KIND = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here hangs on the database
VISIT = "stories#visit"


@pytest.fixture
def trainer(cast: Cast) -> Visitor:
    return cast.at_browser(cast.trainer)


@pytest.fixture
def second(cast: Cast, database: Database) -> Visitor:
    """Omar, who is a trainer too here."""
    with database.writing() as db:
        grant_role(db, cast[cast.operator], Role.TRAINER, unit=None, by=None)
    return cast.at_browser(cast.operator)


def waits(cast: Cast, database: Database, login: str = "laura") -> tuple[str, int]:
    """Somebody has read everything and handed in an essay: the attempt, the grade that waits."""
    person = cast.at_browser(login)
    read_all(person)
    attempt = hand_in(person, {"Which is longest": {"answer": "1"}, "Describe one": essay()})
    return attempt, in_force(database, attempt, VISIT).id


def steps(database: Database, kind: str) -> list[AuthoringStep]:
    with database.reading() as db:
        return list(db.scalars(select(AuthoringStep).where(AuthoringStep.kind == kind).order_by(AuthoringStep.id)))


def test_the_last_grade_completes_certifies_and_tells(
    cast: Cast, database: Database, trainer: Visitor, worker: Worker, settings: Settings
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    with database.writing() as db:
        laura = db.get_one(Person, cast["laura"])
        laura.proved_email = "laura@example.org"
        db.query(PersonChange).delete()
    shown = cast.at_browser("laura").get(f"/attempts/{attempt}/result").text
    assert "waits for a trainer since" in shown
    page = trainer.get(DESK).text
    assert "1 answer waits for a person" in page
    assert "Laura" not in page
    taken = trainer.post(f"{DESK}/next")
    assert taken.location == f"{DESK}/{waiting}"
    page = trainer.get(taken.location).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "Laura" not in page
    assert "says what the reader wanted" in page
    saved = grade(trainer, waiting, "2", "1.5", comment="Well told.\n<b>Next time</b> shorter.", after=str(waiting))
    assert saved.status_code == 303
    kept = the_attempt(database, attempt)
    assert (kept.score, kept.points, kept.passed) == (1 + 3.5, 5, True)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 1
        assert db.scalars(select(Enrolment)).one().completed_at is not None
        assert cast["laura"] in set(db.scalars(select(PersonChange.person_id)))
        assert db.scalars(select(GradeNote)).one().criteria == [2.0, 1.5]
        assert db.scalars(select(GradingClaim)).all() == []
    step = steps(database, "graded")[0]
    assert (step.pack, step.course_id, step.by) == ("stories", "stories", cast["tina"])
    worker.drain()
    told = [str(letter["Subject"]) for letter in sent(settings.home)]
    assert "Your work was graded: Stories" in told
    shown = cast.at_browser("laura").get(f"/attempts/{attempt}/result").text
    assert "3.5 of 4" in shown
    assert "&lt;b&gt;Next time&lt;/b&gt; shorter." in shown
    assert "says what the reader wanted" in shown
    assert "waits for a trainer since" not in shown


@ONE_KIND
def test_a_form_that_is_not_whole_keeps_what_was_typed(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    _, waiting = waits(cast, database)
    for points in (("2",), ("2", "9"), ("2", "0.25"), ("2", "nan"), ("2", "-1")):
        answer = grade(trainer, waiting, *points, comment="Not lost")
        assert answer.status_code == 422
        assert "Choose the points for this line." in answer.text
        assert "Not lost" in answer.text
        assert 'value="2" data-points="2" checked' in answer.text
    with database.reading() as db:
        assert db.get_one(QuestionGrade, waiting).superseded_at is None


def test_the_same_form_twice_is_one_grade(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    same = client_id_in(trainer.get(f"{DESK}/{waiting}").text)
    for _ in range(2):
        assert grade(trainer, waiting, "2", "2", client_id=same).status_code == 303
    with database.reading() as db:
        given = select(func.count()).select_from(QuestionGrade).where(QuestionGrade.question_key == VISIT)
        assert db.scalar(given) == 2
    assert in_force(database, attempt, VISIT).score == 1.0
    assert len(steps(database, "graded")) == 1


def test_two_trainers_see_each_other_and_the_first_grade_counts(
    cast: Cast, database: Database, trainer: Visitor, second: Visitor
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    trainer.post(f"{DESK}/next")
    assert "Tina Teacher grades it now" in second.get(DESK).text
    assert "Tina Teacher took this answer" in second.get(f"{DESK}/{waiting}").text
    assert second.post(f"{DESK}/next").location == DESK, "nobody is handed what somebody else grades"
    grade(trainer, waiting, "2", "2", comment="Good")
    late = grade(second, waiting, "0", "0", comment="Bad")
    assert late.status_code == 409
    assert "Tina Teacher was first: 4 points." in late.text
    assert "Bad" in late.text
    assert in_force(database, attempt, VISIT).score == 1.0
    current = in_force(database, attempt, VISIT).id
    form = {"points-0": "0", "points-1": "0"}
    assert second.post(f"{DESK}/{current}/keep", form).status_code == 303
    assert steps(database, "grade-kept")[0].detail["score"] == 0.0
    replaced = grade(second, current, "1", "2", reason="A step is missing")
    assert replaced.status_code == 303, replaced.text
    assert in_force(database, attempt, VISIT).score == 0.75
    with database.reading() as db:
        scores = db.scalars(
            select(QuestionGrade.score).where(QuestionGrade.question_key == VISIT).order_by(QuestionGrade.id)
        )
        assert list(scores) == [None, 1.0, 0.75]


@ONE_KIND
def test_a_claim_ends_by_itself(cast: Cast, database: Database, trainer: Visitor, second: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    _, waiting = waits(cast, database)
    trainer.post(f"{DESK}/{waiting}/take")
    with time_machine.travel(now() + timedelta(minutes=21)):
        assert second.post(f"{DESK}/next").location == f"{DESK}/{waiting}"


@ONE_KIND
def test_later_leads_to_the_next_and_leaves_it_waiting(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    _, first = waits(cast, database)
    _, other = waits(cast, database, "otto")
    assert trainer.post(f"{DESK}/next", {"course": "stories"}).location == f"{DESK}/{first}?course=stories"
    on = trainer.post(f"{DESK}/{first}/later", {"course": "stories", "question": VISIT})
    assert on.location == f"{DESK}/{other}?course=stories&question=stories%23visit"
    assert grade(trainer, other, "0", "0", course="stories").location == f"{DESK}?course=stories"
    page = trainer.get(f"{DESK}?course=stories").text
    assert "1 answer waits for a person" in page
    assert trainer.post(f"{DESK}/next", {"course": "first-aid"}).location == f"{DESK}?course=first-aid"


@ONE_KIND
def test_what_cannot_be_a_name_narrows_nothing_and_is_not_carried_on(
    cast: Cast, database: Database, trainer: Visitor
) -> None:
    open_school(database, CHOICE, ESSAY)
    _, first = waits(cast, database)
    odd = {"course": "a\r\nSet-Cookie: a=b", "question": "x" * 301}
    assert trainer.post(f"{DESK}/next", odd).location == f"{DESK}/{first}"
    assert trainer.post(f"{DESK}/{first}/later", odd).location == DESK


@ONE_KIND
def test_what_fails_is_told_too_and_may_be_tried_again(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    assert the_attempt(database, attempt).passed is None
    grade(trainer, waiting, "0", "0")
    assert the_attempt(database, attempt).passed is False
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 0


def test_a_correction_asks_why_and_never_takes_a_pass_silently(
    cast: Cast, database: Database, trainer: Visitor
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    grade(trainer, waiting, "2", "2")
    current = in_force(database, attempt, VISIT).id
    assert str(current) in trainer.get(f"{DESK}/graded").text
    assert trainer.get(f"{DESK}/{waiting}").location == f"{DESK}/{current}"
    silent = grade(trainer, current, "0", "0")
    assert silent.status_code == 422
    assert "Say why you correct this grade" in silent.text
    warned = grade(trainer, current, "0", "0", reason="Copied")
    assert warned.status_code == 409
    assert "This attempt is passed. With these points it would not be." in warned.text
    assert in_force(database, attempt, VISIT).id == current, "nothing is kept before she says that she knows"
    sure = grade(trainer, current, "0", "0", reason="Copied", sure="1")
    assert sure.status_code == 303
    kept = the_attempt(database, attempt)
    assert (kept.score, kept.passed) == (1.0, True)
    with database.reading() as db:
        assert db.scalars(select(Certificate)).one().revoked_at is None
        waiting_case = db.scalars(select(PassDecision)).one()
    page = trainer.get(f"{DESK}/decisions").text
    assert "Laura Lapiņa" in page
    assert "Take the pass back" not in page, "a certificate hangs on it"
    back = trainer.post(f"{DESK}/decisions/{waiting_case.id}", {"what": "take-back", "reason": "Copied"})
    assert back.status_code == 409
    assert trainer.post(f"{DESK}/decisions/{waiting_case.id}", {"what": "keep"}).status_code == 422
    trainer.post(f"{DESK}/decisions/{waiting_case.id}", {"what": "keep", "reason": "She showed it in person"})
    assert "Nothing waits for a decision" in trainer.get(f"{DESK}/decisions").text
    assert the_attempt(database, attempt).passed is True


@ONE_KIND
def test_a_correction_upwards_leaves_nothing_to_decide(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, waiting = waits(cast, database)
    grade(trainer, waiting, "2", "2")
    grade(trainer, in_force(database, attempt, VISIT).id, "0", "0", reason="Copied", sure="1")
    grade(trainer, in_force(database, attempt, VISIT).id, "2", "1", reason="Not copied")
    with database.reading() as db:
        assert db.scalars(select(PassDecision.decision)).all() == ["mended"]


@ONE_KIND
def test_a_pass_without_a_certificate_can_be_taken_back(
    cast: Cast, database: Database, trainer: Visitor, worker: Worker, settings: Settings
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt = hand_in(cast.at_browser("laura"), {"Which is longest": {"answer": "1"}, "Describe one": essay()})
    grade(trainer, in_force(database, attempt, VISIT).id, "2", "2")
    grade(trainer, in_force(database, attempt, VISIT).id, "0", "0", reason="Copied", sure="1")
    with database.reading() as db:
        case = db.scalars(select(PassDecision.id)).one()
    form = {"what": "take-back", "reason": "Copied"}
    assert trainer.post(f"{DESK}/decisions/{case}", form).status_code == 303
    assert the_attempt(database, attempt).passed is False
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).proved_email = "laura@example.org"
    worker.drain()
    assert "It is not passed yet" in text_of(sent(settings.home)[-1])


@ONE_KIND
def test_the_name_is_shown_when_asked_for_and_that_is_noted(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    _, waiting = waits(cast, database)
    shown = trainer.post(f"{DESK}/{waiting}/name", {"comment": "half a thought", "points-0": "1.5"}).text
    assert "Laura Lapiņa" in shown
    assert "half a thought" in shown
    assert 'value="1.5" data-points="1.5" checked' in shown
    assert steps(database, "name-shown")[0].by == cast["tina"]


@ONE_KIND
def test_points_without_a_rubric_and_for_files(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, POSTER)
    handed = files(("poster.png", b"\x89PNG\r\n\x1a\n"))
    attempt = hand_in(cast.at_browser("laura"), {"Which is longest": {"answer": "1"}, "Make a poster": handed})
    waiting = in_force(database, attempt, "stories#poster").id
    page = trainer.get(f"{DESK}/{waiting}").text
    assert "Points for this answer" in page
    assert "poster.png" in page
    assert grade(trainer, waiting, "1.5").status_code == 303
    assert in_force(database, attempt, "stories#poster").score == 0.75


@ONE_KIND
def test_nothing_answered_and_what_rules_grade_is_not_on_the_desk(
    cast: Cast, database: Database, trainer: Visitor
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt = hand_in(cast.at_browser("laura"), {"Which is longest": {"answer": "1"}, "Describe one": None})
    assert "No answer waits for a person" in trainer.get(DESK).text
    for key in (VISIT, "stories#longest"):
        assert trainer.get(f"{DESK}/{in_force(database, attempt, key).id}").status_code == 404
    assert trainer.get(f"{DESK}/999999").status_code == 404


def test_the_queue_goes_on_page_by_page(cast: Cast, database: Database, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt, _ = waits(cast, database)
    with database.writing() as db:
        known = db.get_one(Attempt, attempt)
        columns = {column.name: getattr(known, column.name) for column in Attempt.__table__.columns}
        for number in range(2, 61):
            copy = Attempt(**{**columns, "id": str(uuid.uuid4()), "number": number})
            db.add(copy)
            db.flush()
            db.add(QuestionGrade(attempt_id=copy.id, question_key=VISIT, points=4, graded_at=now()))
    first = trainer.get(DESK).text
    assert "60 answers wait for a person" in first
    assert first.count("/take") == 50
    later = first.split('rel="next"')[0].split("after=")[-1].split('"')[0]
    assert trainer.get(f"{DESK}?after={later}").text.count("/take") == 10
