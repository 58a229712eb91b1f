"""Who is suggested and why: place, skill, load; quantiles; what a free text may hold. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lms.consulting import rules
from lms.consulting.rules import Candidate, Wish

WISH = Wish("/1/2/3/", "health", "phone", "lv")
NEAR = Candidate(1, "/1/2/3/", "Library")
FAR = Candidate(2, "/1/", "Country")


def suggested(*candidates: Candidate, asked: tuple[int, ...] = ()) -> int:
    found = rules.suggest(WISH, candidates, asked)
    return found.person if found else 0


def test_the_nearest_is_suggested_with_the_reason() -> None:
    found = rules.suggest(WISH, [FAR, replace(NEAR, load=2, services=frozenset({"health"}))])
    assert found is not None
    assert found.person == 1
    assert found.reasons == {"unit": "Library", "levels": 0, "load": 2, "most": 5, "skill": True, "language": False}
    assert rules.suggestion(WISH, FAR).levels == 2


def test_of_two_as_near_the_one_named_for_the_service_then_the_less_busy_then_who_waited_longer() -> None:
    other, day = replace(NEAR, person=3), datetime(2026, 1, 1, tzinfo=UTC)
    assert suggested(NEAR, replace(other, services=frozenset({"health"}), load=4)) == 3
    assert suggested(replace(NEAR, load=2), replace(other, load=1)) == 3
    assert suggested(replace(NEAR, load=2), replace(other, load=3, most=10)) == 3  # busier, but with more room
    assert suggested(replace(NEAR, last=day), other) == 3
    assert suggested(NEAR, other) == 1


@pytest.mark.parametrize(
    "unfit",
    [
        {"services": frozenset({"work"})}, {"channels": frozenset({"in-person"})}, {"languages": frozenset({"ru"})},
        {"load": 5}, {"path": "/1/2/30/"}, {"path": "/1/9/"},
    ],
)  # fmt: skip
def test_who_does_not_fit_is_not_suggested(unfit: dict[str, object]) -> None:
    assert suggested(replace(NEAR, **unfit)) == 0  # type: ignore[arg-type]


def test_nobody_is_asked_twice() -> None:
    assert suggested(NEAR, FAR, asked=(1,)) == 2
    assert suggested(NEAR, FAR, asked=(1, 2)) == 0


def test_who_can_be_assigned_stands_with_the_fitting_first() -> None:
    busy = replace(NEAR, person=4, load=5)
    elsewhere = replace(NEAR, person=5, path="/1/7/")
    assert [each.person for each in rules.ranked(WISH, [busy, FAR, NEAR, elsewhere])] == [1, 2, 4]


@pytest.mark.parametrize(("count", "half", "most"), [(1, 1, 1), (2, 1, 2), (3, 2, 3), (10, 5, 9), (70, 35, 63)])
def test_quantiles_are_values_that_happened(count: int, half: int, most: int) -> None:
    assert (rules.rank_of(5, count), rules.rank_of(9, count)) == (half, most)


def test_months_follow_each_other() -> None:
    assert rules.month_before(date(2026, 1, 31)) == date(2025, 12, 1)
    assert rules.month_after(date(2025, 12, 1)) == date(2026, 1, 1)
    assert rules.month_of("2026-10") == rules.month_of("2026-10-31") == date(2026, 10, 1)
