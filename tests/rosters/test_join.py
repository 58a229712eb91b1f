"""A code on a sheet leads to a unit; a coordinator says yes or no."""

from __future__ import annotations

import re
import runpy
from datetime import timedelta
from email import message_from_string, policy
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.cli import schema
from lms.clock import now
from lms.db import insert_once
from lms.people import units
from lms.people.models import Membership, Person, PersonChange, Unit
from lms.people.short_codes import ALPHABET, new_code, read_code
from lms.rosters import join_actions, join_queries
from lms.rosters.models import ImportRun, JoinCode, JoinRequest, MembershipOffer

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

UNIT = "/rosters/join/units/N-2"


def make_code(nora: Visitor) -> tuple[int, str]:
    """A code of the unit N-2, and the text of its sheet."""
    made = nora.post(f"{UNIT}/codes", {"days": "30"})
    assert made.status_code == 303, made.text
    return int(made.location.split("/")[-2]), nora.get(made.location).text


def code_of(database: Database, code_id: int) -> str:
    with database.reading() as db:
        return db.get_one(JoinCode, code_id).code


def members(database: Database, unit: int) -> set[int]:
    with database.reading() as db:
        return set(db.scalars(select(Membership.person_id).where(Membership.unit_id == unit)))


def test_a_code_has_more_than_forty_bits_and_no_letters_that_look_alike() -> None:
    assert len(ALPHABET) ** 10 > 2**40
    assert not set("0O1IL2Z5S8B6GUV") & set(ALPHABET) - {"2", "5", "8", "6", "V"}
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"\w{5}-\w{5}", code) for code in codes)


@pytest.mark.parametrize("typed", ["7k3mc92dtf", " 7K3MC 92DTF ", "https://a.example/join/7K3MC-92DTF/", "7К3МС-92DТF"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "7K3MC-92DTF"


@pytest.mark.parametrize("typed", ["", "7K3MC-92DT", "7K3MC-92DTO", "7K3MC-92DTFF", "☃" * 10])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) == ""


def test_from_the_sheet_to_a_membership(cast: Cast, client: Visitor, database: Database) -> None:
    nora = cast.at_browser("nora")
    code_id, sheet = make_code(nora)
    code = code_of(database, code_id)
    assert code in sheet
    assert "http://localhost/join" in sheet

    asked = client.get(f"/join?code={code.lower()}")
    assert asked.location == f"/join/{code}"
    page = client.get(asked.location).text
    assert "Unit N-2" in page
    assert "Nora" not in page
    assert f"/sign-in?next=/join/{code}" in page
    new = {"name": "Nina New", "login": "nina", "password": "four words are good", "next": f"/join/{code}"}
    assert client.post("/sign-up", new).location == f"/join/{code}"
    for _ in range(2):
        assert client.post(f"/join/{code}").status_code == 303
    assert "You asked on" in client.get(f"/join/{code}").text
    assert members(database, cast.units["N-2"]) == set()

    listed = nora.get("/rosters/join/requests").text
    assert listed.count('name="request"') == 1
    request = re.search(r'value="accept/(\d+)"', listed)
    assert request
    assert nora.post("/rosters/join/requests", {"what": f"accept/{request[1]}"}).status_code == 303
    with database.reading() as db:
        nina = db.scalars(select(Person.id).where(Person.user_name == "nina")).one()
        assert db.scalar(select(func.count()).where(PersonChange.person_id == nina)) == 1
    assert members(database, cast.units["N-2"]) == {nina}
    assert "You are a member" in client.get(f"/join/{code}").text


def test_all_who_wait_are_accepted_at_once_but_nobody_who_came_after(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    code = code_of(database, make_code(nora)[0])
    for login in ("laura", "otto"):
        cast.at_browser(login).post(f"/join/{code}")
    last = re.search(r'name="last" value="(\d+)"', nora.get("/rosters/join/requests").text)
    assert last
    cast.at_browser("tina").post(f"/join/{code}")
    nora.post("/rosters/join/requests", {"what": "accept-all", "last": last[1]})
    assert members(database, cast.units["N-2"]) == {cast["laura"], cast["otto"]}
    assert "Tina Teacher" in nora.get("/rosters/join/requests").text


def test_whoever_is_refused_is_no_member_and_may_ask_again(cast: Cast, database: Database) -> None:
    nora, laura = cast.at_browser("nora"), cast.at_browser("laura")
    code = code_of(database, make_code(nora)[0])
    laura.post(f"/join/{code}")
    with database.reading() as db:
        request = db.scalars(select(JoinRequest.id)).one()
    nora.post("/rosters/join/requests", {"what": "refuse", "request": str(request)})
    assert members(database, cast.units["N-2"]) == set()
    assert "Ask to join" in laura.get(f"/join/{code}").text


def test_another_coordinator_sees_and_decides_nothing(cast: Cast, database: Database) -> None:
    nora, sid = cast.at_browser("nora"), cast.at_browser("sid")
    code_id, _sheet = make_code(nora)
    cast.at_browser("laura").post(f"/join/{code_of(database, code_id)}")
    with database.reading() as db:
        request = db.scalars(select(JoinRequest.id)).one()
    assert sid.get(UNIT).status_code == 404
    assert sid.get(f"/rosters/join/codes/{code_id}/sheet").status_code == 404
    assert sid.post(f"/rosters/join/codes/{code_id}/end").status_code == 404
    assert "Laura" not in sid.get("/rosters/join/requests").text
    for what in (f"accept/{request}", "accept-all"):
        sid.post("/rosters/join/requests", {"what": what, "request": str(request), "last": "999"})
    assert members(database, cast.units["N-2"]) == set()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_code_that_is_over_or_ended_opens_nothing(cast: Cast, database: Database) -> None:
    nora, laura = cast.at_browser("nora"), cast.at_browser("laura")
    code_id, _sheet = make_code(nora)
    code = code_of(database, code_id)
    with time_machine.travel(now() + timedelta(days=31)):
        assert cast.at_browser("otto").get(f"/join/{code}").status_code == 404
    assert laura.get(f"/join/{code}").status_code == 200
    assert nora.post(f"/rosters/join/codes/{code_id}/end").status_code == 303
    assert laura.get(f"/join/{code}").status_code == 404
    assert laura.post(f"/join/{code}").status_code == 404
    assert "nowhere" in nora.get(f"/rosters/join/codes/{code_id}/sheet").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_guessing_is_slowed_down(client: Visitor) -> None:
    answers = [client.get(f"/join/{new_code()}").status_code for _ in range(61)]
    assert answers[:60] == [404] * 60
    assert answers[60] == 429


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_guessed_too_much_gets_no_answer_to_a_right_code_either(cast: Cast, client: Visitor) -> None:
    right = code_of(cast.app.extensions["lms_database"], make_code(cast.at_browser("nora"))[0])
    for _ in range(60):
        assert client.get(f"/join/{right}").status_code == 200  # a class behind one address: right codes never count
        assert client.get(f"/join/{new_code()}").status_code == 404
    assert client.get(f"/join/{right}").status_code == 429


def waiting(database: Database, cast: Cast, login: str, unit: str) -> int:
    """Somebody waits to join a unit, as if a moment earlier they had asked; the id of the request."""
    with database.writing() as db:
        code = JoinCode(code=new_code(), unit_id=cast.units[unit], made_by=cast["nora"], created_at=now())
        code.expires_at = now() + timedelta(days=1)
        db.add(code)
        db.flush()
        request = JoinRequest(
            person_id=cast[login], unit_id=cast.units[unit], code_id=code.id, asked_at=now(), is_accepted=None
        )
        db.add(request)
        db.flush()
        return request.id


def test_one_request_for_each_person_and_unit_waits(cast: Cast, database: Database) -> None:
    first = waiting(database, cast, "laura", "N-2")
    with pytest.raises(IntegrityError):
        waiting(database, cast, "laura", "N-2")
    waiting(database, cast, "laura", "S-1")
    with database.writing() as db:
        assert join_actions.decide(db, [first], by=cast["nora"], accept=False) == 1
    waiting(database, cast, "laura", "N-2")


def test_two_who_press_at_once_have_asked_once(cast: Cast, database: Database) -> None:
    """The second comes after the first has looked: the table's own rule decides."""
    code = code_of(database, make_code(cast.at_browser("nora"))[0])
    with database.reading() as db:
        seen = join_queries.invitation(db, code, cast["laura"], now())
    assert seen is not None
    fact = {"person_id": cast["laura"], "unit_id": seen.unit_id, "code_id": seen.code_id, "asked_at": now()}
    with database.writing() as db:
        assert insert_once(db, JoinRequest, fact)
        assert not insert_once(db, JoinRequest, fact)


def letters(settings: Settings) -> list[str]:
    return [path.read_text() for path in sorted((settings.home / "outbox").glob("*.eml"))]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("what", "words"), [("accept", "the coordinator said yes"), ("refuse", "You keep your account")]
)
def test_who_asked_is_told_what_was_decided(
    cast: Cast, database: Database, worker: Worker, settings: Settings, what: str, words: str
) -> None:
    request = waiting(database, cast, "laura", "N-2")
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).proved_email = "laura@mail.example"
    for _ in range(2):
        cast.at_browser("nora").post("/rosters/join/requests", {"what": f"{what}/{request}"})
    worker.drain()
    told = [letter for letter in letters(settings) if "To: laura@mail.example" in letter]
    assert len(told) == 1
    plain = message_from_string(told[0], policy=policy.default).get_content()
    assert words in plain
    assert "Unit N-2" in plain


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_letter_without_a_proved_address(cast: Cast, database: Database, worker: Worker, settings: Settings) -> None:
    request = waiting(database, cast, "otto", "N-2")
    cast.at_browser("nora").post("/rosters/join/requests", {"what": f"accept/{request}"})
    worker.drain()
    assert letters(settings) == []


def close(database: Database, cast: Cast, code: str) -> None:
    with database.writing() as db:
        units.close(db, db.get_one(Unit, cast.units[code]), by=None)


def test_nobody_comes_into_a_unit_that_was_closed_meanwhile(cast: Cast, database: Database) -> None:
    nora, code = cast.at_browser("nora"), code_of(database, make_code(cast.at_browser("nora"))[0])
    request = waiting(database, cast, "laura", "N-2")
    close(database, cast, "N-2")
    assert cast.at_browser("otto").post(f"/join/{code}").status_code == 404
    for what in (f"accept/{request}", "accept-all"):
        nora.post("/rosters/join/requests", {"what": what, "last": "99999"})
    page = nora.get("/rosters/join/requests").text
    assert "closed: it takes no members" in page
    assert f"accept/{request}" not in page
    assert members(database, cast.units["N-2"]) == set()
    nora.post("/rosters/join/requests", {"what": f"refuse/{request}"})
    assert "Laura" not in nora.get("/rosters/join/requests").text


def test_an_offer_of_a_unit_that_was_closed_makes_no_member(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        run = ImportRun(
            client_id="c", kind="people", file_name="f", digest="d", mapping={}, options={}, state="done",
            created_at=now(),
        )  # fmt: skip
        db.add(run)
        db.flush()
        offer = MembershipOffer(
            person_id=cast["laura"], unit_id=cast.units["N-2"], run_id=run.id, since=now().date(), made_at=now()
        )
        db.add(offer)
        db.flush()
        offer_id = offer.id
    laura = cast.at_browser("laura")
    assert "Unit N-2" in laura.get("/my-units").text
    close(database, cast, "N-2")
    assert "Unit N-2" not in laura.get("/my-units").text
    assert laura.post(f"/my-units/{offer_id}", {"answer": "yes"}).status_code == 303
    assert "was closed meanwhile" in laura.get("/my-units").text
    assert members(database, cast.units["N-2"]) == set()
    with database.reading() as db:
        assert db.get_one(MembershipOffer, offer_id).decided_at is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("held", ["N-2", ""])
def test_who_comes_in_and_who_closes_wait_for_each_other(cast: Cast, database: Database, held: str) -> None:
    """SQLite has one writer at a time anyway."""
    with database.writing() as coming, database.writing() as other:
        if held:
            assert units.hold_open(coming, [cast.units[held], cast.units["S-1"]]) == {
                cast.units[held],
                cast.units["S-1"],
            }
        else:
            units.hold_tree(coming, None)
        assert units.hold_open(other, [cast.units["N-2"]])  # these do not wait for each other
        other.rollback()
        with database.write_session() as closing:
            closing.execute(text("set local lock_timeout = '50ms'"))
            with pytest.raises(OperationalError):
                units.close(closing, closing.get_one(Unit, cast.units["N-2"]), by=None)
    close(database, cast, "N-2")
    with database.writing() as db:
        assert units.hold_open(db, [cast.units["N-2"], cast.units["S-1"]]) == {cast.units["S-1"]}


def test_the_migration_keeps_the_first_of_several_waiting_requests(cast: Cast, database: Database) -> None:
    path = schema.alembic_config().get_main_option("script_location")
    later = runpy.run_path(f"{path}/versions/0008_one_waiting_request.py")["LATER"]
    with database.writing() as db:
        db.execute(text("drop index ix_join_request_waiting"))
    first = waiting(database, cast, "laura", "N-2")
    waiting(database, cast, "laura", "N-2")
    others = {waiting(database, cast, "laura", "S-1"), waiting(database, cast, "otto", "N-2")}
    with database.writing() as db:
        db.execute(text(later))
        assert set(db.scalars(select(JoinRequest.id))) == {first, *others}
