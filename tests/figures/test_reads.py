"""What pages read agrees, person by person, with what was counted."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import event, select

from lms.clock import now
from lms.figures import actions, queries
from lms.figures.models import ANY, NONE
from lms.figures.rules import Figures, State, Tally
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current
from tests.figures.world import COURSES, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from lms.db import Database


@pytest.fixture
def counted(database: Database) -> Iterator[Database]:
    """A country in which much has happened, counted."""
    with time_machine.travel(now().replace(hour=9, minute=0), tick=False) as clock:
        country = found(database, 42, people=25)
        for _ in range(6):
            with database.writing() as db:
                country.db = db
                for _ in range(25):
                    country.happen()
            clock.shift(timedelta(days=1))
        actions.recount(database)
        yield database


def members(db: Session, unit: Unit) -> set[int]:
    rows = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).join(Person)
    here = rows.where(is_below(Unit.path, unit.path), is_current(now().date()), Person.closed_at.is_(None))
    return set(db.scalars(here))


@pytest.mark.parametrize("course", [ANY, *COURSES])
def test_the_people_behind_a_figure(counted: Database, course: str) -> None:
    with counted.reading() as db:
        units = db.scalars(select(Unit).where(Unit.closed_on.is_(None))).all()
        figures = queries.figures(db, [unit.id for unit in units], course)
        who = {state: set(db.scalars(select(Person.id).where(queries.stands(course, state)))) for state in State}
        assert sum(map(len, who.values())) == len(db.scalars(select(Person.id)).all()), "each in one state"
        for unit in units:
            here = members(db, unit)
            numbers = {state: len(here & people) for state, people in who.items()}
            assert figures[unit.id] == Figures(
                len(here),
                numbers[State.UNDER_WAY],
                numbers[State.FAILED],
                numbers[State.CERTIFIED],
                numbers[State.EXEMPT],
            )
            assert figures[unit.id].not_started == numbers[State.NOT_STARTED]
            assert queries.figures_by_course(db, unit.id, [course, NONE]) == {
                course: figures[unit.id],
                NONE: Figures(len(here)),
            }


@pytest.mark.parametrize("course", [ANY, *COURSES])
def test_days_add_up_and_are_the_same_counted_live(counted: Database, course: str) -> None:
    today = now().date()
    ago = today - timedelta(days=60)
    with counted.reading() as db:
        roots = db.scalars(select(Unit).where(Unit.parent_id.is_(None))).all()
        assert roots
        for unit in roots:
            days = queries.days(db, unit, course, ago, today)
            figures = queries.figures(db, [unit.id], course)[unit.id]
            assert sum(day.certified for day in days) == figures.certified
            assert sum(day.begun for day in days) == figures.certified + figures.under_way + figures.failed
            assert days == queries._days_counted_now(db, unit, course, ago, today)
            assert [day.day for day in days] == sorted({day.day for day in days})


@pytest.mark.parametrize("course", [ANY, *COURSES])
def test_tallies_are_what_the_units_come_to(counted: Database, course: str) -> None:
    with counted.reading() as db:
        units = db.scalars(select(Unit).where(Unit.closed_on.is_(None))).all()
        figures = queries.figures(db, [unit.id for unit in units], course)
        for kind in ("team", "district", "province"):
            tallies = queries.tallies(db, [unit.id for unit in units], kind, course)
            for top in units:
                below = [u.id for u in units if u.path.startswith(top.path) and u is not top and u.kind == kind]
                sums: Counter[str] = Counter(units=len(below))
                for each in (figures[unit] for unit in below):
                    done = each.certified + each.exempt
                    sums["staffed"] += each.registered > 0
                    sums["started"] += each.under_way + each.failed + each.certified > 0
                    sums["one"] += each.certified > 0
                    sums["half"] += each.registered > 0 and 2 * done >= each.registered
                    sums["whole"] += each.registered > 0 and done == each.registered
                assert tallies[top.id] == Tally(**sums)


def test_reading_takes_few_statements(counted: Database) -> None:
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    with counted.reading() as db:
        units = db.scalars(select(Unit).order_by(Unit.id)).all()
        event.listen(counted.reader, "before_cursor_execute", counting)
        queries.figures(db, [unit.id for unit in units], ANY)
        queries.tallies(db, [unit.id for unit in units], "team", ANY)
        queries.days(db, units[0], ANY, now().date(), now().date())
        assert count == 3
        before = count
        queries.as_of(db, units, ANY, now().date())
        assert count - before < 16, "whatever the number of units and people"
        event.remove(counted.reader, "before_cursor_execute", counting)
