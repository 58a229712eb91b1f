"""Counting those who changed comes to the same as counting everybody, to the last person, whatever happens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.figures import actions, queries
from lms.figures.models import ANY, NONE
from lms.people.models import Unit
from tests.figures.world import COURSES, found

if TYPE_CHECKING:
    from datetime import date

    from lms.db import Database
    from lms.figures.rules import Figures

    Whole = dict[tuple[str, int], Figures]

DAYS = 12
A_DAY = 12  # things that happen


def as_counted(database: Database) -> Whole:
    """The figures of all open units in all courses as the tables have them."""
    with database.reading() as db:
        units = list(db.scalars(select(Unit.id).where(Unit.closed_on.is_(None))))
        return {
            (course, unit): figures
            for course in (NONE, ANY, *COURSES)
            for unit, figures in queries.figures(db, units, course).items()
        }


def as_of(database: Database, day: date, units: set[int]) -> Whole:
    """The same, counted from the facts."""
    with database.reading() as db:
        chosen = db.scalars(select(Unit).where(Unit.id.in_(units))).all()
        return {
            (course, unit): figures
            for course in (NONE, ANY, *COURSES)
            for unit, figures in queries.as_of(db, chosen, course, day).items()
        }


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long)])
def test_changes_come_to_the_same_as_everybody(database: Database, seed: int) -> None:
    with time_machine.travel(now().replace(hour=9, minute=0), tick=False) as clock:
        country = found(database, seed)
        counted: dict[date, Whole] = {}
        actions.recount(database)
        for day in range(DAYS):
            for _ in range(3):
                with database.writing() as db:
                    country.db = db
                    for _ in range(A_DAY // 3):
                        country.happen()
                actions.count_changes(database)
                wrong = actions.check(database).differences
                assert wrong == 0, (day, country.log[-A_DAY:])
                clock.shift(timedelta(minutes=10))
            counted[now().date()] = as_counted(database)
            clock.shift(timedelta(days=1))
            actions.count_changes(database)
            assert actions.check(database).differences == 0, "the calendar alone"
        for day, whole in counted.items():
            assert as_of(database, day, {unit for _course, unit in whole}) == whole, day
