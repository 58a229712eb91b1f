"""Help is asked for without an account, taken by one, answered, ended, noted once; contacts go after their time."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from lms.clock import now
from lms.consulting import actions, consultant_actions, noting, queries
from lms.consulting.models import Consultant, Consultation, ConsultationContact
from lms.consulting.rules import State
from lms.credentials.models import Certificate
from lms.finding.actions import learn_names
from lms.helping.models import HelpEntry
from lms.helping.rules import Outcome
from lms.people.actions import add_unit
from lms.people.models import Unit
from tests.consulting.world import WISH, ask, count, kinds, new_id, row, staff
from tests.finding.world import open_point

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor


def test_a_request_goes_from_a_citizen_to_an_entry_of_help(staffed: Cast, client: Visitor, database: Database) -> None:
    code = ask(client, staffed, times="Tuesday morning", words="A prescription")
    page = client.get(f"/ask/{code}?new=1").text
    assert "Waits: somebody will take it soon" in page
    laura, number = staffed.at_browser("laura"), row(database).id
    desk = laura.get("/requests").text
    assert "Doctor and prescriptions" in desk
    before = laura.get(f"/requests/{number}").text
    assert "2612" not in before
    assert "Tuesday" not in before
    laura.post(f"/requests/{number}/take")
    after = laura.get(f"/requests/{number}").text
    assert "+371 2612 3456" in after
    assert "Tuesday morning" in after
    assert "Laura Lapiņa" in client.get(f"/ask/{code}").text
    day = now().date() + timedelta(days=3)
    laura.post(f"/requests/{number}/answer", {"meets_on": day.isoformat()})
    assert f"{day.day} {day:%B %Y}" in client.get(f"/ask/{code}").text
    ended = {"outcome": "solved", "note": "Showed how", "minutes": "12", "noted": "1"}
    for _ in range(2):
        laura.post(f"/requests/{number}/end", ended)
    with database.reading() as db:
        entry = db.scalars(select(HelpEntry)).one()
    assert (entry.kind, entry.service, entry.channel, entry.outcome) == ("consultation", "health", "phone", "solved")
    assert (entry.people, entry.minutes, entry.helper_id) == (1, 12, staffed["laura"])
    assert row(database).entry_id == entry.id
    client.post(f"/ask/{code}/solved", {"solved": "yes"})
    kept = row(database)
    assert (kept.state, kept.is_solved, kept.answered_after, kept.solved_after) == ("closed", True, 0, 0)
    assert kinds(database) == ["asked", "suggested", "taken", "answered", "solved", "noted", "said-solved"]


def test_what_is_sent_twice_is_asked_once(staffed: Cast, client: Visitor, database: Database) -> None:
    once = new_id()
    assert ask(client, staffed, client_id=once) == ask(client, staffed, client_id=once)
    assert count(database, Consultation) == count(database, ConsultationContact) == 1


def test_of_two_who_take_it_at_once_one_has_it(cast: Cast, client: Visitor, database: Database) -> None:
    staff(database, cast, laura="N-1", otto="N")
    ask(client, cast)
    number, at_once, today = row(database).id, threading.Barrier(2), now().date()
    outcomes: list[str] = []

    def take(person: int) -> None:
        at_once.wait()
        try:
            with database.writing() as db:
                actions.take(db, db.get_one(Consultation, number), person, today)
        except actions.TakenAlready:
            outcomes.append("late")
        else:
            outcomes.append("has it")

    threads = [threading.Thread(target=take, args=(cast[login],)) for login in ("laura", "otto")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["has it", "late"]
    assert row(database).taken_by in {cast["laura"], cast["otto"]}
    assert kinds(database).count("taken") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": ""}, "Leave a way to reach you"),
        ({"phone": "call me"}, "This is no phone number"),
        ({"phone": "", "email": "anna@example.org"}, "leave a number that can be called"),
        ({"channel": "messenger"}, "write which one and your name there"),
        ({"email": "anna"}, "This is no e-mail address"),
        ({"words": "My card 4111 1111 1111"}, "may lead to a person"),
        ({"words": "For Anna Kalniņa"}, "There may be a name in the text"),
        ({"service": "gardening"}, "not on the list any more"),
        ({"website": "http://spam"}, "it is there to stop machines"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(
    staffed: Cast, client: Visitor, database: Database, wrong: dict[str, str], said: str
) -> None:
    typed = {**WISH, "unit": staffed.units["N-1"], "times": "Friday", **wrong}
    answer = client.post("/ask", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Friday"' in answer.text
    assert count(database, Consultation) == 0


def test_a_name_that_is_none_is_sent_with_a_tick(staffed: Cast, client: Visitor, database: Database) -> None:
    ask(client, staffed, words="About the Green Card", sure="1")
    assert count(database, Consultation) == 1


def test_floods_are_stopped(staffed: Cast, client: Visitor) -> None:
    for _ in range(5):
        ask(client, staffed)
    assert client.post("/ask", {**WISH, "unit": staffed.units["N-1"]}).status_code == 429


@pytest.mark.usefixtures("staffed")
def test_places_are_found_in_any_letters_where_somebody_answers(client: Visitor) -> None:
    assert "Unit N-1" in client.get("/ask?place=UNIT+n-1").text
    assert "No place of this name" in client.get("/ask?place=Atlantis").text


def test_a_place_in_other_letters_is_found_in_latin_ones_and_the_other_way_round(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    with database.writing() as db:
        north = db.get_one(Unit, staffed.units["N"])
        for code, name in (("G-1", "ქუთაისი"), ("G-2", "Хуҷанд"), ("G-3", "Đà Nẵng")):
            add_unit(db, kind="library", code=code, name=name, parent=north)
        learn_names(db)
    for typed, name in (("Kutaisi", "ქუთაისი"), ("Кутаиси", "ქუთაისი"), ("khujand", "Хуҷанд"), ("da nang", "Đà Nẵng")):
        assert f"<b>{name}</b>" in client.get("/ask", query_string={"place": typed}).text, typed


@pytest.mark.usefixtures("staffed")
def test_who_finds_no_place_to_ask_is_led_to_the_help_points(client: Visitor) -> None:
    assert 'href="/find?q=Far+away"' in client.get("/ask?place=Far+away").text


def test_a_help_point_offers_a_consultation_where_somebody_answers_alone(
    cast: Cast, client: Visitor, database: Database
) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"], day=now().date())
    for path in ("/find/N-1", "/find?q=Unit+N-1"):
        assert "Ask for a consultation" not in client.get(path).text
    staff(database, cast, laura="N-1")
    assert 'href="/ask?place=Unit' in client.get("/find?q=Unit+N-1").text
    link = f'href="/ask?unit={cast.units["N-1"]}"'
    assert link in client.get("/find/N-1").text
    assert client.get(f"/ask?unit={cast.units['N-1']}").status_code == 200


def test_the_pages_of_who_asks_are_light_and_need_no_script(staffed: Cast, client: Visitor) -> None:
    code = ask(client, staffed)
    for path in ("/ask", "/ask?place=unit", f"/ask?unit={staffed.units['N-1']}", f"/ask/{code}"):
        page = client.get(path).text
        linked = [part.split('"')[0] for part in page.split('<link rel="stylesheet" href="')[1:]]
        sheets = [client.get(each, headers={"Accept-Encoding": "gzip"}).data for each in linked]
        weight = len(page.encode()) + sum(map(len, sheets))
        assert "<script" not in page
        assert weight <= 50_000, (path, weight)


def test_taking_back_deletes_the_contact_at_once(staffed: Cast, client: Visitor, database: Database) -> None:
    code = ask(client, staffed)
    client.post(f"/ask/{code}/withdraw")
    assert row(database).state == State.WITHDRAWN
    assert count(database, ConsultationContact) == 0


def test_help_is_noted_by_who_took_it_only(staffed: Cast, client: Visitor, database: Database) -> None:
    ask(client, staffed)
    today = now().date()
    with database.writing() as db:
        held = db.scalars(select(Consultation)).one()
        actions.take(db, held, staffed["laura"], today)
        with pytest.raises(actions.NotYours):
            noting.note_help(db, held, staffed["laura"], on=today, today=today, minutes=None)
        actions.end(db, held, Outcome.PASSED_ON, "", by=staffed["laura"])
        with pytest.raises(actions.NotYours):
            noting.note_help(db, held, staffed["otto"], on=today, today=today, minutes=None)
    assert count(database, HelpEntry) == 0


def test_who_answers_no_more_for_one_unit_is_still_asked_in_another(
    cast: Cast, client: Visitor, database: Database
) -> None:
    staff(database, cast, laura="N-1")
    with database.writing() as db:
        today = now().date()
        skills = consultant_actions.Skills()
        elsewhere = consultant_actions.name(db, cast["laura"], cast.units["N-2"], skills, by=cast["nora"], today=today)
        number = elsewhere.id
    ask(client, cast)
    with database.writing() as db:
        consultant_actions.end(db, db.get_one(Consultant, number), by=cast["nora"], today=today)
    assert (row(database).state, row(database).suggested_to) == (State.SUGGESTED, cast["laura"])


def test_what_one_has_taken_no_other_sees_and_its_contact_nobody_else(
    cast: Cast, client: Visitor, database: Database
) -> None:
    staff(database, cast, laura="N-1", otto="N")
    ask(client, cast)
    number, otto, today = row(database).id, cast.at_browser("otto"), now().date()
    assert otto.get(f"/requests/{number}").status_code == 200  # free, and near
    cast.at_browser("laura").post(f"/requests/{number}/take")
    assert otto.get(f"/requests/{number}").status_code == 303
    assert LATE in otto.get("/requests").text
    with database.reading() as db:
        held = db.get_one(Consultation, number)
        seen = {
            login: queries.request_page(db, held, cast[login], today, "en").contact is not None
            for login in ("laura", "otto", "nora")
        }
    assert seen == {"laura": True, "otto": False, "nora": False}


def test_a_stranger_sees_no_request(staffed: Cast, client: Visitor, database: Database) -> None:
    code = ask(client, staffed)
    number = row(database).id
    otto = staffed.at_browser("otto")
    assert otto.get(f"/requests/{number}").status_code == 404
    assert otto.post(f"/requests/{number}/take").status_code == 404
    assert "is_consultant" not in otto.get("/requests").text
    assert client.get(f"/ask/{code[:-1]}{'3' if code.endswith('2') else '2'}").status_code == 404


LATE = "Somebody else has it now, or it has ended."


def test_who_comes_late_from_a_letter_or_a_list_is_told_so(cast: Cast, client: Visitor, database: Database) -> None:
    staff(database, cast, laura="N-1", otto="N-1")
    ask(client, cast)
    number, asked = row(database).id, row(database).suggested_to
    late = cast.at_browser("laura" if asked == cast["laura"] else "otto")
    taker = cast.at_browser("otto" if asked == cast["laura"] else "laura")
    taker.post(f"/requests/{number}/take")
    assert late.get(f"/requests/{number}").location == "/requests"
    assert LATE in late.get("/requests").text
    assert late.post(f"/requests/{number}/give-back").location == "/requests"
    assert LATE in late.get("/requests").text
    with database.writing() as db:
        actions.assign(db, db.scalars(select(Consultation)).one(), asked or 0, by=cast["nora"], today=now().date())
    ending = {"outcome": "solved", "note": "It took an hour"}
    assert taker.post(f"/requests/{number}/end", ending).location == "/requests"
    assert LATE in taker.get("/requests").text


def test_a_consultant_whose_certificate_ended_is_told_why_she_cannot_take_it(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    ask(client, staffed)
    laura, number = staffed.at_browser("laura"), row(database).id
    with database.writing() as db:
        db.execute(update(Certificate).values(revoked_at=now()))
    assert laura.post(f"/requests/{number}/take").location == f"/requests/{number}"
    assert "valid certificate" in laura.get(f"/requests/{number}").text


def test_help_that_should_not_be_noted_is_not_after_a_note_that_was_refused(
    staffed: Cast, client: Visitor, database: Database
) -> None:
    ask(client, staffed)
    laura, number = staffed.at_browser("laura"), row(database).id
    laura.post(f"/requests/{number}/take")
    assert 'name="noted" value="1" checked' in laura.get(f"/requests/{number}").text
    refused = laura.post(f"/requests/{number}/end", {"outcome": "solved", "note": "Call 26123456"})
    assert refused.status_code == 422
    assert 'name="noted" value="1">' in refused.text


def test_help_for_another_place_is_noted_where_its_consultant_works(
    cast: Cast, client: Visitor, database: Database
) -> None:
    staff(database, cast, laura="N-2")
    ask(client, cast, "N-2")
    today = now().date()
    with database.writing() as db:
        held = db.scalars(select(Consultation)).one()
        actions.take(db, held, cast["laura"], today)
        actions.end(db, held, Outcome.SOLVED, "", by=cast["laura"])
        noting.note_help(db, held, cast["laura"], on=today, today=today, minutes=None)
    with database.reading() as db:
        assert db.scalars(select(HelpEntry.unit_id)).all() == [cast.units["N-1"]]
