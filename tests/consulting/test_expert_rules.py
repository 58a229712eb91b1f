"""Whose a hard question is: the nearest unit, then who was named for it; never who asked it. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.consulting.expert_rules import Named, Sought, nearest

SOUGHT = Sought("/1/2/3/", "health", "first-aid")
NEAR = Named(1, "/1/2/3/")
FAR = Named(2, "/1/")
FOR_HEALTH = frozenset({"health", "work"})


def test_all_of_the_nearest_unit_are_asked_and_nobody_above() -> None:
    assert nearest(SOUGHT, [FAR, NEAR, replace(NEAR, person=5)]) == [1, 5]
    assert nearest(SOUGHT, [FAR, replace(NEAR, services=frozenset({"work"}))]) == [2]


def test_who_was_named_for_this_very_service_goes_before_who_answers_everything() -> None:
    special = replace(NEAR, person=3, services=FOR_HEALTH)
    assert nearest(SOUGHT, [NEAR, special]) == [3]
    assert nearest(SOUGHT, [NEAR, special, replace(special, person=4, courses=frozenset({"first-aid"}))]) == [4]
    assert nearest(SOUGHT, [NEAR, replace(FAR, services=FOR_HEALTH)]) == [1]  # nearer is better than narrower


@pytest.mark.parametrize(
    "unfit",
    [{"services": frozenset({"work"})}, {"courses": frozenset({"gardens"})}, {"path": "/1/2/30/"}, {"path": "/1/9/"}],
)
def test_whom_it_does_not_fit_is_not_asked(unfit: dict[str, object]) -> None:
    assert nearest(SOUGHT, [replace(NEAR, **unfit)]) == []  # type: ignore[arg-type]


def test_a_question_about_no_course_is_not_for_who_answers_one_course_alone() -> None:
    assert nearest(replace(SOUGHT, course=""), [replace(NEAR, courses=frozenset({"first-aid"}))]) == []


def test_nobody_is_asked_what_they_asked_and_nobody_twice() -> None:
    assert nearest(SOUGHT, [NEAR, FAR], but={1}) == [2]
    assert nearest(SOUGHT, [NEAR, NEAR]) == [1]
    assert nearest(Sought("", "health"), [NEAR, FAR]) == []  # from nowhere: nobody
