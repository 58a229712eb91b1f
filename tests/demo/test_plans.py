"""The programmes have the numbers that they are known for."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from lms.demo import georgia, vietnam
from lms.demo.plan import Cell, Plan
from lms.demo.programmes import PLANS
from lms.demo.progress import Curve, ways

TODAY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def whole() -> Plan:
    return vietnam.plan(TODAY)


def below(plan: Plan) -> dict[str, list[str]]:
    """The kinds of all units in each province."""
    found: dict[str, list[str]] = {}
    for unit in plan.units:
        if unit.parent >= 0 and not unit.kind.endswith("union"):
            found.setdefault(unit.code[:3], []).append(unit.kind)
    return found


def test_vietnam_has_its_numbers(whole: Plan) -> None:
    kinds = Counter(unit.kind for unit in whole.units)
    assert kinds["province"] == 63
    assert kinds["team"] == 46_105
    assert sum(unit.members for unit in whole.units) == 212_761
    assert all(unit.members >= 1 for unit in whole.units if unit.kind == "team")
    assert list(kinds)[:5] == ["country", "province", "district", "commune", "team"]
    assert list(kinds)[5:] == ["youth union", "province union", "district union"]
    provinces = below(whole)
    assert sum("team" not in inside for inside in provinces.values()) == 12
    assert provinces["SOL"].count("team") == 904


def test_28_provinces_of_vietnam_are_complete_down_to_the_commune(whole: Plan) -> None:
    staffed = {whole.units[unit.parent].code for unit in whole.units if unit.kind == "team"}
    communes: dict[str, list[bool]] = {}
    for unit in whole.units:
        if unit.kind == "commune":
            communes.setdefault(unit.code[:3], []).append(unit.code in staffed)
    assert sum(all(found) for found in communes.values()) == 28
    assert sum(not any(found) for found in communes.values()) == 12


def test_the_youth_union_has_a_cell_where_there_are_teams(whole: Plan) -> None:
    assert whole.second_tree is not None
    teams = {place for place, unit in enumerate(whole.units) if unit.kind == "team"}
    assert whole.second_tree.cells.keys() == teams
    for team, cell in whole.second_tree.cells.items():
        assert whole.units[cell].code == f"TN-{whole.units[team].code[:6]}"
    cells = {place for place, unit in enumerate(whole.units) if unit.kind == "district union"}
    assert set(whole.second_tree.cells.values()) == cells
    assert sum(unit.kind == "province union" for unit in whole.units) == 51


@pytest.mark.parametrize("name", PLANS)
def test_a_tree_is_well_formed(name: str, whole: Plan) -> None:
    plan = whole if name == "vietnam" else PLANS[name](TODAY, 1.0)
    assert len({unit.code for unit in plan.units}) == len(plan.units)
    beside = Counter((unit.parent, unit.name) for unit in plan.units)
    assert [twice for twice, count in beside.items() if count > 1] == []
    for place, unit in enumerate(plan.units):
        assert unit.parent < place
        assert unit.opened < plan.since
        assert unit.parent < 0 or plan.units[unit.parent].opened <= unit.opened
    codes = {unit.code: unit for unit in plan.units}
    for account in plan.accounts:
        assert not account.scope or account.scope in codes
        assert not account.member or codes[account.member].members


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_the_same_each_time(name: str) -> None:
    first, second = PLANS[name](TODAY, 0.02), PLANS[name](TODAY, 0.02)
    assert first.units == second.units
    assert list(first.sessions) == list(second.sessions)
    people = [[plan.naming(chance) for _ in range(50)] for plan, chance in ((first, Random(1)), (second, Random(1)))]
    assert people[0] == people[1]


def test_georgia_has_27_cells_and_its_groups_20_to_40_people() -> None:
    states = Counter("".join(row[-1] for row in georgia.MUNICIPALITIES))
    assert states == {"C": 12, "R": 9, "P": 6}
    plan = georgia.plan(TODAY)
    assert sum(unit.members for unit in plan.units if unit.kind == "municipality") == 500
    assert {20 <= group.last - group.first <= 40 for group in plan.groups} == {True}
    assert len(plan.groups) == 54


def test_latvia_reaches_each_librarian_and_tajikistan_a_hundred_organisations() -> None:
    libraries = PLANS["latvia"](TODAY, 1.0).units
    assert all(unit.members for unit in libraries if unit.kind == "library")
    organisations = PLANS["tajikistan"](TODAY, 1.0).units
    assert sum(unit.kind == "organisation" for unit in organisations) == 100


def test_a_cell_is_divided_exactly() -> None:
    cell = Cell(0, "any", 0.5, 0.2, 0.1, 0.05, TODAY - timedelta(days=60), TODAY)
    found = list(ways(cell, range(1000), [0.0] * 1000, Random(1)))
    assert Counter(way.stage for way in found) == {"certified": 500, "under-way": 200, "failed": 100, "exempt": 50}
    assert len({way.person for way in found}) == 850
    assert all(cell.begins <= way.enrolled <= way.day <= cell.ends for way in found)


def test_who_is_stronger_is_ahead() -> None:
    cell = Cell(0, "any", 0.5, 0.0, 0.0, 0.0, TODAY - timedelta(days=60), TODAY)
    done = {way.person for way in ways(cell, range(1000), [2.0] * 500 + [-2.0] * 500, Random(1))}
    assert sum(person < 500 for person in done) > 400


def test_weekends_are_quiet_and_the_middle_is_busy() -> None:
    begins = date(2026, 8, 3)
    curve = Curve(begins, begins + timedelta(days=90))
    days = Counter(curve.days(9100, Random(1)))
    weekend = sum(count for day, count in days.items() if day.weekday() >= 5)
    assert weekend < 0.15 * 9100
    weeks = Counter((day - begins).days // 7 for day in days.elements())
    assert weeks[6] > 2 * weeks[0]
    assert weeks[6] > 1.5 * weeks[12]
