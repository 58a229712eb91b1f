"""People of a demonstration have a password that everybody knows: elsewhere they may not come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.people.models import Person
from tests.cast import PASSWORD

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor


def test_made_up_people_cannot_sign_in_outside_of_a_demonstration(
    cast: Cast, client: Visitor, database: Database
) -> None:
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast["laura"]).values(is_demo=True))
    assert client.post("/sign-in", {"login": "laura", "password": PASSWORD}).status_code == 403
    assert client.get("/my-learning").status_code == 303
