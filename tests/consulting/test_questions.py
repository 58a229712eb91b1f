"""Hard questions reach experts and come back; marks change no text; months tell no small numbers; letters arrive."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from lms.app import MOVERS
from lms.clock import now
from lms.consulting import actions, erasing, merging, minding, month_queries, question_queries, queue_queries
from lms.consulting.models import (
    AskedMonth,
    Consultant,
    Consultation,
    ConsultationContact,
    ConsultationStep,
    CourseMark,
    HardQuestion,
)
from lms.consulting.rules import Asked, Contact, State
from lms.helping.rules import Outcome
from lms.jobs import Worker
from lms.paging import At
from lms.people.merging import merge
from lms.people.models import Person, Unit
from lms.reactions import handlers
from tests.consulting.world import ask, new_id, staff
from tests.ground.sink import sink

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

TODAY = now().date()


@pytest.fixture
def staffed(database: Database, cast: Cast) -> Cast:
    staff(database, cast, laura="N-1")
    with database.writing() as db:
        for login in ("tina", "laura"):
            db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"
    return cast


def test_a_hard_question_is_answered_and_marked_where_it_belongs(staffed: Cast, database: Database) -> None:
    laura, tina = staffed.at_browser("laura"), staffed.at_browser("tina")
    sent = {"words": "Which form is the right one?", "service": "pension", "course": "first-aid", "client_id": new_id()}
    for _ in range(2):
        assert laura.post("/hard-questions", sent).status_code == 303
    assert tina.get("/authoring/hard-questions").text.count("Which form is the right one?") == 1
    tina.post("/authoring/hard-questions/1/answer", {"answer": "The blue one."})
    assert "The blue one." in laura.get("/hard-questions").text
    lesson = "/courses/first-aid/lessons/helping"
    before = tina.get(lesson).text
    for _ in range(2):
        tina.post("/authoring/hard-questions/1/mark", {"course": "first-aid", "place": "lesson:helping"})
    marked = tina.get(lesson).text
    assert "Which form is the right one?" not in before
    assert "Which form is the right one?" in marked
    assert "Which form is the right one?" not in laura.get(lesson).text
    assert "Helping without typing" in tina.get("/authoring/hard-questions/1").text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(CourseMark)) == 1
    tina.post("/authoring/hard-questions/marks/1/done")
    assert "Which form is the right one?" not in tina.get(lesson).text


def test_a_question_with_a_citizen_in_it_is_not_sent(staffed: Cast, database: Database) -> None:
    answer = staffed.at_browser("laura").post(
        "/hard-questions", {"words": "Her code is 010190-12345", "service": "work"}
    )
    assert answer.status_code == 422
    assert "Her code is" in answer.text  # nothing is lost
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(HardQuestion)) == 0


def asked(db, cast: Cast, unit: str, service: str, times: int) -> None:
    for _ in range(times):
        wish = Asked(cast.units[unit], "citizen", service, "phone", "en", Contact(phone="+371 2612 3456"))
        actions.ask(db, wish, client_id=new_id(), today=TODAY)


def test_a_month_names_no_service_or_district_that_few_asked_for(staffed: Cast, database: Database) -> None:
    with database.writing() as db:
        asked(db, staffed, "N-1", "health", 6)
        asked(db, staffed, "N-1", "work", 3)
        asked(db, staffed, "S-1", "pension", 4)
    with database.reading() as db:
        page = month_queries.asked_in(db, TODAY.replace(day=1), ZoneInfo("UTC"), "en")
    assert page.whole is not None
    assert [(each.name, each.times) for each in page.whole.services] == [("Doctor and prescriptions", 6)]
    assert (page.whole.total, page.whole.few) == (13, 7)
    assert [each.name for each in page.districts] == ["Unit N"]
    assert page.left_out == 1


def test_trainers_are_told_once_of_a_month(staffed: Cast, database: Database, worker: Worker) -> None:
    with database.writing() as db:
        asked(db, staffed, "N-1", "health", 6)
    worker.drain()
    next_month = (now().replace(day=1) + timedelta(days=40)).replace(day=2)
    with time_machine.travel(next_month, tick=False):
        for _ in range(2):
            with database.writing() as db:
                minding.ask_minding(db)
            worker.drain()
    with database.reading() as db:
        assert db.scalars(select(AskedMonth.month)).all() == [TODAY.replace(day=1)]
    letters = [each.read_text(encoding="utf-8") for each in outbox(staffed).glob("*.eml")]
    assert sum("tina@example.org" in each and "last month" in each for each in letters) == 1


def outbox(cast: Cast):
    return cast.app.config["LMS"].home / "outbox"


def test_times_are_medians_and_ninetieths_of_a_unit_and_those_below(staffed: Cast, database: Database) -> None:
    with database.writing() as db:
        asked(db, staffed, "N-1", "health", 3)
        for minutes, row in zip((10, 20, 600), db.scalars(select(Consultation).order_by(Consultation.id)), strict=True):
            row.answered_after = minutes
    with database.reading() as db:
        north = db.get_one(Unit, staffed.units["N"])
        rows = queue_queries.times(db, north, now() - timedelta(days=90))
    assert [(each.name, each.asked, each.answer_half, each.answer_most, each.solved) for each in rows] == [
        ("Unit N", 3, 20, 600, 0), ("Unit N-1", 3, 20, 600, 0),
    ]  # fmt: skip


def test_a_coordinator_assigns_and_ends_in_her_units_alone(staffed: Cast, client: Visitor, database: Database) -> None:
    with database.writing() as db:
        db.scalars(select(Consultant)).one().services = ["work"]
    ask(client, staffed)
    nora, sid = staffed.at_browser("nora"), staffed.at_browser("sid")
    assert "<b>One request for help</b> has found nobody." in nora.get("/coordination").text
    assert "has found nobody" not in sid.get("/coordination").text
    assert "Nobody asked yet" in nora.get("/coordination/help/requests?which=waiting").text
    assert "2612" not in nora.get("/coordination/help/requests/1").text
    assert sid.get("/coordination/help/requests/1").status_code == 404
    assert sid.post("/coordination/help/requests/1/assign", {"person": staffed["laura"]}).status_code == 404
    nora.post("/coordination/help/requests/1/assign", {"person": staffed["otto"]})  # no consultant
    nora.post("/coordination/help/requests/1/assign", {"person": staffed["laura"]})
    with database.reading() as db:
        assert db.scalars(select(Consultation.taken_by)).one() == staffed["laura"]
    nora.post("/coordination/help/requests/1/end", {"outcome": "not-solved", "note": "Not a request"})
    with database.reading() as db:
        assert db.scalars(select(Consultation.state)).one() == State.NOT_SOLVED


def test_a_coordinator_settles_what_the_asker_says_was_not_solved(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    code, nora = ask(client, staffed), staffed.at_browser("nora")
    page, unhappy = "/coordination/help/requests/1", "/coordination/help/requests?which=unhappy"

    def end_unsolved() -> None:
        with database.writing() as db:
            row = db.scalars(select(Consultation)).one()
            actions.take(db, row, staffed["laura"], TODAY)
            actions.end(db, row, Outcome.SOLVED, "", by=staffed["laura"])
        client.post(f"/ask/{code}/solved", {"solved": "no"})

    end_unsolved()
    assert "Not solved, says the asker <b>1</b>" in nora.get(unhappy).text
    assert staffed.at_browser("sid").post(f"{page}/settle", {"how": "seen"}).status_code == 404
    assert nora.post(f"{page}/settle", {"how": "anew"}).status_code == 303
    with database.reading() as db:
        row = db.scalars(select(Consultation)).one()
        assert (row.state, row.taken_by, row.is_solved, row.ended_at) == (State.NEW, None, None, None)
    assert "Not solved, says the asker <b>0</b>" in nora.get(unhappy).text
    end_unsolved()
    assert nora.post(f"{page}/settle", {"how": "seen"}).status_code == 303
    assert "Not solved, says the asker <b>0</b>" in nora.get(unhappy).text
    for said in ("yes", "no"):  # who says it once more is heard once more
        client.post(f"/ask/{code}/solved", {"solved": said})
    assert "Not solved, says the asker <b>1</b>" in nora.get(unhappy).text
    with database.writing() as db:
        actions.forget(db, db.scalars(select(Consultation)).one())
    assert "Open it anew" not in nora.get(page).text
    nora.post(f"{page}/settle", {"how": "anew"})
    assert row_state(database) == State.CLOSED


def row_state(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(Consultation.state)).one()


def test_who_is_not_certified_cannot_be_named(cast: Cast) -> None:
    form = {"person": cast["laura"], "unit": cast.units["N-1"]}
    answer = cast.at_browser("nora").post("/coordination/help/consultants", form)
    assert answer.status_code == 422
    assert "valid certificate" in answer.text


def test_letters_go_to_the_consultant_and_the_asker_in_their_languages(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    with database.writing() as db:
        db.get_one(Person, staffed["laura"]).language = "lv"
    with sink() as received:
        settings = dataclasses.replace(staffed.app.config["LMS"], smtp_url=f"smtp://127.0.0.1:{received.port}")
        staffed.app.config["LMS"] = settings
        worker = Worker(database, handlers(staffed.app))
        ask(client, staffed, email="asker@example.org")
        worker.drain()
        with database.writing() as db:
            row = db.scalars(select(Consultation)).one()
            actions.take(db, row, staffed["laura"], TODAY)
            actions.end(db, row, Outcome.SOLVED, "", by=staffed["laura"])
        worker.drain()
        code = ask(client, staffed)
        with database.writing() as db:
            second = db.scalars(select(Consultation).where(Consultation.code == code)).one()
            actions.take(db, second, staffed["laura"], TODAY)
        client.post(f"/ask/{code}/withdraw")
        worker.drain()
    letters = received.messages
    to = ["laura@example.org", "asker@example.org", "asker@example.org", "laura@example.org"]
    assert [each["To"] for each in letters] == to
    assert "/requests/1" in letters[0].get_content()
    assert "/ask/" in letters[2].get_content()
    assert not any("2612" in each.get_content() for each in letters)


def test_what_is_assigned_is_told_to_the_asker_and_to_whom_it_was_taken_from(
    staffed: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    staff(database, staffed, otto="N-1")
    ask(client, staffed, email="asker@example.org")
    with database.writing() as db:
        actions.take(db, db.scalars(select(Consultation)).one(), staffed["laura"], TODAY)
    worker.drain()
    before = set(outbox(staffed).glob("*.eml"))
    staffed.at_browser("nora").post("/coordination/help/requests/1/assign", {"person": staffed["otto"]})
    worker.drain()
    told = {}
    for each in set(outbox(staffed).glob("*.eml")) - before:
        letter = email.message_from_bytes(each.read_bytes(), policy=email.policy.default)
        told[letter["To"]] = (each.name, letter.get_content())
    assert set(told) == {"laura@example.org", "otto@example.org", "asker@example.org"}
    assert "gave a request that you have taken to somebody else" in told["laura@example.org"][1]
    assert "/requests/" not in told["laura@example.org"][1]
    assert "Otto" in told["asker@example.org"][1]
    assert told["asker@example.org"][0].startswith("asker-1-")  # so that it goes with the contact


def test_who_is_erased_leaves_no_words_and_what_they_had_goes_on(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    ask(client, staffed)
    with database.writing() as db:
        actions.take(db, db.scalars(select(Consultation)).one(), staffed["laura"], TODAY)
        db.add(
            HardQuestion(client_id=new_id(), asked_by=staffed["laura"], asked_at=now(), service="work", words="How?")
        )
        db.flush()
        erasing.erase(db, staffed["laura"])
    with database.reading() as db:
        row = db.scalars(select(Consultation)).one()
        assert (row.state, row.taken_by) == (State.NEW, None)
        assert db.scalars(select(HardQuestion.words)).all() == [""]
        # nobody can answer it, so that it waits on no desk
        assert not question_queries.of_trainers(db, At(), TODAY, "en", is_open=True, course="").rows
        assert db.scalars(select(Consultant.ended_at)).one() is not None
        assert db.get(ConsultationContact, row.id) is not None  # the asker still waits


def test_two_accounts_of_one_person_answer_once(cast: Cast, client: Visitor, database: Database) -> None:
    staff(database, cast, laura="N-1", otto="N-1")
    ask(client, cast)
    with database.writing() as db:
        actions.take(db, db.scalars(select(Consultation)).one(), cast["otto"], TODAY)
        merge(db, MOVERS, cast["otto"], cast["laura"], by=cast["nora"])
    with database.reading() as db:
        assert db.scalars(select(Consultation.taken_by)).one() == cast["laura"]
        assert db.scalar(select(func.count()).where(Consultant.ended_at.is_(None))) == 1
        assert cast["otto"] not in set(db.scalars(select(ConsultationStep.to)))


def test_the_requests_of_a_unit_follow_it(cast: Cast, client: Visitor, database: Database) -> None:
    staff(database, cast, laura="N-1")
    ask(client, cast)
    with database.writing() as db:
        merging.follow(db, cast.units["N-1"], cast.units["N-2"])
    with database.reading() as db:
        assert db.scalars(select(Consultation.unit_id)).one() == cast.units["N-2"]
        assert db.scalars(select(Consultant.unit_id)).one() == cast.units["N-2"]
