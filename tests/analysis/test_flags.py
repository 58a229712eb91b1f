"""Which flags are raised: at their thresholds, not before, and never on a handful of people."""

from __future__ import annotations

import pytest

from lms.analysis.rules import (
    EASY,
    FEWEST,
    HARD,
    ChoiceRow,
    Distractors,
    Figures,
    Flag,
    Raised,
    distractors,
    exam,
    flags,
    harder_by_language,
)
from lms.analysis.sums import SKIPPED, ChoiceSums, FormSums, QuestionSums

RIGHTS = [False, True, False]


def table(*people: int, thirds: int = 100, pulling: int = 0) -> Distractors:
    """So many people for each option; `pulling` of the upper third more than of the lower choose the first one."""
    rows = [
        ChoiceRow(str(place), count, {"lower": 10, "middle": 10, "upper": 10}) for place, count in enumerate(people)
    ]
    rows[0] = ChoiceRow("0", people[0], {"lower": 10, "middle": 10, "upper": 10 + pulling})
    return Distractors(tuple(rows), {"lower": thirds, "middle": thirds, "upper": thirds})


def raised(known: Figures, choices: Distractors | None = None, **harder: float) -> list[Flag]:
    return [each.flag for each in flags(known, choices or table(50, 200, 50), RIGHTS, harder)]


def question(**known: object) -> Figures:
    usual: dict[str, object] = {"asked": 300, "answered": 300, "facility": 0.7, "discrimination": 0.4, "seconds": 20}
    return Figures(**{**usual, **known})  # type: ignore[arg-type]


def test_a_good_question_has_none() -> None:
    assert raised(question()) == []


@pytest.mark.parametrize(
    ("known", "flag"),
    [
        ({"discrimination": -0.2}, Flag.CHECK_KEY),
        ({"discrimination": 0.0}, Flag.WEAK),
        ({"facility": EASY, "discrimination": None}, Flag.EASY),
        ({"facility": HARD}, Flag.HARD),
        ({"answered": 240}, Flag.SKIPPED),
        ({"asked": FEWEST - 1, "answered": FEWEST - 1}, Flag.TOO_FEW),
        ({"asked": FEWEST + 5, "waiting": 6, "discrimination": -0.9}, Flag.TOO_FEW),
        ({"asked": 0, "answered": 0, "facility": None, "discrimination": None}, Flag.NEVER),
    ],
)
def test_each_flag_alone(known: dict[str, object], flag: Flag) -> None:
    assert raised(question(**known)) == [flag]


def test_what_may_be_chance_is_no_flag() -> None:
    few = {"asked": 40, "answered": 40}
    assert raised(question(discrimination=-0.1, **few)) == [Flag.WEAK]
    assert raised(question(discrimination=-0.5, **few)) == [Flag.CHECK_KEY]
    assert raised(question(discrimination=0.05, **few)) == []
    assert raised(question(discrimination=0.05)) == [Flag.WEAK]


def test_just_beyond_a_threshold_is_none() -> None:
    assert raised(question(facility=EASY - 0.01)) == []
    assert raised(question(facility=HARD + 0.01)) == []
    assert raised(question(answered=241)) == []


def test_options_that_nobody_or_hardly_anybody_chooses() -> None:
    assert flags(question(), table(0, 250, 50), RIGHTS, {}) == (Raised(Flag.NOBODY, (0,)),)
    assert flags(question(), table(5, 245, 50), RIGHTS, {}) == (Raised(Flag.HARDLY, (0,)),)
    assert raised(question(), table(6, 244, 50)) == []
    assert raised(question(asked=90, answered=90), table(1, 60, 29)) == []
    assert raised(question(facility=0.98), table(0, 294, 6)) == [Flag.EASY]  # everybody is right, so nobody is there


def test_a_wrong_option_that_draws_the_best() -> None:
    assert flags(question(), table(50, 200, 50, pulling=20), RIGHTS, {}) == (Raised(Flag.PULLS, (0,)),)
    assert raised(question(), table(50, 200, 50, pulling=14)) == []
    assert raised(question(asked=36, answered=36), table(5, 20, 5, thirds=12, pulling=2)) == []  # two people


def test_opinions_have_no_flags() -> None:
    assert flags(question(facility=None, discrimination=None), table(0, 1, 2), [], {}, is_graded=False) == ()


def sums(count: int, right: float, rest: float) -> QuestionSums:
    found = QuestionSums()
    for place in range(count):
        found.pairs.add(float(place < right * count), rest + 0.05 * (place % 3 - 1))
    return found


def test_a_language_is_harder_only_beyond_what_other_answers_say() -> None:
    found = harder_by_language({"en": sums(200, 0.7, 0.7), "ka": sums(100, 0.4, 0.7)})
    assert found["ka"] == pytest.approx(0.3, abs=1e-3)
    assert set(found) == {"ka"}
    assert harder_by_language({"en": sums(200, 0.7, 0.7), "ka": sums(100, 0.4, 0.4)}) == {}  # they know less of all
    assert harder_by_language({"en": sums(200, 0.7, 0.7), "ka": sums(FEWEST - 1, 0.1, 0.7)}) == {}
    assert harder_by_language({"en": sums(200, 0.7, 0.7)}) == {}
    assert [each.language for each in flags(question(), table(50, 200, 50), RIGHTS, found)] == ["ka"]


def test_choices_of_nobody_have_a_row_too() -> None:
    choices = ChoiceSums()
    for step in (100, 500, 900):
        choices.add(["1"], step)
    found = distractors(choices, ("0", "1", SKIPPED))
    assert [row.people for row in found.rows] == [0, 3, 0]
    assert found.share(found.rows[1], "upper") == 1.0
    assert Distractors().share(found.rows[1], "upper") == 0.0


def test_reliability_waits_for_enough_people() -> None:
    form = FormSums(points=2.0)
    for place in range(FEWEST):
        if place == FEWEST - 1:
            assert exam(form).reliability.reason == "few"
        form.complete += 1
        form.fixed.add({"a": float(place % 2), "b": float(place % 3 > 0)})
    assert exam(form).reliability.value is not None
