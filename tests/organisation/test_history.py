"""Totals as of a past day stay what they were, whatever is moved, merged, renamed or closed later."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.people import actions, moving, units
from lms.people.models import Membership, Person, PersonChange, Unit, UnitPlace
from lms.people.queries import members_on
from tests.organisation.crowd import Counted, add_people

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAYS = 12
REFUSED = (
    moving.InsideItself,
    units.UnitClosed,
    units.ListIsFixed,
    units.SameName,
    units.NotEmpty,
)


@dataclass
class Oracle:
    """The organisation as it stands, in plain Python; what it was like at the end of each day is written down."""

    parents: dict[int, int | None] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    members: set[tuple[int, int]] = field(default_factory=set)
    days: dict[datetime, dict[int, int]] = field(default_factory=dict)

    def is_inside(self, unit: int | None, top: int) -> bool:
        while unit is not None and unit != top:
            unit = self.parents[unit]
        return unit == top

    def write_down(self, moment: datetime) -> None:
        self.days[moment] = {
            top: len({person for person, unit in self.members if self.is_inside(unit, top)})
            for top in self.parents
            if top not in self.closed
        }


def walk(db, dice, oracle, people) -> None:
    """One thing that somebody does; what is refused changes nothing, in neither of the two."""
    open_units = [unit for unit in oracle.parents if unit not in oracle.closed]
    unit, other = db.get_one(Unit, dice.choice(open_units)), db.get_one(Unit, dice.choice(open_units))
    deed = dice.choice([*["create"] * 5, *["move"] * 4, "merge", "close", "rename", *["join"] * 6, "leave"])
    if deed in {"merge", "close"} and oracle.parents[unit.id] is None:
        return
    try:
        with db.begin_nested():
            DEEDS[deed](db, dice, oracle, unit, other, dice.choice(people))
    except REFUSED:
        db.expire_all()


def create(db, dice, oracle, unit, _other, _person) -> None:
    code = f"U{len(oracle.parents)}"
    made = units.create(db, kind="unit", code=code, name=code, parent=unit if dice.random() < 0.9 else None, by=None)
    oracle.parents[made.id] = made.parent_id


def move(db, _dice, oracle, unit, other, _person) -> None:
    moving.move(db, unit, other, by=None)
    assert not oracle.is_inside(other.id, unit.id)
    oracle.parents[unit.id] = other.id


def merge(db, _dice, oracle, unit, other, _person) -> None:
    moving.merge(db, unit, other, by=None)
    assert not oracle.is_inside(other.id, unit.id)
    oracle.parents.update({child: other.id for child, parent in oracle.parents.items() if parent == unit.id})
    oracle.members = {(person, other.id if place == unit.id else place) for person, place in oracle.members}
    oracle.closed.add(unit.id)


def close(db, _dice, oracle, unit, _other, _person) -> None:
    units.close(db, unit, by=None)
    assert unit.id not in {place for _, place in oracle.members}
    oracle.closed.add(unit.id)


def rename(db, dice, _oracle, unit, _other, _person) -> None:
    units.rename(db, unit, f"{unit.code} {dice.randint(1, 9)}", by=None)


def join(db, _dice, oracle, unit, _other, person) -> None:
    units.join(db, person, unit, since=actions.now().date(), by=None)
    oracle.members.add((person, unit.id))


def leave(db, dice, oracle, _unit, _other, _person) -> None:
    if oracle.members:
        person, place = dice.choice(sorted(oracle.members))
        units.leave(db, person, db.get_one(Unit, place), last_day=actions.now().date() - timedelta(days=1), by=None)
        oracle.members.discard((person, place))


DEEDS = {
    "create": create,
    "move": move,
    "merge": merge,
    "close": close,
    "rename": rename,
    "join": join,
    "leave": leave,
}


@pytest.mark.mostly_sqlite
@pytest.mark.parametrize("seed", range(6))
def test_past_totals_stay_what_they_were(database, seed) -> None:
    dice, oracle, seen = random.Random(seed), Oracle(), 0
    with database.write_session() as db, time_machine.travel(START, tick=False) as clock:
        people = add_people(db, 8)
        root = units.create(db, kind="country", code="ROOT", name="Root", parent=None, by=None)
        oracle.parents[root.id] = None
        for day in range(DAYS):
            clock.move_to(START + timedelta(days=day))
            for _ in range(14):
                walk(db, dice, oracle, people)
            oracle.write_down(START + timedelta(days=day))
        for moment, counted in oracle.days.items():
            found = {unit: members_on(db, unit, moment.date()) for unit in counted}
            assert found == counted, f"seed {seed}, {moment:%d %B}"
            seen += sum(counted.values())
        assert_paths(db, oracle)
    assert seen > 50


def assert_paths(db, oracle) -> None:
    """The tree as it stands: each path lists the units above, and open units stand in exactly one place."""
    for unit in db.scalars(select(Unit)):
        assert unit.parent_id == oracle.parents[unit.id]
        above = [int(part) for part in unit.path.strip("/").split("/")]
        assert above[-1] == unit.id
        assert above[:-1] == ([] if unit.parent_id is None else path_of(oracle, unit.parent_id))
        stands = db.scalars(select(UnitPlace.path).where(UnitPlace.unit_id == unit.id, UnitPlace.until.is_(None)))
        assert stands.all() == ([] if unit.id in oracle.closed else [unit.path])


def path_of(oracle, unit) -> list[int]:
    above = oracle.parents[unit]
    return [*(path_of(oracle, above) if above is not None else []), unit]


def test_a_province_of_a_thousand_units_moves_in_few_statements(database) -> None:
    with database.write_session() as db:
        country = units.create(db, kind="country", code="C", name="Country", parent=None, by=None)
        north = units.create(db, kind="region", code="N", name="North", parent=country, by=None)
        province = units.create(db, kind="province", code="P", name="Province", parent=country, by=None)
        for number in range(1000):
            actions.add_unit(db, kind="team", code=f"T{number}", name=f"Team {number}", parent=province)
        db.flush()
        with Counted() as counted:
            moving.move(db, province, north, by=None)
        assert len(counted.seen) < 20
        inside = db.scalars(select(Unit).where(Unit.path.startswith(f"/{country.id}/{north.id}/{province.id}/"))).all()
        assert len(inside) == 1001
        assert db.scalars(select(Membership)).all() == []


def test_everybody_who_moves_is_counted_again(database) -> None:
    with database.write_session() as db:
        country = units.create(db, kind="country", code="C", name="Country", parent=None, by=None)
        north = units.create(db, kind="region", code="N", name="North", parent=country, by=None)
        team = units.create(db, kind="team", code="T", name="Team", parent=country, by=None)
        inside, outside = add_people(db, 2)
        units.join(db, inside, team, since=actions.now().date(), by=None)
        units.join(db, outside, country, since=actions.now().date(), by=None)
        before = db.scalars(select(PersonChange.id)).all()
        moving.move(db, team, north, by=None)
        assert db.scalars(select(PersonChange.person_id).where(PersonChange.id.not_in(before))).all() == [inside]
        assert db.get_one(Person, inside)
