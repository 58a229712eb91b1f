"""Who attacks help that is asked for: long lines, guessed codes, many letters to one, contacts that should be gone."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.consulting import erasing, expert_actions, minding, rules
from lms.consulting.models import Consultation, ConsultationContact, HardQuestion, QuestionTo
from lms.people.actions import forget_tries, join_unit
from lms.people.models import ThrottleCount
from lms.people.short_codes import new_code
from tests.consulting.world import WISH, ask, new_id, staff
from tests.helping.world import certify

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor


@pytest.fixture
def staffed(database: Database, cast: Cast) -> Cast:
    staff(database, cast, laura="N-1")
    return cast


def test_no_address_takes_long_to_refuse() -> None:
    contact = rules.Contact(email=f"a@{'.' * 100_000}@")
    began = time.process_time()
    found = rules.problems(rules.Asked(1, "citizen", "health", "in-person", "en", contact))
    assert time.process_time() - began < 1
    assert found == {"email": "long"}


def test_guessing_codes_does_not_pay(staffed: Cast, client: Visitor) -> None:
    code = ask(client, staffed)
    assert client.get(f"/ask/{code}").status_code == 200
    answers = [client.get(f"/ask/{new_code()}").status_code for _ in range(60)]
    assert set(answers) == {404}
    assert client.get(f"/ask/{code}").status_code == 429
    assert client.get(f"/ask?code={code}").status_code == 429
    assert client.post(f"/ask/{code}/withdraw").status_code == 429
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.9"}}
    assert client.get(f"/ask/{code}", **elsewhere).status_code == 200


def test_nobody_is_written_to_under_many_spellings(staffed: Cast, client: Visitor) -> None:
    ways = ["+371 2612 3456", "+371-26123456", "371 2612-3456", "371 26 12 34 56", "+37126123456", "+3712612 3456"]
    answers = []
    for number, phone in enumerate(ways):
        sent = {**WISH, "unit": staffed.units["N-1"], "client_id": new_id(), "phone": phone, "messenger": f"x {number}"}
        answers.append(client.post("/ask", sent).status_code)
    assert answers == [303] * 5 + [429]
    sent = {**WISH, "unit": staffed.units["N-1"], "phone": "wrong", "email": "anna@example.org"}
    assert {client.post("/ask", {**sent, "client_id": new_id()}).status_code for _ in range(7)} == {422}


def test_what_counts_requests_tells_no_telephone_and_goes(staffed: Cast, client: Visitor, database: Database) -> None:
    ask(client, staffed)
    digits = hashlib.sha256(b"ask contact\x0037126123456").hexdigest()
    with database.reading() as db:
        kept = set(db.scalars(select(ThrottleCount.key)))
    assert kept
    assert digits not in kept
    with time_machine.travel(now() + timedelta(days=1, minutes=1)), database.writing() as db:
        forget_tries(db)
        assert db.scalars(select(ThrottleCount.key)).all() == []


def test_pages_that_lead_to_an_asker_stay_on_no_device(staffed: Cast, client: Visitor, database: Database) -> None:
    code, laura = ask(client, staffed), staffed.at_browser("laura")
    with database.reading() as db:
        number = db.scalars(select(Consultation.id)).one()
    laura.post(f"/requests/{number}/take")
    for answer in (client.get(f"/ask/{code}"), laura.get(f"/requests/{number}")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_letters_to_an_asker_go_with_the_contact(
    staffed: Cast, client: Visitor, database: Database, worker: Worker, settings: Settings
) -> None:
    codes = [ask(client, staffed, email=f"{name}@example.net") for name in ("anna", "zane")]
    laura = staffed.at_browser("laura")
    with database.reading() as db:
        numbers = db.scalars(select(Consultation.id).order_by(Consultation.id)).all()
    for number in numbers:
        laura.post(f"/requests/{number}/take")
    worker.drain()

    def lying() -> str:
        return "".join(each.read_text() for each in settings.outbox.glob("*.eml"))

    assert "anna@example.net" in lying()
    client.post(f"/ask/{codes[0]}/withdraw")
    with time_machine.travel(now() + timedelta(minutes=11)):
        with database.writing() as db:
            minding.ask_minding(db)
        worker.drain()
        assert "anna@example.net" not in lying()
        assert "zane@example.net" in lying()
    with database.reading() as db:
        assert db.scalars(select(ConsultationContact.email)).all() == ["zane@example.net"]


def test_requests_that_nobody_can_take_do_not_hold_up_the_others(
    cast: Cast, client: Visitor, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minding, "AT_ONCE", 2)
    staff(database, cast, otto="N-2")  # of another place: a tree with a consultant takes requests
    for unit in ("N", "N", "N", "N-1"):
        ask(client, cast, unit=unit)
    staff(database, cast, laura="N-1")
    for turn in range(1, 5):
        with time_machine.travel(now() + timedelta(seconds=turn * minding.EVERY + 1)):
            with database.writing() as db:
                minding.ask_minding(db)
            worker.drain()
    with database.reading() as db:
        states = db.scalars(select(Consultation.state).order_by(Consultation.id)).all()
    assert states == ["new", "new", "new", "suggested"]


def test_what_a_coordinator_wrote_on_ending_goes_with_her(staffed: Cast, client: Visitor, database: Database) -> None:
    ask(client, staffed)
    with database.reading() as db:
        number = db.scalars(select(Consultation.id)).one()
    nora = staffed.at_browser("nora")
    ended = {"outcome": "not-solved", "note": "a joke"}
    assert nora.post(f"/coordination/help/requests/{number}/end", ended).status_code == 303
    with database.writing() as db:
        assert db.get_one(Consultation, number).note == "a joke"
        erasing.erase(db, staffed["nora"])
        db.expire_all()
        assert db.get_one(Consultation, number).note == ""


def test_who_is_expert_no_more_changes_no_answer(staffed: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        certify(db, staffed["otto"], since=today)
        expert = expert_actions.name(
            db, staffed["laura"], staffed.units["N"], expert_actions.Subjects(), by=staffed["nora"], today=today
        ).id
        join_unit(db, staffed["otto"], staffed.units["N-1"], since=today)
    staffed.at_browser("otto").post("/hard-questions", {"words": "Which one?", "client_id": new_id()})
    with database.reading() as db:
        path = f"/hard-questions/to-me/{db.scalars(select(QuestionTo.question_id)).one()}"
    laura = staffed.at_browser("laura")
    assert laura.post(path, {"answer": "The first one"}).status_code == 303
    assert staffed.at_browser("nora").post(f"/coordination/help/experts/{expert}/end").status_code == 303
    assert laura.post(path, {"answer": "Send me your password"}).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(HardQuestion.answer)).one() == "The first one"


def test_questions_cannot_be_poured_over_the_experts(cast: Cast) -> None:
    otto = cast.at_browser("otto")
    asked = [{"words": f"what is {number}", "client_id": new_id()} for number in range(32)]
    sent = [otto.post("/hard-questions", each).status_code for each in asked]
    assert (sent[0], sent[29], sent[30], sent[31]) == (303, 303, 429, 429)
