"""What belongs to a unit follows it into the unit that it becomes part of, in one step; history stays where it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.app import FOLLOWERS
from lms.clock import now
from lms.coordination.models import Target
from lms.learning.models import EnrolmentRule, Group
from lms.meetings.models import TrainingSession
from lms.people import moving
from lms.people.models import Unit
from lms.rosters.models import ImportRun, JoinCode, JoinRequest, MembershipOffer

COURSE = "first-aid"
DAY = timedelta(days=1)
FIELDS = {
    EnrolmentRule: {"course_id": COURSE},
    Group: {"course_id": COURSE, "name": "Mondays", "starts_on": now().date(), "ends_on": now().date() + DAY},
    Target: {"course_id": COURSE, "share": 1.0, "due_on": now().date() + DAY},
    TrainingSession: {"course_id": COURSE, "title": "Day one", "hours": 4, "held_on": now().date()},
    JoinCode: {"created_at": now(), "expires_at": now() + DAY},
    ImportRun: {
        "kind": "people",
        "file_name": "list.csv",
        "digest": "0" * 64,
        "mapping": {},
        "options": {},
        "state": "running",
        "created_at": now(),
    },
    JoinRequest: {"asked_at": now()},
    MembershipOffer: {"since": now().date(), "made_at": now()},
}


class Desk:
    """Things of units, made in one transaction; where they are afterwards."""

    def __init__(self, db, cast) -> None:
        self.db, self.cast, self.made = db, cast, 0

    def add(self, table, unit: str, **more):
        self.made += 1
        given = {**FIELDS[table], "unit_id": self.cast.units[unit], **more}
        by = {"made_by": self.cast["nora"], "made_at": now(), "client_id": f"client-{self.made}"}
        by |= {"code": f"CODE{self.made}", "trainer_id": self.cast["nora"]}
        known = {column.name for column in table.__table__.columns}
        row = table(**{name: value for name, value in {**by, **given}.items() if name in known})
        self.db.add(row)
        self.db.flush()
        return row

    def units(self, table) -> list[tuple[str, bool]]:
        """The unit of each, in the order in which they were made, and whether it goes on."""
        code = {number: code for code, number in self.cast.units.items()}
        end = next(name for name in ("ended_at", "cancelled_at", "decided_at") if hasattr(table, name))
        rows = self.db.scalars(select(table).order_by(table.id))
        return [(code[row.unit_id], getattr(row, end) is None) for row in rows]


def merge(cast, one="N-1", other="N-2") -> None:
    nora = cast.at_browser(cast.north)
    answer = nora.post(f"/organisation/{cast.units[one]}/merge", {"to": other})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("table", [EnrolmentRule, Group, Target, TrainingSession, JoinCode, ImportRun])
def test_what_goes_on_follows_and_what_has_ended_stays(cast, database, table) -> None:
    ended = "cancelled_at" if table is TrainingSession else "ended_at"
    with database.writing() as db:
        desk = Desk(db, cast)
        desk.add(table, "N-1")
        desk.add(table, "N-1", **{ended: now()})
        desk.add(table, "S-1")
    merge(cast)
    with database.reading() as db:
        assert Desk(db, cast).units(table) == [("N-2", True), ("N-1", False), ("S-1", True)]


@pytest.mark.parametrize("table", [JoinRequest, MembershipOffer])
def test_who_waits_goes_on_waiting_once(cast, database, table) -> None:
    with database.writing() as db:
        desk = Desk(db, cast)
        by = (
            {"code_id": desk.add(JoinCode, "N-1").id}
            if table is JoinRequest
            else {"run_id": desk.add(ImportRun, "N").id}
        )
        desk.add(table, "N-1", person_id=cast["otto"], **by)
        desk.add(table, "N-2", person_id=cast["tina"], **by)
        desk.add(table, "N-1", person_id=cast["tina"], **by)
        desk.add(table, "N-1", person_id=cast["omar"], decided_at=now(), is_accepted=False, **by)
    merge(cast)
    with database.reading() as db:
        assert Desk(db, cast).units(table) == [("N-2", True), ("N-2", True), ("N-1", False)]


def test_the_deadline_and_the_target_of_the_unit_that_goes_on_hold(cast, database) -> None:
    with database.writing() as db:
        desk = Desk(db, cast)
        for unit, due in (("N-1", now().date()), ("N-2", now().date() + 9 * DAY)):
            desk.add(EnrolmentRule, unit, due_on=due)
            desk.add(Target, unit, due_on=due)
        desk.add(Target, "N-1", counts="unit", rule="half")
    merge(cast)
    with database.reading() as db:
        desk = Desk(db, cast)
        assert desk.units(EnrolmentRule) == [("N-1", False), ("N-2", True)]
        assert desk.units(Target) == [("N-1", False), ("N-2", True), ("N-2", True)]


def test_sessions_that_were_held_stay_where_they_were_held(cast, database) -> None:
    with database.writing() as db:
        desk = Desk(db, cast)
        for days in (-1, 0, 30):
            desk.add(TrainingSession, "N-1", held_on=now().date() + days * DAY)
    merge(cast)
    with database.reading() as db:
        assert Desk(db, cast).units(TrainingSession) == [("N-1", True), ("N-2", True), ("N-2", True)]


def test_a_merge_that_fails_later_takes_nothing_along(cast, database) -> None:
    class PowerCut(Exception):
        pass

    def fail(*_) -> None:
        raise PowerCut

    with database.writing() as db:
        Desk(db, cast).add(EnrolmentRule, "N-1")

    def try_it() -> None:
        with database.writing() as db:
            one, other = (db.get_one(Unit, cast.units[code]) for code in ("N-1", "N-2"))
            moving.merge(db, one, other, by=None, followers=(*FOLLOWERS, fail))

    with pytest.raises(PowerCut):
        try_it()
    with database.reading() as db:
        assert Desk(db, cast).units(EnrolmentRule) == [("N-1", True)]
        assert db.get_one(Unit, cast.units["N-1"]).closed_on is None
