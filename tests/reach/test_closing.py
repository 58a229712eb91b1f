"""A closed period never changes, whatever happens later; what comes later shows beside it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from lms.clock import now
from lms.helping import counting
from lms.helping.models import HelpDefinition, HelpEntry, HelpPeriod
from lms.jobs import Job
from lms.people import moving
from lms.people.actions import grant_role
from lms.people.models import Unit
from lms.people.rules import Role
from lms.reach import actions, closed_queries, unit_queries
from lms.reach.rules import TOTAL, Period, Span
from tests.reach.world import SUMMER, before, define, note, write_closed

if TYPE_CHECKING:
    from lms.db import Database
    from lms.jobs import Worker
    from lms.reach.pages import Shown
    from tests.cast import Cast

JULY = date(2026, 7, 5)
UNITS = ("ALL", "N", "S", "N-1", "N-2", "S-1")


@pytest.fixture
def closed(database: Database, cast: Cast, worker: Worker) -> Period:
    """Summer, in which N-1 consulted 7 and had 3 apart, N-2 tallied 20, and S-1 trained 5; closed."""
    with database.writing() as db:
        note(db, cast, "N-1", 7, JULY)
        note(db, cast, "N-1", 3, JULY, standing="lapsed")
        note(db, cast, "N-2", 20, date(2026, 8, 31), None)
        note(db, cast, "S-1", 5, date(2026, 6, 1), "otto", kind="training", service="work")
        note(db, cast, "S-1", 50, date(2026, 9, 1), "otto")  # after the period
        undone = note(db, cast, "S-1", 99, JULY, "otto")
        undone.undone_at = now()
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
    return close(database, cast, worker)


def close(database: Database, cast: Cast, worker: Worker) -> Period:
    counting.count_new(database)
    with database.writing() as db:
        period = db.scalars(select(HelpPeriod)).one()
        actions.close_period(db, period, cast["nora"], now().date())
    write_closed(worker)
    return Period(Span.CLOSED, SUMMER.first, SUMMER.last, period.id)


def figures(database: Database, cast: Cast, period: Period) -> dict[str, Shown]:
    counting.count_new(database)
    with database.reading() as db:
        return {
            code: unit_queries.figures(db, db.get_one(Unit, cast.units[code]), period, now().date()) for code in UNITS
        }


def totals(shown: dict[str, Shown]) -> dict[str, tuple[int, int, int]]:
    return {code: tuple(each.total[TOTAL]) for code, each in shown.items()}


AT_CLOSING = {
    "ALL": (32, 3, 20), "N": (27, 3, 20), "S": (5, 0, 0), "N-1": (7, 3, 0), "N-2": (20, 0, 20), "S-1": (5, 0, 0),
}  # fmt: skip


def test_what_was_closed_is_what_was_counted(database: Database, cast: Cast, closed: Period) -> None:
    shown, live = figures(database, cast, closed), figures(database, cast, SUMMER)
    assert totals(shown) == totals(live) == AT_CLOSING
    for code in UNITS:
        assert shown[code].total == live[code].total
        assert shown[code].months == live[code].months
        assert shown[code].services == live[code].services
        assert [(row.unit.id, row.figures) for row in shown[code].rows] == [
            (row.unit.id, row.figures) for row in live[code].rows
        ]
        assert set(shown[code].closed.corrections.values()) == {0}


def test_late_entries_show_as_corrections(database: Database, cast: Cast, closed: Period) -> None:
    with database.writing() as db:
        note(db, cast, "N-1", 12, JULY)
    shown = figures(database, cast, closed)
    assert totals(shown) == AT_CLOSING
    assert {code: each.closed.corrections[TOTAL] for code, each in shown.items()} == {
        "ALL": 12, "N": 12, "N-1": 12, "S": 0, "N-2": 0, "S-1": 0,
    }  # fmt: skip


def test_who_was_noting_help_while_it_was_closed_counts_in_every_unit(
    database: Database, cast: Cast, worker: Worker
) -> None:
    with database.writing() as db:
        note(db, cast, "N-1", 7, JULY)
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
        period = db.scalars(select(HelpPeriod)).one()
        actions.close_period(db, period, cast["nora"], now().date())
        closed = Period(Span.CLOSED, SUMMER.first, SUMMER.last, period.id)
    worker.drain()
    with database.writing() as db:
        note(db, cast, "N-1", 5, JULY, logged_at=before(period.closed_at, milliseconds=1))
    write_closed(worker)
    shown = totals(figures(database, cast, closed))
    assert shown["N-1"] == shown["N"] == shown["ALL"] == (12, 0, 0)


def test_undoing_after_the_closing_shows_as_a_correction(database: Database, cast: Cast, worker: Worker) -> None:
    with database.writing() as db:
        note(db, cast, "N-1", 7, JULY)
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
    closed = close(database, cast, worker)
    with database.writing() as db:
        db.scalars(select(HelpEntry)).one().undone_at = now()
    shown = figures(database, cast, closed)
    assert [shown[code].total[TOTAL].number for code in ("ALL", "N", "N-1")] == [7, 7, 7]
    assert [shown[code].closed.corrections[TOTAL] for code in ("ALL", "N", "N-1")] == [-7, -7, -7]


def test_other_definitions_change_nothing(database: Database, cast: Cast, closed: Period) -> None:
    with database.writing() as db:
        define(db, cast, "consulted", 2, None, None, audiences=["business"])
    shown = figures(database, cast, closed)
    assert totals(shown) == AT_CLOSING
    assert [each.version for each in shown["N"].definitions if each.code == "consulted"] == [1]
    assert shown["N"].total["consulted"].number == 27
    assert figures(database, cast, SUMMER)["N"].total["consulted"].number == 0


def test_a_unit_that_moves_later_changes_nothing(database: Database, cast: Cast, closed: Period) -> None:
    with database.writing() as db:
        moving.move(db, db.get_one(Unit, cast.units["N-1"]), db.get_one(Unit, cast.units["S"]), by=None)
    shown = figures(database, cast, closed)
    assert totals(shown) == AT_CLOSING
    assert shown["S"].closed.corrections[TOTAL] == 7


def test_a_leaf_that_gets_others_below_it_keeps_its_figures(database: Database, cast: Cast, closed: Period) -> None:
    with database.writing() as db:
        moving.move(db, db.get_one(Unit, cast.units["N-2"]), db.get_one(Unit, cast.units["N-1"]), by=None)
    assert totals(figures(database, cast, closed)) == AT_CLOSING


def test_the_definitions_of_the_last_day_count(database: Database, cast: Cast, worker: Worker) -> None:
    with database.writing() as db:
        define(db, cast, "consulted", 1, None, date(2026, 7, 31), audiences=["business"])
        define(db, cast, "consulted", 2, date(2026, 8, 1), None)
        note(db, cast, "N-1", 7, JULY)
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
    closed = close(database, cast, worker)
    assert figures(database, cast, closed)["ALL"].total["consulted"].number == 7
    with database.writing() as db:
        db.delete(db.scalars(select(HelpDefinition).where(HelpDefinition.version == 2)).one())
    shown = figures(database, cast, closed)["ALL"]
    assert shown.total["consulted"].number == 7
    assert [each.titles for each in shown.definitions if each.code == "consulted"] == [{"en": "consulted 2"}]


def test_closing_twice_closes_once(database: Database, cast: Cast, worker: Worker, closed: Period) -> None:
    with database.writing() as db:
        period = db.get_one(HelpPeriod, closed.id)
        first = period.closed_at
        actions.close_period(db, period, cast["sid"], now().date())
        note(db, cast, "N-1", 12, JULY)
    write_closed(worker)
    with database.reading() as db:
        assert db.get_one(HelpPeriod, closed.id).closed_at == first
        assert len(closed_queries.closed_periods(db, cast.units["ALL"])) == 1
    assert totals(figures(database, cast, closed)) == AT_CLOSING


def test_a_period_that_runs_or_is_to_come_is_refused(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        with pytest.raises(actions.NotBegun):
            actions.open_period(db, cast.units["ALL"], SUMMER, date(2026, 5, 31))
        actions.open_period(db, cast.units["ALL"], SUMMER, date(2026, 6, 1))
        period = db.scalars(select(HelpPeriod)).one()
        with pytest.raises(actions.StillRunning):
            actions.close_period(db, period, cast["nora"], SUMMER.last)


def test_figures_that_the_worker_failed_to_write_say_why_and_are_tried_again(
    database: Database, cast: Cast, worker: Worker
) -> None:
    with database.writing() as db:
        note(db, cast, "N-1", 7, JULY)
        grant_role(db, cast["nora"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
        period = db.scalars(select(HelpPeriod)).one().id
    nora = cast.at_browser("nora")
    address = "/coordination/help/periods"
    nora.post(f"{address}/{period}/close")
    failed = update(Job).where(Job.name == actions.JOB)
    with database.writing() as db:
        db.execute(failed.values(state="dead", attempts=8, error="database or disk is full"))
    shown = nora.get(address).text
    assert "Its figures could not be written" in shown
    assert "The disk of the server is full" in shown
    assert nora.post(f"{address}/{period}/close").status_code == 303
    write_closed(worker)
    assert "could not be written" not in nora.get(address).text
    with database.reading() as db:
        assert len(closed_queries.closed_periods(db, cast.units["ALL"])) == 1


def test_an_open_period_is_removed_and_a_closed_one_never(database: Database, cast: Cast, closed: Period) -> None:
    with database.writing() as db:
        grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
    sid, nora, address = cast.at_browser("sid"), cast.at_browser("nora"), "/coordination/help/periods"
    assert "Shares months with" not in sid.get(address).text
    sid.post(address, {"unit": cast.units["ALL"], "since": "2026-08", "until": "2026-09"})
    assert "Shares months with 1 June 2026 – 31 August 2026: each of them" in sid.get(address).text
    with database.reading() as db:
        mistyped = db.scalars(select(HelpPeriod.id).where(HelpPeriod.closed_at.is_(None))).one()
    assert nora.post(f"{address}/{mistyped}/remove").status_code == 404
    assert sid.post(f"{address}/{mistyped}/remove").status_code == 303
    assert sid.post(f"{address}/{mistyped}/remove").status_code == 404
    assert sid.post(f"{address}/{closed.id}/remove").status_code == 422
    with database.reading() as db:
        assert db.scalars(select(HelpPeriod.id)).all() == [closed.id]
    assert totals(figures(database, cast, closed)) == AT_CLOSING
