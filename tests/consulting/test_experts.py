"""Experts are named by whoever answers for a unit, get the questions of it alone, and pass on what they leave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select, update

from lms.app import MOVERS
from lms.clock import now
from lms.consulting import erasing, expert_actions, expert_queries, merging, minding
from lms.consulting.expert_actions import Subjects
from lms.consulting.models import Expert, HardQuestion, QuestionTo
from lms.credentials.models import Certificate
from lms.people.actions import join_unit
from lms.people.merging import merge
from lms.people.models import Person
from tests.consulting.world import new_id
from tests.helping.world import certify

if TYPE_CHECKING:
    from pathlib import Path

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast

TODAY = now().date()
QUESTION = {"words": "Which form is the right one?", "service": "pension"}


@pytest.fixture
def certified(database: Database, cast: Cast) -> Cast:
    """Otto and Laura are certified members of N-1; everybody has an address."""
    with database.writing() as db:
        for login in ("otto", "laura"):
            certify(db, cast[login], since=TODAY - timedelta(days=9))
            join_unit(db, cast[login], cast.units["N-1"], since=TODAY - timedelta(days=9))
        for login in ("otto", "laura", "tina"):
            db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"
    return cast


def named(database: Database, cast: Cast, login: str, unit: str = "N", services: tuple[str, ...] = ()) -> int:
    with database.writing() as db:
        return expert_actions.name(
            db, cast[login], cast.units[unit], Subjects(services), by=cast["nora"], today=TODAY
        ).id


def asks(cast: Cast, login: str = "laura", **more: str) -> str:
    """Ask a hard question; the page that follows."""
    visitor = cast.at_browser(login)
    sent = visitor.post("/hard-questions", {**QUESTION, "client_id": new_id(), **more})
    assert sent.status_code == 303, sent.text
    return visitor.get("/hard-questions").text


def put_to(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(QuestionTo.person_id).order_by(QuestionTo.person_id)))


def letters(cast: Cast) -> list[str]:
    outbox: Path = cast.app.config["LMS"].home / "outbox"
    return [each.read_text(encoding="utf-8") for each in sorted(outbox.glob("*.eml"))]


def test_without_an_expert_the_trainers_are_asked_and_the_page_says_so(certified: Cast, worker: Worker) -> None:
    page = asks(certified)
    worker.drain()
    assert "Sent to the trainers: no expert is named" in page
    assert "With the trainers: no expert is named for it" in page
    assert [("tina@" in each, "otto@" in each) for each in letters(certified)] == [(True, False)]
    empty = certified.at_browser("nora").get("/coordination/help/experts").text
    assert "all trainers get every hard question" in empty


def test_only_the_experts_of_the_service_are_written_to_and_one_answers(certified: Cast, worker: Worker) -> None:
    nora, otto, laura = (certified.at_browser(login) for login in ("nora", "otto", "laura"))
    form = {"person": certified["otto"], "unit": certified.units["N"], "services": ["pension"]}
    assert nora.post("/coordination/help/experts", form).status_code == 303
    asks(certified)
    asks(certified, service="health", words="Another one?")  # not his
    worker.drain()
    assert [("otto@" in each, "tina@" in each) for each in letters(certified)] == [(True, False), (False, True)]
    assert "With Unit" not in laura.get("/hard-questions").text
    mine = otto.get("/hard-questions/to-me").text
    assert "Which form is the right one?" in mine
    assert "Another one?" not in mine
    table = nora.get("/coordination/help/experts").text
    assert 'data-label="Waiting for an answer">1<' in table
    assert otto.post("/hard-questions/to-me/1", {"answer": "The blue one."}).status_code == 303
    assert "The blue one." in laura.get("/hard-questions").text
    assert 'data-label="Waiting for an answer">0<' in nora.get("/coordination/help/experts").text


def test_nobody_reads_or_answers_what_was_put_to_somebody_else(certified: Cast, database: Database) -> None:
    named(database, certified, "otto")
    asks(certified)
    for login in ("laura", "sid", "nora"):
        visitor = certified.at_browser(login)
        assert visitor.get("/hard-questions/to-me/1").status_code == 404
        assert visitor.post("/hard-questions/to-me/1", {"answer": "Mine"}).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(HardQuestion.answer)).all() == [""]


def test_who_asks_is_not_asked(certified: Cast, database: Database) -> None:
    named(database, certified, "laura")
    asks(certified)
    assert put_to(database) == []
    with database.reading() as db:
        assert db.scalars(select(HardQuestion.to_trainers_at)).one() is not None


def test_a_certificate_that_ended_asks_nobody_but_a_trainer_needs_none(certified: Cast, database: Database) -> None:
    named(database, certified, "otto")
    named(database, certified, "tina")
    with database.reading() as db:
        row = HardQuestion(asked_by=certified["laura"], unit_id=certified.units["N-1"], service="work")
        assert set(expert_queries.of_question(db, row, TODAY)) == {certified["otto"], certified["tina"]}
    with database.writing() as db:
        ended = update(Certificate).where(Certificate.actor_id == certified["otto"])
        db.execute(ended.values(valid_until=TODAY - timedelta(days=1)))
        assert expert_queries.of_question(db, row, TODAY) == [certified["tina"]]


@pytest.mark.parametrize(
    ("login", "who", "unit"),
    [("sid", "laura", "S"), ("nora", "otto", "S"), ("nora", "nora", "N")],  # another's person, unit, no certificate
)
def test_who_may_not_be_named_or_name_is_refused(certified: Cast, login: str, who: str, unit: str) -> None:
    form = {"person": certified[who], "unit": certified.units[unit]}
    answer = certified.at_browser(login).post("/coordination/help/experts", form)
    assert answer.status_code == 422
    assert "valid certificate" in answer.text


def test_another_units_expert_cannot_be_ended(certified: Cast, database: Database) -> None:
    number = named(database, certified, "otto")
    assert certified.at_browser("sid").post(f"/coordination/help/experts/{number}/end").status_code == 404
    assert certified.at_browser("nora").post(f"/coordination/help/experts/{number}/end").status_code == 303
    with database.reading() as db:
        assert db.get_one(Expert, number).ended_by == certified["nora"]


def test_what_an_ended_expert_left_goes_to_the_next_and_then_to_the_trainers(
    certified: Cast, database: Database
) -> None:
    near, far = named(database, certified, "otto", "N-1"), named(database, certified, "tina", "N")
    asks(certified)
    assert put_to(database) == [certified["otto"]]
    with database.writing() as db:
        expert_actions.end(db, db.get_one(Expert, near), by=certified["nora"], today=TODAY)
    assert put_to(database) == [certified["tina"]]
    with database.writing() as db:
        expert_actions.end(db, db.get_one(Expert, far), by=certified["nora"], today=TODAY)
    assert put_to(database) == []
    with database.reading() as db:
        assert db.scalars(select(HardQuestion.to_trainers_at)).one() is not None


def test_what_experts_leave_for_a_week_goes_to_the_trainers_once(
    certified: Cast, database: Database, worker: Worker
) -> None:
    named(database, certified, "otto")
    asks(certified)
    worker.drain()
    for days, told in ((6, 0), (8, 1), (8, 1)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            with database.writing() as db:
                minding.ask_minding(db)
            worker.drain()
        assert sum("tina@" in each for each in letters(certified)) == told
    assert "and with the trainers, since" in certified.at_browser("laura").get("/hard-questions").text


def test_who_is_erased_answers_no_more_and_the_question_goes_on(certified: Cast, database: Database) -> None:
    named(database, certified, "otto")
    asks(certified)
    with database.writing() as db:
        erasing.erase(db, certified["otto"])
    assert put_to(database) == []
    with database.reading() as db:
        assert db.scalars(select(Expert.ended_at)).one() is not None
        assert db.scalars(select(HardQuestion.to_trainers_at)).one() is not None


def test_two_accounts_of_one_person_are_one_expert_with_one_question(certified: Cast, database: Database) -> None:
    named(database, certified, "otto")
    named(database, certified, "laura")
    with database.writing() as db:
        join_unit(db, certified["tina"], certified.units["N-1"], since=TODAY)
    asks(certified, "tina")
    assert len(put_to(database)) == 2
    with database.writing() as db:
        merge(db, MOVERS, certified["otto"], certified["laura"], by=certified["nora"])
    assert put_to(database) == [certified["laura"]]
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Expert.ended_at.is_(None))) == 1


def test_experts_and_questions_of_a_unit_follow_it(certified: Cast, database: Database) -> None:
    named(database, certified, "otto", "N-1")
    asks(certified)
    with database.writing() as db:
        merging.follow(db, certified.units["N-1"], certified.units["N-2"])
    with database.reading() as db:
        assert db.scalars(select(Expert.unit_id)).one() == certified.units["N-2"]
        assert db.scalars(select(HardQuestion.unit_id)).one() == certified.units["N-2"]


def test_who_is_no_expert_any_more_reads_what_was_answered_without_a_form(certified: Cast, database: Database) -> None:
    number = named(database, certified, "otto")
    asks(certified)
    otto = certified.at_browser("otto")
    assert "<textarea" in otto.get("/hard-questions/to-me/1").text
    otto.post("/hard-questions/to-me/1", {"answer": "The blue one."})
    with database.writing() as db:
        expert_actions.end(db, db.get_one(Expert, number), by=certified["nora"], today=TODAY)
    page = otto.get("/hard-questions/to-me/1").text
    assert "The blue one." in page
    assert "<textarea" not in page


def test_of_two_experts_who_answer_at_once_the_second_reads_the_first(certified: Cast, database: Database) -> None:
    named(database, certified, "otto")
    named(database, certified, "tina")
    asks(certified)
    otto, tina = certified.at_browser("otto"), certified.at_browser("tina")
    page = tina.get("/hard-questions/to-me/1").text
    otto.post("/hard-questions/to-me/1", {"answer": "The blue one.", "over": ""})
    late = tina.post("/hard-questions/to-me/1", {"answer": "The red one.", "over": seen(page)})
    assert late.status_code == 422
    assert "Somebody else answered it meanwhile." in late.text
    assert "The blue one.</p>" in late.text
    assert "The red one.</textarea>" in late.text
    again = tina.post("/hard-questions/to-me/1", {"answer": "The red one.", "over": seen(late.text)})
    assert again.status_code == 303
    with database.reading() as db:
        assert db.scalars(select(HardQuestion.answer)).one() == "The red one."


def seen(page: str) -> str:
    """The answer that a form would take the place of."""
    return page.partition('name="over" value="')[2].partition('"')[0]
