"""The people of our tests, on a real database, and the browsers they sit at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from sqlalchemy import select

from lms.clock import now
from lms.people import actions
from lms.people.models import Person, Unit
from lms.people.rules import Role

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"
# a hash says itself what it costs to check: this one next to nothing, because everybody here has the same password
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Visitor:
    """Somebody at a browser. Posts say where they come from, as browsers do."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.browser.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form."""
        headers = {"Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.browser.post(path, data=data or {}, headers=headers, **options)

    def sign_in(self, login: str, password: str = PASSWORD) -> Visitor:
        """Sign in; the test fails here if that does not work."""
        answer = self.post("/sign-in", {"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return self


@dataclass(frozen=True)
class Cast:
    """Who is who. Each is a login; `ids` maps logins to actors, `units` codes to units."""

    app: Flask
    ids: dict[str, int]
    units: dict[str, int]
    learner: str = "laura"
    other: str = "otto"
    trainer: str = "tina"
    north: str = "nora"
    south: str = "sid"
    operator: str = "omar"

    def at_browser(self, login: str) -> Visitor:
        """This person at a browser of their own, signed in."""
        return Visitor(self.app).sign_in(login)

    def __getitem__(self, login: str) -> int:
        return self.ids[login]


NAMES = {
    "laura": "Laura Lapiņa",
    "otto": "Otto Südsen",
    "tina": "Tina Teacher",
    "nora": "Nora North",
    "sid": "Sid South",
    "omar": "Omar Operator",
}


def invite(app: Flask) -> Cast:
    """Make everybody."""
    with app.extensions["lms_database"].writing() as db:
        sign_up_everybody(db)
    return known_cast(app)


def known_cast(app: Flask) -> Cast:
    """Everybody, who is there already."""
    with app.extensions["lms_database"].reading() as db:
        ids = db.execute(select(Person.user_name, Person.id).where(Person.user_name.in_(NAMES)))
        units = db.execute(select(Unit.code, Unit.id))
        return Cast(app, {row[0]: row[1] for row in ids}, {row[0]: row[1] for row in units})


def sign_up_everybody(db: Session) -> None:
    """Laura learns in the north, Otto in the south; Nora and Sid coordinate those regions."""
    units = _units(db)
    ids = {login: _person(db, login, name) for login, name in NAMES.items()}
    actions.join_unit(db, ids["laura"], units["N-1"], since=now().date())
    actions.join_unit(db, ids["otto"], units["S-1"], since=now().date())
    actions.grant_role(db, ids["tina"], Role.TRAINER, unit=None, by=None)
    actions.grant_role(db, ids["nora"], Role.COORDINATOR, unit=units["N"], by=None)
    actions.grant_role(db, ids["sid"], Role.COORDINATOR, unit=units["S"], by=None)
    actions.grant_role(db, ids["omar"], Role.OPERATOR, unit=None, by=None)


def _person(db: Session, login: str, name: str) -> int:
    person: Person = actions.sign_up(db, actions.NewPerson(name, login, ""), HASH)
    return person.id


def _units(db: Session) -> dict[str, int]:
    made: dict[str, Unit] = {}
    for code, parent in [("ALL", ""), ("N", "ALL"), ("S", "ALL"), ("N-1", "N"), ("N-2", "N"), ("S-1", "S")]:
        made[code] = actions.add_unit(db, kind="unit", code=code, name=f"Unit {code}", parent=made.get(parent))
    return {code: unit.id for code, unit in made.items()}
