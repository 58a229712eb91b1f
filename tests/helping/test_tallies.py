"""A unit's tally of a month: what entering changes, who may, what stays visible."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.helping import actions, tally_actions, tally_queries
from lms.helping.models import HelpEntry
from lms.helping.tally_rules import Box, Change, Number, change, day_of, difference, read_month
from lms.people import units as units_of_people
from lms.people.models import Unit
from tests.helping.world import DAY, certify

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast

OCTOBER = date(2026, 10, 1)
VISITS = Box("visit", "citizen")
HEALTH = Box("consultation", "citizen", "health")


@pytest.mark.parametrize(
    ("stands", "wanted", "expected"),
    [
        (Number(0), Number(5), Change.CREATED),
        (Number(0), Number(0), Change.UNCHANGED),
        (Number(5), Number(5), Change.UNCHANGED),
        (Number(5, 30), Number(5), Change.UNCHANGED),
        (Number(5), Number(8), Change.ADDED),
        (Number(5, 30), Number(8, 60), Change.ADDED),
        (Number(5, 30), Number(8, 20), Change.CORRECTED),
        (Number(5), Number(5, 30), Change.CORRECTED),
        (Number(5), Number(3), Change.CORRECTED),
        (Number(5), Number(0), Change.CORRECTED),
    ],
)
def test_a_number_adds_what_is_more_and_corrects_what_is_less(stands: Number, wanted: Number, expected: Change) -> None:
    assert change(stands, wanted) is expected


def test_the_difference_has_what_is_more() -> None:
    assert difference(Number(5, 30), Number(8, 60)) == Number(3, 30)
    assert difference(Number(5, 30), Number(8)) == Number(3)


@pytest.mark.parametrize("text", ["2026-10", "2026-10-14", "10.2026", "10/2026", "14.10.2026"])
def test_months_are_read_as_people_write_them(text: str) -> None:
    assert read_month(text) == OCTOBER


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "October", "10.26"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert read_month(text) is None


def test_a_tally_is_noted_on_the_last_day_that_has_been() -> None:
    assert day_of(OCTOBER, DAY) == date(2026, 10, 31)
    assert day_of(date(2026, 11, 1), DAY) == DAY


def rows(db: Session) -> list[tuple[int, bool]]:
    found = db.scalars(select(HelpEntry).where(HelpEntry.is_tally).order_by(HelpEntry.id))
    return [(row.people, row.undone_at is None) for row in found]


def enter(database: Database, cast: Cast, **people: int) -> dict[Box, Change]:
    wanted = {Box(kind, "citizen"): Number(number) for kind, number in people.items()}
    with database.writing() as db:
        unit = db.get_one(Unit, cast.units["N-1"])
        return tally_actions.enter(db, cast["nora"], unit, OCTOBER, wanted, today=DAY)


def test_entering_again_adds_the_difference_or_corrects_visibly(database: Database, cast: Cast) -> None:
    assert enter(database, cast, visit=40) == {VISITS: Change.CREATED}
    assert enter(database, cast, visit=40) == {VISITS: Change.UNCHANGED}
    assert enter(database, cast, visit=43) == {VISITS: Change.ADDED}
    with database.reading() as db:
        assert rows(db) == [(40, True), (3, True)]
        assert {(row.helper_id, row.logged_by) for row in db.scalars(select(HelpEntry))} == {(None, cast["nora"])}
    assert enter(database, cast, visit=12) == {VISITS: Change.CORRECTED}
    with database.reading() as db:
        assert rows(db) == [(40, False), (3, False), (12, True)]
    assert enter(database, cast, visit=0) == {VISITS: Change.CORRECTED}
    with database.reading() as db:
        assert rows(db)[-1] == (12, False)


def test_a_corrected_number_keeps_the_minutes_that_were_told(database: Database, cast: Cast) -> None:
    for number in (Number(10, 60), Number(8), Number(9)):
        with database.writing() as db:
            unit = db.get_one(Unit, cast.units["N-1"])
            tally_actions.enter(db, cast["nora"], unit, OCTOBER, {HEALTH: number}, today=DAY)
        with database.reading() as db:
            book = tally_queries.book(db, db.get_one(Unit, cast.units["N-1"]), OCTOBER, DAY)
            assert book.number(HEALTH) == Number(number.people, 60)


def test_one_wrong_box_enters_none(database: Database, cast: Cast) -> None:
    with pytest.raises(actions.BadHelp):
        enter(database, cast, visit=40, dance=1)
    with pytest.raises(actions.BadHelp):
        enter(database, cast, visit=20_001)
    with database.reading() as db:
        assert rows(db) == []


def test_a_tally_names_a_service_of_the_list_or_none(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        unit = db.get_one(Unit, cast.units["N-1"])
        wanted = {HEALTH: Number(3), Box("consultation", "citizen"): Number(5)}
        tally_actions.enter(db, cast["nora"], unit, OCTOBER, wanted, today=DAY)
        spells = {HEALTH._replace(service="spells"): Number(1)}
        with pytest.raises(actions.BadHelp) as refused:
            tally_actions.enter(db, cast["nora"], unit, OCTOBER, spells, today=DAY)
    assert refused.value.problems == {"service": "unknown"}
    with database.reading() as db:
        book = tally_queries.book(db, db.get_one(Unit, cast.units["N-1"]), OCTOBER, DAY)
    assert {box.service: book.number(box).people for box in book.entries} == {"health": 3, "": 5}


def test_a_tally_of_a_unit_whose_certificate_had_ended_is_apart(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        certify(db, unit=cast.units["N"], since=date(2025, 1, 1), until=date(2026, 10, 30))
    enter(database, cast, visit=2)
    with database.reading() as db:
        assert [row.standing for row in db.scalars(select(HelpEntry))] == ["unit-lapsed"]


def test_who_may_enter_the_tally_of_which_unit(database: Database, cast: Cast) -> None:
    def units(login: str) -> set[str]:
        with database.reading() as db:
            found = tally_queries.units_by_code(db, cast[login], set(cast.units), DAY)
            for code, key in cast.units.items():
                one = tally_queries.unit_in_scope(db, cast[login], key, DAY)
                assert (one is not None) == (code in found), code
        return set(found)

    with database.writing() as db:
        certify(db, cast["otto"], since=date(2026, 1, 1), until=date(2026, 10, 1))
        for login, code in (("laura", "N-1"), ("otto", "S-1")):
            units_of_people.join(db, cast[login], db.get_one(Unit, cast.units[code]), since=date(2025, 1, 1), by=None)
    assert units("nora") == {"N", "N-1", "N-2"}
    assert units("laura") == set()
    with database.writing() as db:
        certify(db, cast["laura"], since=date(2026, 1, 1))
    assert units("laura") == {"N-1"}
    assert units("otto") == set()
    assert units("tina") == set()
