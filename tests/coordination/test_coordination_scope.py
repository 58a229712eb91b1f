"""A coordinator sees her subtree and nothing else: the SQL against plain Python, over random organisations."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.coordination import queries
from lms.coordination.pages import Asked, Desk, Looked, Offer
from lms.coordination.rules import Figures, State
from lms.folding import fold
from lms.paging import At
from lms.people.models import Unit
from tests.coordination.world import COURSE, NAMES, PART, TODAY, random_world

CASES = {"sqlite": 200, "postgresql": 40}


@pytest.mark.usefixtures("app")
def test_sql_shows_what_the_oracle_allows(database) -> None:
    seen, hidden, cases = 0, 0, CASES[database.engine.dialect.name]
    for case in range(cases):
        dice = random.Random(case)
        with database.write_session() as db:
            world = random_world(db, dice)
            gives = dice.random() < 0.7
            desk = Desk(world.grants[0][0], TODAY, {COURSE: Offer(gives, parts=(PART,))})
            found = compare(db, world if gives else replace(world, certified=world.completed), desk, dice)
            seen, hidden = seen + bool(found), hidden + bool(set(world.names) - found)
            db.rollback()
    assert seen > cases / 3
    assert hidden > cases / 3


def compare(db, world, desk, dice) -> set[int]:
    """One coordinator's pages against the oracle; the people whom she may see."""
    units = world.units_in_scope(desk.coordinator)
    allowed = world.people_in(units)
    assert {row.id for row in queries.all_people(db, desk, Asked())} == allowed
    for person in dice.sample(sorted(world.names), min(3, len(world.names))):
        assert queries.is_visible(db, desk, person) == (person in allowed)
        assert (queries.person(db, desk, person) is not None) == (person in allowed)
    for unit in dice.sample(db.scalars(select(Unit).where(Unit.id.in_(world.parents))).all(), 1):
        found = queries.unit_by_code(db, desk.coordinator, unit.code)
        assert (found is not None) == (unit.id in units)
    tops = {unit for unit in units if world.parents[unit] not in units}
    assert {unit.id for unit in queries.tops(db, desk.coordinator)} == tops
    assert {unit.id for unit in queries.units_to_choose(db, desk.coordinator)} == units
    compare_lists(db, world, desk, dice, units)
    compare_figures(db, world, desk, units, tops)
    compare_one_unit(db, world, desk, dice, units)
    return allowed


def compare_lists(db, world, desk, dice, units) -> None:
    unit = db.get_one(Unit, dice.choice(sorted(units))) if units and dice.random() < 0.5 else None
    state = dice.choice([None, *State])
    words = dice.choice(["", dice.choice(NAMES).split()[-1].upper(), "a", "%"])
    rows = list(queries.all_people(db, desk, Asked(COURSE, state, unit, words)))
    below = world.below(unit.id) & units if unit else units
    expected = {
        person
        for person in world.people_in(below)
        if fold(words) in fold(world.names[person]) and state in {None, state_of(world, person)}
    }
    assert {row.id for row in rows} == expected
    page = queries.people(db, desk, Asked(COURSE, state, unit, words), At())
    assert page.count == len(expected)
    assert [row.id for row in page.rows] == [row.id for row in rows]
    for row in rows:
        assert row.standings[COURSE].state is state_of(world, row.id)
        mine = [unit for person, unit, _, _ in world.members if person == row.id and person in world.people_in({unit})]
        assert len(row.units) == len(set(mine) & units)


def compare_figures(db, world, desk, units, tops) -> None:
    page = queries.home(db, desk, Looked(COURSE, all_levels=True), At())
    rows = {row.unit.id: row for row in page.rows}
    if len(tops) == 1:
        assert page.unit is not None
        assert {page.unit.id} == tops
    assert set(rows) == units - (tops if len(tops) == 1 else set())
    assert page.figures == figures(world, units)
    for unit, row in rows.items():
        assert row.figures == figures(world, world.below(unit))
        assert row.has_units == (unit in world.parents.values())


def compare_one_unit(db, world, desk, dice, units) -> None:
    for unit in dice.sample(sorted(units), min(1, len(units))):
        below = queries.home(db, desk, Looked(COURSE, db.get_one(Unit, unit)), At())
        assert {row.unit.id for row in below.rows} == {child for child, top in world.parents.items() if top == unit}
        assert [each.id for each in below.above] == [each for each in world.upwards(unit)[:0:-1] if each in units]
        assert below.figures == figures(world, world.below(unit))


def state_of(world, person) -> State:
    if person in world.certified:
        return State.CERTIFIED
    return State.UNDER_WAY if person in world.begun else State.NOT_STARTED


def figures(world, units) -> Figures:
    people = world.people_in(units)
    return Figures(len(people), len(people & world.begun), len(people & world.certified))
