"""Which questions are drawn, what they are worth, who may try again: pure decisions, tried with many inputs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quiz.rules import GRACE, Candidate, Graded, draw, is_late, may_start, newest, option_order, score

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
candidates = st.lists(
    st.builds(
        Candidate, key=st.uuids().map(str), outcome=st.sampled_from(["", "use", "safety"]), seen=st.integers(0, 3)
    ),
    unique_by=lambda each: each.key,
    max_size=60,
)


@given(candidates, st.integers(0, 40), st.booleans(), st.integers(0, 2**31))
def test_a_draw_has_the_amount_or_all_and_each_once(bank, amount, shuffle, seed) -> None:
    keys = draw(bank, {"total": amount}, shuffle=shuffle, seed=seed)
    assert len(keys) == min(amount, len(bank))
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {each.key for each in bank}


@given(candidates, st.integers(0, 2**31))
def test_a_draw_by_outcome_takes_that_many_of_each(bank, seed) -> None:
    keys = draw(bank, {"use": 3, "safety": 2}, shuffle=True, seed=seed)
    by_key = {each.key: each.outcome for each in bank}
    for outcome, amount in [("use", 3), ("safety", 2)]:
        there = sum(each.outcome == outcome for each in bank)
        assert sum(by_key[key] == outcome for key in keys) == min(amount, there)


@given(candidates, st.integers(1, 30), st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_draw(bank, amount, seed) -> None:
    once, twice = (draw(bank, {"total": amount}, shuffle=True, seed=seed) for _ in range(2))
    assert once == twice


def test_a_second_attempt_has_as_many_unseen_questions_as_the_bank_allows() -> None:
    first = set(draw([Candidate(f"q{n}") for n in range(60)], {"total": 20}, shuffle=True, seed=1))
    again = [Candidate(f"q{n}", seen=int(f"q{n}" in first)) for n in range(60)]
    second = draw(again, {"total": 20}, shuffle=True, seed=2)
    assert not first & set(second)
    small = [Candidate(f"q{n}", seen=int(n < 20)) for n in range(34)]
    third = draw(small, {"total": 20}, shuffle=True, seed=3)
    assert sum(int(key[1:]) >= 20 for key in third) == 14, "14 of 20 unseen: all that there are, which is 70 %"


def test_without_shuffling_the_order_of_the_bank_is_kept() -> None:
    bank = [Candidate(f"q{n}") for n in range(30)]
    keys = draw(bank, {"total": 10}, shuffle=False, seed=5)
    assert keys == sorted(keys, key=lambda key: int(key[1:]))


@given(st.text(min_size=1), st.integers(0, 12), st.integers(0, 2**31))
def test_options_keep_their_order_on_every_opening(key, count, seed) -> None:
    order = option_order(key, count, seed, shuffle=True)
    assert sorted(order) == list(range(count))
    assert order == option_order(key, count, seed, shuffle=True)
    assert option_order(key, count, seed, shuffle=False) == tuple(range(count))


@pytest.mark.parametrize(
    ("grades", "passing", "passed"),
    [
        ([1, 1, 1, 1, 0], {"total": 0.8}, True),
        ([1, 1, 1, 0, 0], {"total": 0.8}, False),
        ([1, 1, 1, 1, None], {"total": 0.8}, True),
        ([1, 1, 1, 0, None], {"total": 0.8}, None),
        ([0, 0, 1, 1, None], {"total": 0.8}, False),
        ([], {"total": 0.8}, False),
    ],
)
def test_passing(grades, passing, passed) -> None:
    assert score([Graded(str(n), value, 1.0) for n, value in enumerate(grades)], passing).passed is passed


def test_a_weak_outcome_fails_a_good_total() -> None:
    grades = [Graded(str(n), 1.0, 1.0, "use") for n in range(9)] + [Graded("s", 0.0, 1.0, "safety")]
    result = score(grades, {"total": 0.8, "safety": 1.0})
    assert result.share == 0.9
    assert result.passed is False
    assert result.outcomes == {"use": (9.0, 9.0), "safety": (0.0, 1.0)}


@pytest.mark.parametrize(("worth", "passed"), [(1.0, True), (0.5, False), (0.0, False), (None, None)])
def test_a_critical_question_has_to_be_right(worth, passed) -> None:
    grades = [Graded(str(n), 1.0, 1.0) for n in range(9)] + [Graded("pin", worth, 1.0, critical=True)]
    assert score(grades, {"total": 0.5}).passed is passed


def test_points_weigh() -> None:
    result = score([Graded("a", 1.0, 3.0), Graded("b", 0.5, 1.0)], {"total": 0.8})
    assert (result.score, result.points, result.passed) == (3.5, 4.0, True)


@pytest.mark.parametrize(
    ("submitted", "is_open", "extra", "verdict", "left"),
    [
        ([], False, 0, "yes", 2),
        ([], True, 0, "resume", 1),
        ([-120], False, 0, "yes", 1),
        ([-30], False, 0, "wait", 1),
        ([-300, -200], False, 0, "used-up", 0),
        ([-300, -200], False, 1, "yes", 1),
    ],
)
def test_who_may_try_again(submitted, is_open, extra, verdict, left) -> None:
    start = may_start(
        submitted=[NOON + timedelta(minutes=each) for each in submitted],
        is_open=is_open,
        limit=2,
        extra=extra,
        retry_after=3600,
        moment=NOON,
    )
    assert (start.verdict, start.left) == (verdict, left)
    if verdict == "wait":
        assert start.when == NOON + timedelta(minutes=30)


def test_lateness_has_a_short_grace() -> None:
    assert not is_late(NOON, None)
    assert not is_late(NOON + GRACE, NOON)
    assert is_late(NOON + GRACE + timedelta(seconds=1), NOON)


@given(st.permutations([(NOON, "b", 1), (NOON, "c", 2), (NOON - timedelta(1), "z", 3)]))
def test_answers_end_in_the_same_state_in_whatever_order_they_arrive(answers) -> None:
    assert newest(answers) == 2
