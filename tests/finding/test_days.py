"""Around midnight east of UTC: weeks, months and days are those of the site, not of Greenwich."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from lms.consulting import actions as consulting
from lms.consulting import minding, month_queries
from lms.consulting.models import AskedMonth
from lms.consulting.rules import Asked, Contact
from lms.finding import actions, looking, queries
from lms.finding.models import HelpPoint
from lms.finding.score import monday
from lms.jobs import Worker
from lms.people.models import Unit
from lms.reactions import handlers
from tests.consulting.world import new_id, staff
from tests.finding.world import open_point

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

HERE = ZoneInfo("Asia/Dushanbe")  # five hours before UTC
SUNDAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _east(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast.app.config, "LMS", replace(cast.app.config["LMS"], time_zone="Asia/Dushanbe"))


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=HERE)


def test_what_is_typed_in_on_a_monday_morning_belongs_to_the_new_week(cast: Cast, database: Database) -> None:
    morning = at(SUNDAY + timedelta(days=1), 2)  # in UTC it is Sunday still
    with database.writing() as db:
        point = open_point(db, cast.units["N-1"], day=SUNDAY)
        actions.tally(db, point, date(2026, 10, 1), (5, 0, 0), by=cast["nora"], moment=morning)
        assert [week.monday for week in queries.answers(db, point.id, HERE)] == [date(2026, 11, 30)]


def test_a_month_typed_in_on_sunday_counts_from_monday_morning(cast: Cast, database: Database) -> None:
    october, nora = date(2026, 10, 1), cast["nora"]
    with database.writing() as db:
        point = open_point(db, cast.units["N-1"], day=SUNDAY)
        actions.tally(db, point, october, (5, 0, 0), by=nora, moment=at(SUNDAY, 23))
        actions.tally(db, point, october, (5, 0, 0), by=nora, moment=at(SUNDAY, 23))
        assert queries.answers(db, point.id, HERE)[0].monday == monday(SUNDAY)
        with pytest.raises(actions.AlreadyCounted):
            actions.tally(db, point, october, (5, 0, 0), by=nora, moment=at(SUNDAY + timedelta(days=1), 2))


def test_requests_of_the_first_hours_belong_to_the_new_month(cast: Cast, database: Database) -> None:
    staff(database, cast, laura="N-1")
    wish = Asked(cast.units["N-1"], "citizen", "health", "phone", "en", Contact(phone="+992 37 221 0000"))
    with time_machine.travel(at(date(2026, 12, 1), 2), tick=False), database.writing() as db:
        for _ in range(6):
            consulting.ask(db, wish, client_id=new_id(), today=date(2026, 12, 1))
    with database.reading() as db:
        assert month_queries.asked_in(db, date(2026, 11, 1), HERE, "en").whole is None
        december = month_queries.asked_in(db, date(2026, 12, 1), HERE, "en").whole
    assert december is not None
    assert december.total == 6


def test_trainers_are_told_of_a_month_as_soon_as_it_is_over_here(cast: Cast, database: Database) -> None:
    with time_machine.travel(at(date(2026, 12, 1), 2), tick=False):
        with database.writing() as db:
            minding.ask_minding(db)
        Worker(database, handlers(cast.app)).drain()
    with database.reading() as db:
        assert db.scalars(select(AskedMonth.month)).all() == [date(2026, 11, 1)]


def test_points_are_looked_at_when_the_day_begins_here(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"], day=SUNDAY)
    with time_machine.travel(at(SUNDAY, 23), tick=False), database.writing() as db:
        looking.ask_daily(db, "Asia/Dushanbe")
        db.get_one(Unit, cast.units["N-1"]).name = "Хуҷанд"
    with time_machine.travel(at(SUNDAY + timedelta(days=1), 0), tick=False):
        assert datetime.now(UTC).date() == SUNDAY
        Worker(database, handlers(cast.app)).drain()
    with database.reading() as db:
        assert db.scalars(select(HelpPoint.looked_on)).one() == SUNDAY + timedelta(days=1)
