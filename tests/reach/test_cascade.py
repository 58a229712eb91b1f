"""Who trained whom on the desk of help: how deep it goes, and how many of whom somebody trained are still active."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from lms.helping.models import HelperDay
from lms.meetings import cascade_queries as meetings
from lms.paging import At
from lms.people.models import Unit
from lms.reach.cascade_queries import cascade_page
from lms.reach.rules import told_of
from tests.meetings.world import OFFERS, add_person, certify, hold, today

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.reach.cascade_queries import CascadePage
    from tests.cast import Cast

AGO = today() - timedelta(days=100)
LAST_30 = timedelta(days=29)  # with today thirty days


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meetings, "offers_of", lambda _db: OFFERS)


def page(db: Session, cast: Cast) -> CascadePage:
    return cascade_page(db, cast["nora"], db.get_one(Unit, cast.units["N"]), 30, today(), At())


def test_from_five_people_on_it_is_said_how_many_are_active(database: Database, cast: Cast) -> None:
    north = cast.units["N-1"]
    with database.writing() as db:
        first = add_person(db, "A first trainer", north)
        trained = [add_person(db, f"Person {number}", north) for number in range(5)]
        later = [add_person(db, f"Later person {number}", north) for number in range(5)]
        certify(db, first, since=AGO)
        certify(db, trained[0], since=AGO + timedelta(days=5))
        hold(db, first, north, trained, on=AGO)
        hold(db, trained[0], north, later, on=AGO + timedelta(days=9))
        for person, day in ((trained[1], today() - LAST_30), (trained[2], today() - LAST_30 - timedelta(days=1))):
            db.add(HelperDay(person_id=person, last_on=day))
        db.add(HelperDay(person_id=later[0], last_on=today()))
        db.flush()
        found = page(db, cast)
    assert [(row.id, row.people, row.active) for row in found.rows] == [(first, 5, 1), (trained[0], 5, 1)]
    assert [(step.people, step.active) for step in found.steps] == [(1, None), (5, 1), (5, 1)]
    assert (found.total.people, found.total.active) == (10, 2)


def test_of_fewer_than_five_nobody_learns_who_is_active(database: Database, cast: Cast) -> None:
    north = cast.units["N-1"]
    with database.writing() as db:
        trainer = add_person(db, "Trainer", north)
        certify(db, trainer, since=AGO)
        hold(db, trainer, north, [add_person(db, f"Person {number}", north) for number in range(4)], on=AGO)
        found = page(db, cast)
    assert (found.total.people, found.total.active) == (4, None)


def test_the_whole_without_those_shown_tells_of_no_single_trainer(database: Database, cast: Cast) -> None:
    """Nine people, two of them active, of whom one trainer's five would leave the other's four."""
    north = cast.units["N-1"]
    with database.writing() as db:
        numbers = {}
        for name, trained in (("A trainer", 6), ("B trainer", 5), ("C trainer", 4)):
            numbers[name] = trainer = add_person(db, name, north)
            certify(db, trainer, since=AGO)
            people = [add_person(db, f"{name} {number}", north) for number in range(trained)]
            hold(db, trainer, north, people, on=AGO)
            db.add(HelperDay(person_id=people[0], last_on=today()))
        db.flush()
        found = page(db, cast)
    assert [(row.people, row.active) for row in found.rows] == [(6, 1), (5, None), (4, None)]
    assert found.total.active == 3


def test_groups_that_the_rest_would_tell_of_are_hidden_with_the_smallest_shown() -> None:
    few, some, many = set(range(4)), set(range(10, 15)), set(range(20, 30))
    assert told_of({1: many, 2: some}) == {1, 2}
    assert told_of({1: many, 2: some, 3: few}) == {1}
    assert told_of({1: many, 2: few}) == set()
    assert told_of({1: many | few, 2: few}) == {1}, "who stands in a shown group, too, is not the rest"
    assert told_of({}) == set()
