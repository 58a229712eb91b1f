"""A code on a sheet leads to a unit; a coordinator says yes or no."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from lms.clock import now
from lms.people.models import Membership, Person, PersonChange
from lms.people.short_codes import ALPHABET, new_code, read_code
from lms.rosters.models import JoinCode, JoinRequest

if TYPE_CHECKING:
    from lms.db import Database
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
