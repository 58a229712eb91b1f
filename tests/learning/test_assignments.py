"""What somebody was given to learn, and by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from lms.clock import now
from lms.learning.assignment_actions import NewGroup, end_group, give_courses, make_group, put_into_group
from lms.learning.assignment_queries import assigned
from lms.learning.assignment_rules import Assigned, strictest, urgency
from lms.learning.exemptions import exempt
from lms.people.actions import join_unit

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def test_a_group_wins_and_among_units_the_nearest_deadline() -> None:
    rules = [
        Assigned("a", None, "country"),
        Assigned("a", TODAY + 9 * DAY, "province"),
        Assigned("a", TODAY + 3 * DAY, "team"),
        Assigned("b", None, "country"),
    ]
    assert strictest(rules)["a"].unit == "team"
    assert strictest(reversed(rules))["a"].unit == "team"
    assert strictest(rules)["b"].due_on is None
    group = Assigned("a", TODAY + 30 * DAY, "team", "Autumn", TODAY)
    assert strictest([*rules, group])["a"] == group
    assert strictest([group, *rules])["a"] == group


@pytest.mark.parametrize(
    ("due", "starts", "state"),
    [
        (None, None, "open"),
        (TODAY - DAY, None, "late"),
        (TODAY, None, "soon"),
        (TODAY + 7 * DAY, None, "soon"),
        (TODAY + 8 * DAY, None, "ahead"),
        (TODAY + 8 * DAY, TODAY + DAY, "later"),
        (TODAY + 8 * DAY, TODAY, "ahead"),
    ],
)
def test_how_a_deadline_stands(due: date | None, starts: date | None, state: str) -> None:
    assert urgency(Assigned("a", due, starts_on=starts), TODAY) == state


def test_whoever_comes_later_is_given_it_too_and_whoever_leaves_is_not(cast: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        give_courses(db, cast.units["N"], ["first-aid"], today + 9 * DAY, by=cast["nora"])
        assert set(assigned(db, cast["laura"], today)) == {"first-aid"}
        assert assigned(db, cast["otto"], today) == {}
        join_unit(db, cast["otto"], cast.units["N-2"], since=today + DAY)
        db.flush()
        assert assigned(db, cast["otto"], today) == {}
        assert assigned(db, cast["otto"], today + DAY)["first-aid"].due_on == today + 9 * DAY


def test_whoever_is_exempt_is_given_nothing(cast: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        give_courses(db, cast.units["N"], ["first-aid"], None, by=cast["nora"])
        exempt(db, cast["laura"], "first-aid", reason="Teaches it", by=cast["nora"])
        db.flush()
        assert assigned(db, cast["laura"], today) == {}


def test_a_groups_days_hold_until_it_ends(cast: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        give_courses(db, cast.units["N-1"], ["first-aid"], today + DAY, by=cast["nora"])
        new = NewGroup(cast.units["N-1"], "first-aid", "Autumn", today, today + 14 * DAY)
        group = make_group(db, new, by=cast["nora"])
        assert put_into_group(db, group, [cast["laura"], cast["laura"]], by=cast["nora"]) == 1
        assert assigned(db, cast["laura"], today)["first-aid"].due_on == today + 14 * DAY
        end_group(db, group, by=cast["nora"])
        db.flush()
        assert assigned(db, cast["laura"], today)["first-aid"].due_on == today + DAY


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_deadline_that_is_over_is_said_kindly(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        give_courses(db, cast.units["N"], ["first-aid"], now().date() - DAY, by=cast["nora"])
    laura = cast.at_browser("laura")
    page = laura.get("/my-learning").text
    assert "was due by" in page
    assert "closes nothing" in page
    assert "nothing is closed" in laura.get("/courses/first-aid").text
    laura.post("/courses/first-aid/enrol")
    page = laura.get("/my-learning").text
    assert "Courses for you" not in page
    assert "was due by" in page
