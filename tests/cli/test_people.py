"""`lms people`: the first operator, and nobody by mistake."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.db import Database
from lms.people import actions, queries
from lms.people.models import Person, RoleGrant, SecurityEvent
from lms.people.rules import Role
from tests.cli.console import Console, Said

GOOD = "four quiet green words"


def add(console: Console, *more: str, login: str = "ilze@example.org", typed: str = f"{GOOD}\n") -> Said:
    return console("people", "add", "--name", "Ilze Ozola", "--login", login, *more, typed=typed)


def test_the_first_operator_can_sign_in_and_holds_the_role(ready: Console, database: Database) -> None:
    said = add(ready, "--role", "operator")
    assert said.code == 0, said.err
    with database.reading() as db:
        person = queries.by_login(db, "ilze@example.org")
        assert person is not None
        assert person.proved_email == "ilze@example.org"
        assert not person.is_demo
        assert actions.password_fits(person, GOOD)
        assert db.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)).all() == ["operator"]
        assert "role-granted" in db.scalars(select(SecurityEvent.kind)).all()
    assert ready("people", "list", "--json").json == [
        {"name": "Ilze Ozola", "login": "ilze@example.org", "role": "operator", "unit": None}
    ]


def test_the_password_may_be_an_option(ready: Console, database: Database) -> None:
    assert add(ready, "--password", GOOD, typed="").code == 0
    with database.reading() as db:
        assert actions.password_fits(queries.by_login(db, "ilze@example.org"), GOOD)


@pytest.mark.parametrize("weak", ["short", "1234567890", "aaaaaaaaaaaa", "ilze@example.org", ""])
def test_a_weak_password_makes_no_account(ready: Console, database: Database, weak: str) -> None:
    said = add(ready, "--role", "operator", typed=f"{weak}\n")
    assert said.code == 1
    assert "four ordinary words" in said.err
    with database.reading() as db:
        assert db.scalars(select(Person)).all() == []


def test_an_unknown_unit_makes_no_account(ready: Console, database: Database) -> None:
    said = add(ready, "--role", "coordinator", "--unit", "NOWHERE")
    assert said.code == 1
    assert "No unit has the code NOWHERE" in said.err
    with database.reading() as db:
        assert db.scalars(select(Person)).all() == []


@pytest.mark.parametrize("role", [["--role", "operator"], []])
def test_only_a_role_with_a_scope_has_a_unit(ready: Console, role: list[str]) -> None:
    assert add(ready, *role, "--unit", "N").code == 2


def test_a_coordinator_gets_a_unit(ready: Console, database: Database) -> None:
    with database.writing() as db:
        actions.add_unit(db, kind="region", code="N", name="North")
    assert add(ready, "--role", "coordinator", "--unit", "N").code == 0
    assert ready("people", "list", "--json").json[0]["unit"] == "N"


def test_a_second_call_gives_a_role_and_asks_for_no_password(ready: Console, database: Database) -> None:
    add(ready)
    said = add(ready, "--role", "trainer", typed="")
    assert (said.code, said.out) == (0, "ilze@example.org has an account already.\nilze@example.org is trainer now.\n")
    assert add(ready, "--role", "trainer", typed="").code == 0
    with database.reading() as db:
        assert len(db.scalars(select(RoleGrant)).all()) == 1


def test_whoever_merely_claims_an_address_gets_no_role(ready: Console, database: Database) -> None:
    with database.writing() as db:
        actions.sign_up(db, actions.NewPerson("Mallory", "ilze@example.org", ""), "")
    said = add(ready, "--role", "operator")
    assert said.code == 1
    assert "Mallory" in said.err
    assert "--vouch" in said.err
    with database.reading() as db:
        assert db.scalars(select(RoleGrant)).all() == []
    assert add(ready, "--role", "operator", "--vouch").code == 0
    with database.reading() as db:
        assert db.scalars(select(RoleGrant.role)).all() == [Role.OPERATOR]


def test_the_name_of_a_closed_account_is_a_sentence(ready: Console, database: Database) -> None:
    add(ready, login="ilze")
    with database.writing() as db:
        person = queries.by_login(db, "ilze")
        assert person is not None
        person.closed_at = now()
    said = add(ready, login="ilze")
    assert said.code == 1
    assert "closed" in said.err


@pytest.mark.parametrize("arguments", [["--name", " ", "--login", "x"], ["--name", "A", "--login", "a b"]])
def test_nobody_without_a_name_or_a_login(ready: Console, arguments: list[str]) -> None:
    assert ready("people", "add", *arguments, typed=f"{GOOD}\n").code == 2


def test_a_role_that_does_not_exist_is_wrong_use(ready: Console) -> None:
    assert add(ready, "--role", "king").code == 2
