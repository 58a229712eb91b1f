"""Two requests at the same moment give no role to more people than one of them alone would."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.organisation import actions
from lms.people import actions as people
from lms.people.models import RoleGrant, Unit
from lms.people.rules import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.db import Database
    from tests.cast import Cast

A_MOMENT = 0.3  # seconds in which the second one comes as far as it can


def one_during_the_other(database: Database, first: Callable[..., object], second: Callable[..., object]) -> None:
    def alone() -> None:
        try:
            with database.writing() as db:
                second(db)
        except LookupError:
            pass

    later = Thread(target=alone)
    with database.writing() as db:
        first(db)
        db.flush()
        later.start()
        later.join(A_MOMENT)
    later.join()


def holders(database: Database, unit: int) -> list[int]:
    with database.reading() as db:
        held = select(RoleGrant.person_id).where(RoleGrant.unit_id == unit, RoleGrant.ended_at.is_(None))
        return list(db.scalars(held))


def test_a_role_handed_over_twice_at_once_goes_to_one(cast: Cast, database: Database) -> None:
    unit = cast.units["N-1"]
    with database.writing() as db:
        grant = people.grant_role(db, cast["tina"], Role.COORDINATOR, unit=unit, by=cast["nora"])

    def to(login: str) -> Callable[..., object]:
        return lambda db: actions.hand_over(db, cast["nora"], db.get_one(Unit, unit), grant, login)

    one_during_the_other(database, to("laura"), to("otto"))
    assert holders(database, unit) == [cast["laura"]]


def test_a_role_given_twice_at_once_is_one(cast: Cast, database: Database) -> None:
    unit = cast.units["N-1"]

    def give(db: object) -> object:
        return people.grant_role(db, cast["laura"], Role.OWNER, unit=unit, by=None)  # type: ignore[arg-type]

    one_during_the_other(database, give, give)
    assert holders(database, unit) == [cast["laura"]]


def test_a_unit_that_is_moved_away_in_this_moment_is_hers_no_more(cast: Cast, database: Database) -> None:
    unit, refused = cast.units["N-2"], []

    def take_away(db: object) -> None:
        row = db.get_one(Unit, unit)  # type: ignore[attr-defined]
        actions.move(db, cast["omar"], row, db.get_one(Unit, cast.units["S"]))  # type: ignore[arg-type,attr-defined]

    def rename(db: object) -> None:
        row = db.get_one(Unit, unit)  # type: ignore[attr-defined]
        try:
            actions.rename(db, cast["nora"], row, name="Mine", kind=row.kind, code=row.code)  # type: ignore[arg-type]
        except actions.NotAllowed:
            refused.append(True)
            raise LookupError from None

    one_during_the_other(database, take_away, rename)
    assert refused == [True]
    with database.reading() as db:
        assert db.get_one(Unit, unit).name != "Mine"
