"""Who is listed, from whichever end the list is read: the SQL against plain Python, over random organisations."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.coordination import export_queries, people_queries, person_queries
from lms.coordination.missing_queries import chosen_people, is_visible, listed, scope
from lms.coordination.pages import Desk, Offer
from lms.coordination.people_pages import Asked, Noted
from lms.coordination.people_rules import End, Stand
from lms.coordination.queries import tops, unit_by_code
from lms.folding import fold
from lms.paging import At
from lms.people.models import Unit
from lms.people.rules import Right
from tests.coordination.world import COURSE, NAMES, PART, TODAY, random_world

CASES = {"sqlite": 20, "postgresql": 12}
LISTS = 5


@pytest.mark.usefixtures("app")
def test_sql_shows_what_the_oracle_allows(database) -> None:
    seen, hidden, fits, cases = 0, 0, 0, CASES[database.engine.dialect.name]
    for case in range(cases):
        dice = random.Random(case)
        with database.write_session() as db:
            world = random_world(db, dice)
            desk = Desk(world.grants[0][0], TODAY, {COURSE: Offer(gives_certificate=True, parts=(PART,))})
            allowed = compare(db, world, desk, dice)
            fits += sum(compare_list(db, world, desk, random_asked(db, world, desk, dice)) for _ in range(LISTS))
            seen, hidden = seen + bool(allowed), hidden + bool(set(world.names) - allowed)
            db.rollback()
    assert seen > cases / 3
    assert hidden > cases / 3
    assert fits > cases * LISTS / 8


def compare(db, world, desk, dice) -> set[int]:
    """What one coordinator may see against the oracle; the people whom she may see."""
    units = world.units_in_scope(desk.coordinator)
    allowed = world.people_in(units)
    assert {row.id for row in everybody(db, desk, Asked())} == allowed
    for person in dice.sample(sorted(world.names), min(3, len(world.names))):
        assert is_visible(db, desk.coordinator, person, TODAY) == (person in allowed)
        assert (person_queries.person(db, desk, person) is not None) == (person in allowed)
    for unit in dice.sample(db.scalars(select(Unit).where(Unit.id.in_(world.parents))).all(), 1):
        found = unit_by_code(db, desk.coordinator, unit.code, Right.SEE_PEOPLE)
        assert (found is not None) == (unit.id in units)
    highest = {unit for unit in units if world.parents[unit] not in units}
    assert {unit.id for unit in tops(db, desk.coordinator, Right.SEE_PEOPLE)} == highest
    page = people_queries.people(db, desk, Asked(), At())
    offered = {unit.id for unit in page.units}
    assert highest <= offered <= units
    assert {unit for unit in units if world.parents[unit] in highest} <= offered
    return allowed


def random_asked(db, world, desk, dice) -> Asked:
    units, further = world.units_in_scope(desk.coordinator), dice.choice(["", "", "unit", "words", "group", "late"])
    return Asked(
        course=COURSE,
        state=dice.choice([None, None, *Stand]),
        unit=db.get_one(Unit, dice.choice(sorted(units))) if units and further == "unit" else None,
        words=dice.choice([dice.choice(NAMES).split()[-1].upper(), "a", "%"]) if further == "words" else "",
        days=dice.choice([1, 2, 14]),
        group=dice.choice([None, *world.groups]) if further == "group" else None,
        is_late=further == "late",
    )


def compare_list(db, world, desk, asked) -> bool:
    """One list against the oracle, read from each end; whether anybody is in it."""
    units = world.units_in_scope(desk.coordinator)
    below = world.below(asked.unit.id) & units if asked.unit else units
    expected = {person for person in world.people_in(below) if fits(world, person, asked)}
    looked = scope(db, desk, asked)
    for end in End:
        assert {row.id for row in db.execute(listed(desk, asked, end, looked))} == expected, (asked, end)
    assert set(db.scalars(chosen_people(db, desk, asked))) == expected
    rows = everybody(db, desk, asked)
    page = people_queries.people(db, desk, asked, At())
    assert (page.count, page.is_more) == (len(expected), False)
    assert [row.id for row in page.rows] == [row.id for row in rows]
    assert {row.id for row in rows} == expected
    for row in rows:
        assert row.notes[COURSE].state == world.states.get(row.id, "not-started")
        mine = {unit for person, unit, _, _ in world.members if person == row.id and person in world.people_in({unit})}
        assert len(row.units) == len(mine & units)
    return bool(expected)


def everybody(db, desk, asked) -> list[Noted]:
    """Everybody as a file has them, who are the same whether they are looked up or joined."""
    both = Desk(desk.coordinator, TODAY, {**desk.courses, PART: Offer(gives_certificate=False)})
    files = []
    for many in (-1, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(export_queries, "MANY", many)
            files.append(list(export_queries.all_people(db, both, asked)))
    for joined, looked_up in zip(*files, strict=True):
        assert joined[:3] == looked_up[:3]
        assert list(joined.units) == list(looked_up.units)
        for course in both.courses:
            one, other = joined.notes[course].as_standing(), looked_up.notes[course].as_standing()
            for part in ("state", "since", "last", "certified", "valid_until"):
                assert getattr(one, part) == getattr(other, part), (course, part)
    assert len({row.id for row in files[0]}) == len(files[0])
    return files[0]


def fits(world, person, asked) -> bool:
    """The oracle for one person."""
    if fold(asked.words) not in fold(world.names[person]):
        return False
    if asked.group is not None and person not in world.groups[asked.group][1]:
        return False
    if asked.is_late and not is_late(world, person):
        return False
    return asked.state is None or stands(world, person, asked)


def stands(world, person, asked) -> bool:
    state = world.states.get(person, "not-started")
    if asked.state is Stand.LEFT:
        return state not in {"certified", "exempt"}
    if asked.state is Stand.STUCK:
        last = world.last[person].date() if person in world.last else None
        return state == "under-way" and (last is None or last <= TODAY - timedelta(days=asked.days))
    if asked.state is Stand.EXPIRING:
        until = world.until.get(person)
        return state == "certified" and until is not None and until <= TODAY + timedelta(days=asked.days)
    if asked.state is Stand.EXPIRED:
        return person in world.expired and state not in {"certified", "exempt"}
    return state == str(asked.state)


def is_late(world, person) -> bool:
    if world.states.get(person) in {"certified", "exempt"}:
        return False
    mine = [ends for ends, members in world.groups.values() if person in members]
    if mine:
        return min(mine) < TODAY
    here = {unit for member, unit, _, _ in world.members if member == person and person in world.people_in({unit})}
    above = {over for unit in here for over in world.upwards(unit)}
    return any(unit in above and due is not None and due < TODAY for unit, due in world.rules)
