"""Nobody gives, ends or changes more than they may: every set of up to three roles, every role, every unit."""

from __future__ import annotations

from itertools import combinations

import pytest

from lms.organisation.rules import (
    Held,
    highest,
    may_end,
    may_give,
    may_organise,
    may_reshape,
    rights_at,
    roles_to_give,
)
from lms.people.rules import GRANTS, SCOPED, SCOPED_ROLES, Right, Role

COUNTRY, NORTH, TOWN, SOUTH = "/1/", "/1/2/", "/1/2/3/", "/1/20/"
UNITS = (COUNTRY, NORTH, TOWN, SOUTH)
ROLES = [Held(role, top) for role in Role for top in ("", *UNITS)]
HOLDINGS = [held for size in range(4) for held in combinations(ROLES, size)]


def reach(held: Held, path: str) -> bool:
    """Whether a role holds in a unit: the units above it are the beginnings of its path."""
    steps = path.strip("/").split("/")
    return held.top in {"", *("/" + "/".join(steps[: depth + 1]) + "/" for depth in range(len(steps)))}


def test_what_is_given_is_never_more_than_what_the_giver_has_there() -> None:
    given = 0
    for held in HOLDINGS:
        is_operator = Held(Role.OPERATOR) in held
        for role in Role:
            for path in UNITS:
                if not may_give(held, role, path):
                    continue
                given += 1
                assert any(reach(each, path) and Right.ORGANISE in each.rights for each in held)
                new = Held(role, path)
                for unit in UNITS:
                    if reach(new, unit) and not is_operator:
                        assert rights_at([new], unit) <= rights_at(held, unit)
    assert given > 1000


def test_giving_is_possible_wherever_nothing_is_gained() -> None:
    for held in HOLDINGS:
        for path in UNITS:
            mine = frozenset[Right]().union(*(each.rights for each in held if reach(each, path)))
            assert rights_at(held, path) == mine
            expected = {
                role
                for role in SCOPED_ROLES
                if Right.ORGANISE in mine and (Right.OPERATE in mine or GRANTS[role] & SCOPED <= mine)
            }
            assert set(roles_to_give(held, path)) == expected
            assert may_organise(held, path) == (Right.ORGANISE in mine)


def test_an_operators_role_is_given_by_nobody_in_a_unit() -> None:
    assert not any(may_give(held, Role.OPERATOR, path) for held in HOLDINGS for path in UNITS)


def test_a_unit_is_reshaped_by_whoever_answers_for_the_one_above() -> None:
    for held in HOLDINGS:
        for path in UNITS:
            organising = [each for each in held if Right.ORGANISE in each.rights and reach(each, path)]
            assert may_reshape(held, path) == any(each.top != path for each in organising)


@pytest.mark.parametrize(
    ("held", "is_own", "is_given_by_her", "expected"),
    [
        (Held(Role.COORDINATOR, COUNTRY), False, False, True),
        (Held(Role.COORDINATOR, NORTH), False, False, False),
        (Held(Role.COORDINATOR, NORTH), True, False, True),
        (Held(Role.COORDINATOR, NORTH), False, True, True),
        (Held(Role.COORDINATOR, TOWN), True, True, False),
        (Held(Role.COORDINATOR, SOUTH), True, True, False),
        (Held(Role.PROVIDER, COUNTRY), True, True, False),
        (Held(Role.OPERATOR), False, False, True),
    ],
)
def test_who_ends_a_coordinators_role_in_the_north(held, is_own, is_given_by_her, expected) -> None:
    assert may_end([held], Role.COORDINATOR, NORTH, is_own=is_own, is_given_by_her=is_given_by_her) == expected


def test_what_may_be_ended_may_be_given() -> None:
    for held in HOLDINGS:
        for role in Role:
            for path in UNITS:
                if may_end(held, role, path, is_own=True, is_given_by_her=True):
                    assert may_give(held, role, path)


def test_the_highest_units() -> None:
    north, town, south = (Held(Role.COORDINATOR, top) for top in (NORTH, TOWN, SOUTH))
    assert highest([town, north, south]) == (NORTH, SOUTH)
    assert highest([Held(Role.OWNER, COUNTRY), town]) == (TOWN,)
    assert highest([town, Held(Role.COORDINATOR)]) is None
    assert highest([Held(Role.OPERATOR)]) is None
    assert highest([Held(Role.TRAINER)]) == ()
