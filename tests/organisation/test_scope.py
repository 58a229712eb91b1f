"""One SQL condition decides who sees what: against plain Python, over random trees, roles, memberships and moves."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from lms.people import moving, units
from lms.people.models import Actor, Membership, Person, RoleGrant, Unit, UnitPlace
from lms.people.queries import visible_people, visible_units
from lms.people.rules import GRANTS, Right, Role
from tests.organisation.crowd import add_people

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
TODAY, DAY = date(2026, 5, 20), timedelta(days=1)
RIGHTS = [Right.OVERSEE, Right.SEE_PEOPLE, Right.TEACH, Right.COORDINATE, Right.ORGANISE]
REFUSED = (moving.InsideItself, units.UnitClosed, units.ListIsFixed, units.SameName)
QUERIES_OF_A_WORLD = 100


@dataclass
class Crowd:
    """What was written, as plain values. `grants` are person, role, unit, whether it holds."""

    parents: dict[int, int | None] = field(default_factory=dict)
    members: list[tuple[int, int, date, date | None]] = field(default_factory=list)
    grants: list[tuple[int, Role, int | None, bool]] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def units(self, person: int, right: Right) -> set[int]:
        """Walk up from each unit until one in which the person holds a role with this right."""
        tops = {unit for who, role, unit, holds in self.grants if who == person and holds and right in GRANTS[role]}
        return {unit for unit in self.parents if None in tops or tops & set(self.upwards(unit))}

    def upwards(self, unit: int | None) -> list[int]:
        found = []
        while unit is not None:
            found.append(unit)
            unit = self.parents[unit]
        return found

    def members_of(self, inside: set[int], day: date) -> set[int]:
        return {
            person
            for person, unit, since, until in self.members
            if unit in inside and since <= day and (until is None or until >= day)
        }


def random_crowd(db, dice) -> Crowd:
    crowd = Crowd()
    for _ in range(dice.randint(1, 30)):
        add_unit(db, crowd, dice)
    crowd.people = add_people(db, dice.randint(2, 15))
    for person in crowd.people:
        for _ in range(dice.choice([0, 1, 1, 1, 2])):
            since = TODAY + dice.choice([-30, -1, 0, 1]) * DAY
            until = dice.choice([None, None, since, TODAY - DAY, TODAY, TODAY + DAY])
            crowd.members.append((person, dice.choice(list(crowd.parents)), since, until))
    for person in crowd.people:
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            unit = dice.choice([*list(crowd.parents) * 2, None])
            crowd.grants.append((person, dice.choice([*Role, Role.COORDINATOR]), unit, dice.random() < 0.85))
    write(db, crowd)
    shuffle(db, crowd, dice)
    return crowd


def add_unit(db, crowd, dice) -> None:
    parent = dice.choice([*crowd.parents, *list(crowd.parents)[-3:], None])
    above = db.get_one(Unit, parent).path if parent else "/"
    code = f"u{len(crowd.parents)}"
    unit = Unit(parent_id=parent, path="", kind="unit", code=code, name=code, folded_name=code)
    db.add(unit)
    db.flush()
    unit.path = f"{above}{unit.id}/"
    db.add(UnitPlace(unit_id=unit.id, path=unit.path, since=TODAY - 90 * DAY))
    crowd.parents[unit.id] = parent


def write(db, crowd) -> None:
    names = ("person_id", "unit_id", "since", "until")
    if crowd.members:
        db.execute(insert(Membership), [dict(zip(names, row, strict=True)) for row in crowd.members])
    rows = [
        {"person_id": who, "role": role, "unit_id": unit, "granted_at": NOON, "ended_at": None if holds else NOON}
        for who, role, unit, holds in crowd.grants
    ]
    db.execute(insert(RoleGrant), rows)


def shuffle(db, crowd, dice) -> None:
    """Some units move, so that the paths under test are those that moving writes."""
    for _ in range(dice.choice([0, 0, 1, 3])):
        unit, parent = (db.get_one(Unit, dice.choice(list(crowd.parents))) for _ in range(2))
        try:
            moving.move(db, unit, parent, by=None)
        except REFUSED:
            continue
        crowd.parents[unit.id] = parent.id


def compare(database, queries, first_seed) -> None:
    seen = asked = 0
    for seed in range(first_seed, first_seed + queries // QUERIES_OF_A_WORLD):
        dice = random.Random(seed)
        with database.write_session() as db:
            crowd = random_crowd(db, dice)
            for _ in range(QUERIES_OF_A_WORLD):
                seen += ask(db, crowd, dice)
                asked += 1
            db.rollback()
    assert asked == queries
    assert seen > queries / 3


def ask(db, crowd, dice) -> bool:
    """One question, put to the database and to the oracle; whether there was something to see."""
    person, right = dice.choice(crowd.people), dice.choice(RIGHTS)
    allowed = crowd.units(person, right)
    if dice.random() < 0.5:
        found = set(db.scalars(select(Unit.id).where(visible_units(person, right))))
        assert found == allowed
        return bool(found)
    day = TODAY + dice.choice([-1, 0, 0, 1]) * DAY
    found = set(db.scalars(select(Person.id).where(visible_people(person, right, day))))
    assert found == crowd.members_of(allowed, day)
    return bool(found)


def test_two_thousand_questions_find_no_leak_and_no_miss(database) -> None:
    compare(database, 2_000, 0)


@pytest.mark.long
def test_a_hundred_thousand_questions_find_no_leak_and_no_miss(database) -> None:
    compare(database, 100_000, 10_000)


def test_everybody_else_sees_nothing(database) -> None:
    with database.write_session() as db:
        crowd = random_crowd(db, random.Random(1))
        stranger = add_people(db, 1)[0]
        for right in RIGHTS:
            assert db.scalars(select(Unit.id).where(visible_units(stranger, right))).all() == []
            assert db.scalars(select(Unit.id).where(~visible_units(stranger, right))).all() != []
            assert db.scalars(select(Person.id).where(visible_people(stranger, right, TODAY))).all() == []
        assert crowd.people
        assert db.get_one(Actor, stranger)


def test_a_subtree_is_a_range_of_the_index(database) -> None:
    with database.write_session() as db:
        country = units.create(db, kind="country", code="C", name="Country", parent=None, by=None)
        district = units.create(db, kind="district", code="D", name="District", parent=country, by=None)
        many(db, country, 3000)
        coordinator = add_people(db, 1)[0]
        grant = {"person_id": coordinator, "role": "coordinator", "unit_id": district.id, "granted_at": NOON}
        db.execute(insert(RoleGrant), [grant])
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("analyze"))
        plan = explain(db, select(Unit.id).where(visible_units(coordinator)))
    assert "ix_unit_path" in plan, plan
    assert "SCAN unit\n" not in plan
    assert "Seq Scan on unit\n" not in plan


def many(db, parent, count) -> None:
    top = db.scalar(select(func.max(Unit.id)))
    rows = [
        {"id": top + number, "parent_id": parent.id, "path": f"{parent.path}{top + number}/", "kind": "team"}
        | {"code": f"T{number}", "name": f"Team {number}"}
        for number in range(1, count + 1)
    ]
    db.execute(insert(Unit), rows)


def explain(db, statement) -> str:
    compiled = statement.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    word = "explain query plan" if db.get_bind().dialect.name == "sqlite" else "explain"
    return "\n".join(str(row[-1]) for row in db.execute(text(f"{word} {compiled}"))) + "\n"
