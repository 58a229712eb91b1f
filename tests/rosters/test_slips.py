"""A code on a slip of paper signs one person in, once."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from lms.clock import now
from lms.people import actions
from lms.people.models import Membership, Person, SignInCode, UserSession
from lms.people.rules import Role
from tests.cast import Visitor

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

CODE = re.compile(r'<p class="code">([\w-]{11})</p>')


def on_register(database: Database, cast: Cast, name: str, unit: str = "N-2", **more: str) -> int:
    """Somebody of whom only a register knows."""
    with database.writing() as db:
        person = actions.sign_up(db, actions.NewPerson(name, "", ""), "")
        person.user_name = None
        for key, value in more.items():
            setattr(person, key, value)
        actions.join_unit(db, person.id, cast.units[unit], since=now().date())
        return person.id


def make_slips(nora: Visitor, **form: object) -> str:
    made = nora.post("/rosters/slips/N", {"batch": str(uuid.uuid4()), **form})
    assert made.status_code == 200, made.text
    assert made.headers["Cache-Control"] == "private, no-store"
    return str(made.text)


def test_from_the_slip_to_a_password_of_ones_own(cast: Cast, database: Database) -> None:
    hoa = on_register(database, cast, "Hoà Nguyễn")
    nora = cast.at_browser("nora")
    assert "was never here" in nora.get("/rosters/slips/N").text
    sheet = make_slips(nora, who="new")
    assert "Hoà Nguyễn" in sheet
    code = CODE.search(sheet)
    assert code
    with database.reading() as db:
        kept = db.scalars(select(SignInCode)).one()
        assert code[1].replace("-", "") not in kept.code_hash

    visitor = Visitor(cast.app)
    answer = visitor.post("/sign-in/code", {"code": code[1].lower()})
    assert answer.location == "/account/own-sign-in"
    assert "Hoà Nguyễn" in visitor.get(answer.location).text
    kept_door = visitor.post("/account/own-sign-in", {"user_name": "Hoa.Nguyen", "password": "bốn từ là đủ rồi"})
    assert kept_door.status_code == 303, kept_door.text
    assert visitor.get("/my-learning").status_code == 200
    Visitor(cast.app).sign_in("hoa.nguyen", "bốn từ là đủ rồi")
    again = Visitor(cast.app).post("/sign-in/code", {"code": code[1]})
    assert again.status_code == 422
    with database.reading() as db:
        assert db.scalars(select(UserSession.actor_id).where(UserSession.actor_id == hoa)).first() == hoa


def test_a_slip_is_never_made_for_whoever_has_a_role_or_a_proved_address_or_sits_elsewhere(
    cast: Cast, database: Database
) -> None:
    teaches = on_register(database, cast, "Has Role")
    proved = on_register(database, cast, "Has Address", email="a@example.org", proved_email="a@example.org")
    south = on_register(database, cast, "Sits Elsewhere", unit="S-1")
    plain = on_register(database, cast, "Plain Person")
    with database.writing() as db:
        actions.grant_role(db, teaches, Role.TRAINER, unit=cast.units["N-2"], by=None)
    sheet = make_slips(cast.at_browser("nora"), person=[str(each) for each in (teaches, proved, south, plain)])
    assert len(CODE.findall(sheet)) == 1
    assert "Plain Person" in sheet
    assert not any(name in sheet for name in ("Has Role", "Has Address", "Sits Elsewhere"))


def test_whoever_gets_a_role_later_cannot_use_the_slip(cast: Cast, database: Database) -> None:
    person = on_register(database, cast, "Plain Person")
    code = CODE.findall(make_slips(cast.at_browser("nora"), who="new"))[0]
    with database.writing() as db:
        actions.grant_role(db, person, Role.COORDINATOR, unit=cast.units["N-2"], by=None)
    assert Visitor(cast.app).post("/sign-in/code", {"code": code}).status_code == 422


def test_slips_are_shown_once_and_new_ones_end_the_old(cast: Cast, database: Database) -> None:
    on_register(database, cast, "Plain Person")
    nora, batch = cast.at_browser("nora"), str(uuid.uuid4())
    with database.reading() as db:
        plain = str(db.scalars(select(Person.id).where(Person.name == "Plain Person")).one())
    first = CODE.findall(make_slips(nora, batch=batch, person=plain))[0]
    repeated = nora.post("/rosters/slips/N", {"batch": batch, "person": plain})
    assert repeated.status_code == 409
    assert "shown before" in repeated.text
    assert not CODE.findall(repeated.text)
    second = CODE.findall(make_slips(nora, person=plain))[0]
    assert Visitor(cast.app).post("/sign-in/code", {"code": first}).status_code == 422
    assert Visitor(cast.app).post("/sign-in/code", {"code": second}).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_slip_lasts_thirty_days(cast: Cast, database: Database) -> None:
    on_register(database, cast, "Plain Person")
    code = CODE.findall(make_slips(cast.at_browser("nora"), who="new"))[0]
    with time_machine.travel(now() + timedelta(days=30, minutes=1)):
        assert Visitor(cast.app).post("/sign-in/code", {"code": code}).status_code == 422
    with time_machine.travel(now() + timedelta(days=29)):
        assert Visitor(cast.app).post("/sign-in/code", {"code": code}).status_code == 303


def test_somebody_with_an_account_adds_the_entry_of_the_register_to_it(cast: Cast, database: Database) -> None:
    entry = on_register(database, cast, "Otto Suedsen", code="R-17")
    code = CODE.findall(make_slips(cast.at_browser("nora"), who="new"))[0]
    otto = cast.at_browser("otto")
    assert "Otto Südsen" in otto.get("/sign-in/code").text
    assert otto.post("/sign-in/code", {"code": code, "mine": "mine"}).location == "/my-learning"
    assert otto.get("/my-learning").status_code == 200
    with database.reading() as db:
        person = db.get_one(Person, cast["otto"])
        assert person.code == "R-17"
        assert person.name == "Otto Südsen"
        assert db.get_one(Person, entry).merged_into_id == person.id
        units = select(func.count()).select_from(Membership).where(Membership.person_id == person.id)
        assert db.scalar(units) == 2


def test_a_shared_computer_signs_somebody_else_in(cast: Cast, database: Database) -> None:
    on_register(database, cast, "Plain Person")
    code = CODE.findall(make_slips(cast.at_browser("nora"), who="new"))[0]
    otto = cast.at_browser("otto")
    otto.post("/sign-in/code", {"code": code, "mine": "other", "shared": "y"})
    assert "Plain Person" in otto.get("/account/own-sign-in").text
    with database.reading() as db:
        assert db.get_one(Person, cast["otto"]).closed_at is None


def test_nobody_takes_over_a_password_from_a_screen_left_open(cast: Cast) -> None:
    laura = cast.at_browser("laura")
    assert "must have come with a code" in laura.get("/account/own-sign-in").text
    laura.post("/account/own-sign-in", {"user_name": "laura", "password": "another four words"})
    Visitor(cast.app).sign_in("laura")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_ticked_makes_no_slip(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    assert nora.post("/rosters/slips/N", {"batch": str(uuid.uuid4())}).status_code == 303
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SignInCode)) == 0
