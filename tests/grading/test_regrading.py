"""A corrected key: shown first, then graded again, once, whatever happens to the worker."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from lms.authoring.models import AuthoringStep
from lms.credentials.models import Certificate
from lms.grading import regrading
from lms.grading.models import ChangedKey, PassDecision, Regrading
from lms.jobs import Job
from lms.learning.models import Enrolment
from lms.people.models import Person, PersonChange
from lms.quiz.models import QuestionGrade
from tests.grading.school import (
    CHOICE,
    ESSAY,
    MENDED,
    essay,
    grade,
    hand_in,
    in_force,
    open_school,
    read_all,
    the_attempt,
)
from tests.people.letters import sent

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

LONGEST = "stories#longest"
DESK = "/authoring/grading"
ADDRESS = f"{DESK}/keys/stories/stories%23longest"
ABC, ABCDEF, ABCD = {"answer": "0"}, {"answer": "1"}, {"answer": "2"}


def takes(cast: Cast, login: str, answer: dict[str, Any] | None) -> str:
    person = cast.at_browser(login)
    read_all(person)
    return hand_in(person, {"Which is longest": answer})


def counted(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def ask(trainer: Visitor) -> str:
    regrading_id = str(uuid.uuid4())
    for _ in range(2):  # twice is once
        assert trainer.post(ADDRESS, {"regrading_id": regrading_id}).status_code == 303
    return f"{DESK}/regradings/{regrading_id}"


@pytest.fixture
def trainer(cast: Cast) -> Visitor:
    return cast.at_browser(cast.trainer)


@pytest.fixture
def three(cast: Cast, database: Database, worker: Worker) -> dict[str, str]:
    """Laura was right all the time, Otto only by the wrong key, Nora by none; then the key is mended."""
    open_school(database, CHOICE)
    attempts = {
        "laura": takes(cast, "laura", ABC),
        "otto": takes(cast, "otto", ABCDEF),
        "nora": takes(cast, "nora", ABCD),
        "sid": takes(cast, "sid", None),
    }
    worker.drain()
    assert [the_attempt(database, each).passed for each in attempts.values()] == [False, True, False, False]
    open_school(database, MENDED)
    worker.drain()
    return attempts


def test_what_would_change_is_shown_before_anything_is_graded(
    database: Database, worker: Worker, trainer: Visitor, three: dict[str, str]
) -> None:
    assert "1 changed key" in trainer.get(DESK).text
    assert "Which is longest?" in trainer.get(f"{DESK}/keys").text
    page = trainer.get(ADDRESS).text
    assert "abcdef" in page, "what was right before is said"
    address = ask(trainer)
    assert "What would change?" in trainer.get(address).text
    assert trainer.post(f"{address}/confirm").status_code == 303
    worker.drain()
    page = " ".join(trainer.get(address).text.split())
    assert "This is what would change" in page, "saying yes too early changes nothing"
    for words, number in [
        ("Attempts graded by its key", 4),
        ("Would get more points", 1),
        ("Would get fewer points", 1),
        ("Would pass now", 1),
        ("Would no longer pass", 1),
        ("Certificates that these people hold", 1),
    ]:
        assert f"<dt>{words}</dt><dd>{number}</dd>" in page
    assert in_force(database, three["laura"], LONGEST).score == 0.0
    assert counted(database, QuestionGrade) == 4
    assert trainer.post(f"{address}/drop").location == f"{DESK}/keys"
    assert counted(database, ChangedKey) == 0
    assert trainer.post(f"{address}/confirm").status_code == 303
    worker.drain()
    assert counted(database, QuestionGrade) == 4, "what was left as it was stays so"


def test_the_key_is_mended_for_everybody(
    cast: Cast, database: Database, worker: Worker, trainer: Visitor, three: dict[str, str], settings: Settings
) -> None:
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).proved_email = "laura@example.org"
        db.query(PersonChange).delete()
    address = ask(trainer)
    worker.drain()
    for _ in range(2):
        trainer.post(f"{address}/confirm")
    worker.drain()
    laura, otto = the_attempt(database, three["laura"]), the_attempt(database, three["otto"])
    assert (laura.score, laura.passed) == (1.0, True)
    assert (otto.score, otto.passed) == (0.0, True), "a pass is not taken away silently"
    with database.reading() as db:
        holders = db.scalars(select(Certificate.actor_id).where(Certificate.revoked_at.is_(None)))
        assert set(holders) == {cast["laura"], cast["otto"]}
        assert len(set(db.scalars(select(Enrolment.completed_at).where(Enrolment.actor_id == cast["laura"])))) == 1
        assert set(db.scalars(select(PersonChange.person_id))) == {cast["laura"], cast["otto"]}
        case = db.scalars(select(PassDecision)).one()
        assert (case.attempt_id, case.decision, case.raised_by) == (three["otto"], "", cast["tina"])
        kinds = select(AuthoringStep.kind).where(AuthoringStep.kind.like("regrade%")).order_by(AuthoringStep.id)
        assert db.scalars(kinds).all() == ["regrade-asked", "regrade-confirmed", "regraded"]
        old = db.scalars(
            select(QuestionGrade).where(
                QuestionGrade.attempt_id == three["laura"], QuestionGrade.superseded_at.is_not(None)
            )
        ).one()
        assert old.score == 0.0
    assert counted(database, QuestionGrade) == 6
    page = trainer.get(address).text
    assert "Graded again" in page
    assert "Decide about those who keep their pass" in page
    assert "Otto Südsen" in trainer.get(f"{DESK}/decisions").text
    assert "No key differs" in trainer.get(f"{DESK}/keys").text
    letters = {str(letter["To"]): str(letter["Subject"]) for letter in sent(settings.home)}
    assert letters.keys() == {"laura@example.org"}
    shown = cast.at_browser("laura").get(f"/attempts/{three['laura']}/result").text
    assert "The key of this question was corrected" in shown


def shown_key(cast: Cast, login: str, attempt: str) -> str:
    """The part of a result page with the question whose key was mended."""
    page = cast.at_browser(login).get(f"/attempts/{attempt}/result").text
    return page[page.index("Question by question") :]


def option(part: str, number: int) -> str:
    return part.split('<label class="choice')[number + 1].partition("</label>")[0]


def test_the_result_shows_the_key_by_which_it_counts(
    cast: Cast, worker: Worker, trainer: Visitor, three: dict[str, str]
) -> None:
    note = "The key of this question was corrected on"
    before = shown_key(cast, "nora", three["nora"])
    assert note not in before
    assert " is-right" in option(before, 1)
    address = ask(trainer)
    worker.drain()
    trainer.post(f"{address}/confirm")
    worker.drain()
    for login, reached in (("laura", "1"), ("otto", "0"), ("nora", "0"), ("sid", "0")):
        part = shown_key(cast, login, three[login])
        assert note in part
        assert f"it counts as {reached} of 1." in part
        assert [number for number in range(3) if " is-right" in option(part, number)[:12]] == [0], login
    assert "Your answer." in option(shown_key(cast, "otto", three["otto"]), 1)


@pytest.mark.usefixtures("three")
def test_again_by_the_same_key_nothing_changes(database: Database, worker: Worker, trainer: Visitor) -> None:
    for _ in range(2):
        address = ask(trainer)
        worker.drain()
        trainer.post(f"{address}/confirm")
        worker.drain()
    assert counted(database, QuestionGrade) == 6
    assert counted(database, PassDecision) == 1
    assert "Nothing would change" in trainer.get(ask_and_look(trainer, worker)).text
    open_school(database, MENDED, head="---\ntitle: New words\npass: 60%\n---\n")
    worker.drain()
    assert counted(database, ChangedKey) == 0, "who was graded by this very key need not be graded again"
    open_school(database, CHOICE)
    worker.drain()
    assert counted(database, ChangedKey) == 1


def ask_and_look(trainer: Visitor, worker: Worker) -> str:
    address = ask(trainer)
    worker.drain()
    return address


class Killed(BaseException):
    """As if the process was gone."""


@pytest.mark.usefixtures("three")
def test_a_killed_worker_loses_one_batch_and_the_next_goes_on(
    database: Database,
    worker: Worker,
    trainer: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regrading, "MOST_ATTEMPTS", 1)
    address = ask_and_look(trainer, worker)
    trainer.post(f"{address}/confirm")
    batches, complete = [0], regrading.more

    def dies_after_three(counts: Any, found: Any) -> dict[str, int]:
        batches[0] += 1
        if batches[0] == 3:
            raise Killed
        return complete(counts, found)

    monkeypatch.setattr(regrading, "more", dies_after_three)
    with pytest.raises(Killed):
        worker.drain()
    with database.reading() as db:
        row = db.scalars(select(Regrading)).one()
        assert (row.state, row.made["attempts"]) == ("writing", 2)
    monkeypatch.setattr(regrading, "more", complete)
    end_leases(database)
    worker.drain()
    with database.reading() as db:
        row = db.scalars(select(Regrading)).one()
    assert row.state == "done"
    assert {name: row.made[name] for name in ("attempts", "changed", "passed", "lost", "certificates")} == {
        "attempts": 4, "changed": 2, "passed": 1, "lost": 1, "certificates": 1,
    }  # fmt: skip
    assert counted(database, QuestionGrade) == 6
    assert counted(database, Certificate) == 2


def end_leases(database: Database) -> None:
    """As if the lease's two minutes were over."""
    with database.writing() as db:
        db.execute(update(Job).values(lease_until=None))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_people_graded_stays_and_counts(cast: Cast, database: Database, worker: Worker, trainer: Visitor) -> None:
    open_school(database, CHOICE, ESSAY)
    laura = cast.at_browser("laura")
    attempt = hand_in(laura, {"Which is longest": ABC, "Describe one": essay()})
    grade(trainer, in_force(database, attempt, "stories#visit").id, "1", "1")
    assert the_attempt(database, attempt).passed is False
    open_school(database, MENDED, ESSAY)
    worker.drain()
    address = ask_and_look(trainer, worker)
    trainer.post(f"{address}/confirm")
    worker.drain()
    kept = the_attempt(database, attempt)
    assert (kept.score, kept.passed) == (3.0, True)
    assert "A person grades this question" in trainer.get(f"{DESK}/keys/stories/stories%23visit").text
    assert trainer.post(f"{DESK}/keys/stories/stories%23visit").status_code == 409


def test_an_attempt_that_waits_for_a_person_goes_on_waiting(
    cast: Cast, database: Database, worker: Worker, trainer: Visitor
) -> None:
    open_school(database, CHOICE, ESSAY)
    attempt = hand_in(cast.at_browser("laura"), {"Which is longest": ABC, "Describe one": essay()})
    open_school(database, MENDED, ESSAY)
    worker.drain()
    address = ask_and_look(trainer, worker)
    trainer.post(f"{address}/confirm")
    worker.drain()
    kept = the_attempt(database, attempt)
    assert (kept.score, kept.passed) == (1.0, None)
    assert in_force(database, attempt, "stories#visit").score is None


def begin(person: Visitor) -> str:
    started = person.post("/courses/stories/quizzes/stories", {"attempt_id": str(uuid.uuid4())})
    return str(started.location).split("/")[2]


def test_who_began_before_and_hands_in_afterwards_is_graded_by_the_corrected_key_too(
    cast: Cast, database: Database, worker: Worker, trainer: Visitor
) -> None:
    open_school(database, CHOICE)
    takes(cast, "otto", ABCDEF)
    laura = cast.at_browser("laura")
    read_all(laura)
    attempt = begin(laura)
    open_school(database, MENDED)
    worker.drain()
    address = ask_and_look(trainer, worker)
    trainer.post(f"{address}/confirm")
    worker.drain()
    laura.post(f"/attempts/{attempt}/1", {**ABC, "answer_id": str(uuid.uuid4())})
    laura.post(f"/attempts/{attempt}/submit")
    worker.drain()
    assert the_attempt(database, attempt).passed is True
    with database.reading() as db:
        held = db.scalar(select(Certificate.id).where(Certificate.actor_id == cast["laura"]))
    assert held is not None


def test_a_grade_given_meanwhile_is_not_overwritten(
    cast: Cast, database: Database, worker: Worker, trainer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_school(database, CHOICE, ESSAY)
    answers = {"Which is longest": ABC, "Describe one": essay()}
    attempts = [hand_in(cast.at_browser(login), answers) for login in ("laura", "otto", "nora")]
    open_school(database, MENDED, ESSAY)
    worker.drain()
    address = ask_and_look(trainer, worker)
    trainer.post(f"{address}/confirm")
    read, middle = regrading.read_some, sorted(attempts)[1]

    def read_while_somebody_grades(*given: Any, **more: Any) -> Any:
        found = read(*given, **more)
        waiting = in_force(database, middle, "stories#visit")
        if waiting.score is None:
            assert grade(trainer, waiting.id, "2", "2").status_code == 303
        return found

    monkeypatch.setattr(regrading, "read_some", read_while_somebody_grades)
    worker.drain()
    results = {each: the_attempt(database, each) for each in attempts}
    assert {each: row.score for each, row in results.items()} == {
        each: 5.0 if each == middle else 1.0 for each in attempts
    }
    assert results[middle].passed is True


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_to_regrade_here(trainer: Visitor, database: Database) -> None:
    open_school(database, CHOICE)
    assert "No key differs" in trainer.get(f"{DESK}/keys").text
    assert "Which is longest?" in trainer.get(f"{DESK}/keys?course=stories").text
    assert trainer.get(f"{DESK}/keys/stories/nothing").status_code == 404
    assert trainer.get(f"{DESK}/keys/nothing/stories%23longest").status_code == 404


@pytest.mark.usefixtures("three")
def test_a_regrading_that_the_worker_gave_up_says_why_and_goes_on_when_asked(
    database: Database, worker: Worker, trainer: Visitor
) -> None:
    address = ask(trainer)
    failed = update(Job).where(Job.name == "regrade")
    with database.writing() as db:
        db.execute(failed.values(state="dead", attempts=8, error="MemoryError"))
    page = trainer.get(address).text
    assert "too little memory" in page
    assert "data-live" not in page
    assert trainer.post(f"{address}/again").status_code == 303
    worker.drain()
    page = trainer.get(address).text
    assert "This is what would change" in page
    assert "too little memory" not in page
