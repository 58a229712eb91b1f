"""What can be done to units, and what is refused."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.people import moving, units
from lms.people.models import Membership, PersonChange, Unit, UnitName
from lms.people.queries import members_on
from tests.organisation.crowd import add_people

START, DAY = datetime(2026, 3, 1, 9, tzinfo=UTC), timedelta(days=1)
TODAY = START.date()


@pytest.fixture
def db(database):
    with database.write_session() as session:
        yield session


def unit(db, code: str, parent: Unit | None = None, name: str = "") -> Unit:
    return units.create(db, kind="unit", code=code, name=name or f"Unit {code}", parent=parent, by=None)


def former(db, unit: Unit) -> list[tuple[str, date | None]]:
    rows = select(UnitName.name, UnitName.until).where(UnitName.unit_id == unit.id, UnitName.kind == units.FORMER)
    return [tuple(row) for row in db.execute(rows.order_by(UnitName.id))]


def memberships(db, person: int) -> list[tuple[int, date, date | None]]:
    rows = select(Membership.unit_id, Membership.since, Membership.until).where(Membership.person_id == person)
    return sorted(tuple(row) for row in db.execute(rows))


def test_a_name_is_kept_with_its_last_day(db) -> None:
    with time_machine.travel(START, tick=False) as clock:
        one = unit(db, "A", name="First")
        units.rename(db, one, "Fyrst", by=None)
        assert former(db, one) == []  # a slip of the pen, mended on the day it was made
        clock.move_to(START + 5 * DAY)
        units.rename(db, one, "Second", by=None)
        units.rename(db, one, "Sekond", by=None)
        assert former(db, one) == [("Fyrst", TODAY + 4 * DAY)]
        units.rename(db, one, "Fyrst", by=None)
        assert former(db, one) == []  # as if nothing had been
        clock.move_to(START + 9 * DAY)
        units.rename(db, one, "Third", by=None)
        assert former(db, one) == [("Fyrst", TODAY + 8 * DAY)]


@pytest.mark.parametrize("name", ["unit b", "ÜNIT  B", "Old Mill", "ძველი"])
def test_no_two_units_beside_each_other_have_one_name(db, name) -> None:
    top = unit(db, "T")
    beside = unit(db, "B", top)
    units.add_alias(db, beside, "Old Mill", by=None)
    units.name_in(db, beside, "ka", "ძველი", by=None)
    other = unit(db, "C", top)
    for act in (
        lambda: unit(db, "D", top, name),
        lambda: units.rename(db, other, name, by=None),
        lambda: units.add_alias(db, other, name, by=None),
        lambda: units.name_in(db, other, "en", name, by=None),
    ):
        with pytest.raises(units.SameName) as refused:
            act()
        assert refused.value.args == ("Unit B", "B")
    unit(db, "D", other, name)  # somewhere else it may be called so


def test_a_name_in_a_language_replaces_the_one_before(db) -> None:
    one = unit(db, "A")
    for name in ("Бир", "Як"):
        units.name_in(db, one, "tg", name, by=None)
    assert db.scalars(select(UnitName.name).where(UnitName.unit_id == one.id)).all() == ["Як"]


def test_codes_are_free_or_refused(db) -> None:
    one, other = unit(db, "A"), unit(db, "B")
    with pytest.raises(units.CodeTaken):
        unit(db, "A", name="Another")
    with pytest.raises(units.CodeTaken):
        units.change(db, other, kind="unit", code="A", is_fixed=False, by=None)
    units.change(db, one, kind="town", code="A", is_fixed=False, by=None)
    assert one.kind == "town"


def test_nothing_comes_to_lie_inside_itself(db) -> None:
    top = unit(db, "T")
    middle = unit(db, "M", top)
    low = unit(db, "L", middle)
    for goal in (top, middle, low):
        with pytest.raises(moving.InsideItself):
            moving.move(db, top, goal, by=None)
        with pytest.raises(moving.InsideItself):
            moving.merge(db, top, goal, by=None)
    moving.merge(db, middle, top, by=None)
    assert (low.parent_id, low.path) == (top.id, f"/{top.id}/{low.id}/")


def test_closed_units_and_closed_lists_take_nothing(db) -> None:
    top = unit(db, "T")
    shut, full, free = unit(db, "S", top), unit(db, "F", top), unit(db, "X", top)
    unit(db, "Y", free)
    units.close(db, shut, by=None)
    units.change(db, full, kind="unit", code="F", is_fixed=True, by=None)
    for goal, reason in ((shut, units.UnitClosed), (full, units.ListIsFixed)):
        for act in (moving.move, moving.merge):
            with pytest.raises(reason):
                act(db, free, goal, by=None)
        with pytest.raises(reason):
            unit(db, "N", goal)
    with pytest.raises(units.UnitClosed):
        moving.move(db, shut, free, by=None)
    with pytest.raises(units.UnitClosed):
        units.join(db, add_people(db, 1)[0], shut, since=TODAY, by=None)


def test_a_tree_that_cannot_be_kept_is_refused(db) -> None:
    deep = unit(db, "0")
    while len(deep.path) + units.LONGEST_ID <= units.LONGEST_PATH:
        deep = unit(db, f"d{deep.id}", deep)
    with pytest.raises(units.TooDeep):
        unit(db, "one more", deep)
    branch = low = unit(db, "branch")
    for level in range(20):
        low = unit(db, f"b{level}", low)
    almost = db.get_one(Unit, deep.parent_id)
    for act in (moving.move, moving.merge):
        with pytest.raises(units.TooDeep):
            act(db, branch, almost, by=None)
    assert low.path.startswith(branch.path)


def test_a_unit_closes_when_nobody_is_inside(db) -> None:
    with time_machine.travel(START, tick=False):
        top = unit(db, "T")
        low = unit(db, "L", top)
        now_in, later_in, gone = add_people(db, 3)
        units.join(db, now_in, top, since=TODAY - 9 * DAY, by=None)
        units.join(db, later_in, top, since=TODAY + 9 * DAY, by=None)
        units.join(db, gone, top, since=TODAY - 9 * DAY, until=TODAY - DAY, by=None)
        with pytest.raises(units.NotEmpty) as refused:
            units.close(db, top, by=None)
        assert (refused.value.people, refused.value.units) == (2, 1)
        units.close(db, low, by=None)
        for person in (now_in, later_in):
            assert units.leave(db, person, top, last_day=TODAY, by=None) == 1
        units.close(db, top, by=None)
        assert memberships(db, later_in) == []
        assert members_on(db, top.id, TODAY - 2 * DAY) == 0  # it was opened today; before, it stood nowhere
        assert members_on(db, top.id, TODAY) == 1
        assert members_on(db, top.id, TODAY + DAY) == 0


def test_memberships_are_handed_over_day_by_day(db) -> None:
    with time_machine.travel(START, tick=False) as clock:
        one, other = unit(db, "A"), unit(db, "B")
        long, short, both, future, past = add_people(db, 5)
        clock.move_to(START + 30 * DAY)
        today = now().date()
        units.join(db, long, one, since=TODAY, by=None)
        units.join(db, short, one, since=TODAY, until=today + 5 * DAY, by=None)
        units.join(db, both, one, since=TODAY, by=None)
        units.join(db, both, other, since=TODAY + DAY, by=None)
        units.join(db, future, one, since=today + DAY, by=None)
        units.join(db, past, one, since=TODAY, until=today - DAY, by=None)
        seen = set(db.scalars(select(PersonChange.id)))
        moving.merge(db, one, other, by=None)
        a, b, yesterday = one.id, other.id, today - DAY
        assert memberships(db, long) == [(a, TODAY, yesterday), (b, today, None)]
        assert memberships(db, short) == [(a, TODAY, yesterday), (b, today, today + 5 * DAY)]
        assert memberships(db, both) == [(a, TODAY, yesterday), (b, TODAY + DAY, None)]
        assert memberships(db, future) == [(b, today + DAY, None)]
        assert memberships(db, past) == [(a, TODAY, yesterday)]
        touched = db.scalars(select(PersonChange.person_id).where(PersonChange.id.not_in(seen))).all()
        assert sorted(touched) == [long, short, both, future]


def test_the_merged_name_leads_to_the_unit_that_goes_on(db) -> None:
    top = unit(db, "T")
    one, other = unit(db, "A", top, "Mill"), unit(db, "B", top, "Bridge")
    moving.merge(db, one, other, by=None)
    assert db.scalars(select(UnitName.name).where(UnitName.unit_id == other.id)).all() == ["Mill"]
    assert one.merged_into_id == other.id
    with pytest.raises(units.SameName):
        unit(db, "C", top, "MILL")


def test_joining_and_leaving_twice_writes_once(db) -> None:
    one = unit(db, "A")
    person = add_people(db, 1)[0]
    for _ in range(2):
        units.join(db, person, one, since=TODAY, by=None)
    assert memberships(db, person) == [(one.id, TODAY, None)]
    with pytest.raises(units.BadDates):
        units.join(db, person, one, since=TODAY, until=TODAY - DAY, by=None)
    assert [units.leave(db, person, one, last_day=TODAY + DAY, by=None) for _ in range(2)] == [1, 0]
    units.join(db, person, one, since=TODAY + 9 * DAY, by=None)
    assert len(memberships(db, person)) == 2


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, -181.0), (1.0, None), (None, 1.0)])
def test_a_place_is_on_earth(db, place) -> None:
    one = unit(db, "A")
    with pytest.raises(units.NoSuchPlace):
        units.place(db, one, *place, by=None)
    units.place(db, one, 41.7, 44.8, by=None)
    assert (one.latitude, one.longitude) == (41.7, 44.8)


def test_two_who_move_at_once_make_no_circle(database) -> None:
    with database.writing() as db:
        top = unit(db, "T")
        ids = [unit(db, code, top).id for code in ("A", "B")]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def go(mine: int, goal: int) -> None:
        with database.write_session() as db:
            unit, parent = db.get_one(Unit, mine), db.get_one(Unit, goal)
            if database.engine.dialect.name == "postgresql":
                start.wait(10)  # SQLite lets one writer begin at a time anyhow
            try:
                moving.move(db, unit, parent, by=None)
                db.commit()
                outcomes.append("moved")
            except moving.InsideItself:
                outcomes.append("refused")

    both = [threading.Thread(target=go, args=pair) for pair in (ids, ids[::-1])]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert sorted(outcomes) == ["moved", "refused"]
