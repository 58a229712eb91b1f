"""Who is most active: by what, in which unit, with equal ranks for equal numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lms.clock import now
from lms.figures.actions import recount
from lms.helping import counting
from lms.people import actions as people
from lms.people.models import Unit
from lms.reach import active_queries, chain_queries
from lms.reach.rules import Period, Span
from tests.reach.world import days_ago, note

if TYPE_CHECKING:
    from lms.db import Database
    from lms.reach.pages import Best
    from tests.cast import Cast

PERIOD = Period(Span.MONTHS, days_ago(60), now().date())


@pytest.fixture
def helped(database: Database, cast: Cast) -> None:
    """In the north Laura helped most people, Otto on most days; and there is what does not count."""
    with database.writing() as db:
        note(db, cast, "N-1", 9, days_ago(1), "laura")
        for day in (1, 2, 3):
            note(db, cast, "N-2", 1, days_ago(day), "otto")
        note(db, cast, "N-1", 1, days_ago(4), "tina")
        note(db, cast, "N-2", 2, days_ago(4), "tina")
        note(db, cast, "N-1", 99, days_ago(2), "nora", standing="lapsed")
        note(db, cast, "N-1", 99, days_ago(2), None)
        note(db, cast, "N-1", 99, days_ago(2), "nora").undone_at = now()
        note(db, cast, "N-1", 99, days_ago(90), "nora")
        note(db, cast, "S-1", 50, days_ago(2), "otto")


def best(database: Database, cast: Cast, codes: tuple[str, ...], by: str = "people", most: int = 3) -> list[Best]:
    with database.reading() as db:
        units = [db.get_one(Unit, cast.units[code]) for code in codes]
        return active_queries.best(db, units, PERIOD, by, most)


def test_people_helped_are_those_that_the_definitions_count(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, "N-1", 2, days_ago(1), "laura")
        note(db, cast, "N-1", 40, days_ago(1), "otto", kind="visit")
        note(db, cast, "N-1", 1, days_ago(1), "otto", kind="training")
    assert ranks(best(database, cast, ("N",))[0]) == [(1, "Laura", 2), (2, "Otto", 1)]
    assert ranks(best(database, cast, ("N",), "entries")[0]) == [(1, "Otto", 2), (2, "Laura", 1)]


def ranks(group: Best) -> list[tuple[int, str, int]]:
    return [(each.rank, each.name.split()[0], each.number) for each in group.helpers]


@pytest.mark.usefixtures("helped")
def test_the_most_active_of_each_unit_by_each_measure(database: Database, cast: Cast) -> None:
    north, south = best(database, cast, ("N", "S"))
    assert ranks(north) == [(1, "Laura", 9), (2, "Otto", 3), (2, "Tina", 3)]
    assert ranks(south) == [(1, "Otto", 50)]
    assert ranks(best(database, cast, ("N",), "entries")[0]) == [(1, "Otto", 3), (2, "Tina", 2), (3, "Laura", 1)]
    assert ranks(best(database, cast, ("N",), "days")[0]) == [(1, "Otto", 3), (2, "Laura", 1), (2, "Tina", 1)]


@pytest.mark.usefixtures("helped")
def test_company_of_the_last_one_is_told(database: Database, cast: Cast) -> None:
    [north] = best(database, cast, ("N",), most=2)
    assert ranks(north) == [(1, "Laura", 9), (2, "Otto", 3)]
    assert north.more == 1
    assert best(database, cast, ("N",))[0].more == 0
    assert best(database, cast, ("ALL",), most=1)[0].more == 0


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize(("days", "active"), [(1, 0), (2, 1)])
def test_active_is_who_helped_in_the_last_days(database: Database, cast: Cast, days: int, active: int) -> None:
    """Laura belongs to the north, and helped yesterday; Otto helped there, too, but belongs to the south.

    The upper levels of the tree are read as they were counted, the team below them is asked.
    """
    with database.writing() as db:
        team = people.add_unit(db, kind="team", code="T", name="Team", parent=db.get_one(Unit, cast.units["N-1"])).id
        people.join_unit(db, cast["laura"], team, since=days_ago(9))
    recount(database)
    counting.count_new(database)
    counting.count_last_days(database)
    with database.reading() as db:
        units = [db.get_one(Unit, each) for each in (cast.units["N"], cast.units["N-1"], team)]
        found = chain_queries.active_in(db, units, days_ago(days - 1), now().date())
        chains = chain_queries.of_units(db, units, PERIOD, days, now().date())
    assert [found.get(unit.id, 0) for unit in units] == [active] * 3
    assert [chains[unit.id].active for unit in units] == [active] * 3
    assert [chains[unit.id].registered for unit in units] == [1, 1, 1]
