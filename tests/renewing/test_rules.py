"""What a renewal asks, when questions come back, how sure a share is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lms.figures.intervals import wilson
from lms.renewing import rules
from lms.renewing.rules import Exam, Practice

COMPLETED = datetime(2026, 3, 1, 9, tzinfo=UTC)
BANK = [
    Exam(f"e#{outcome}{number}", outcome, number == 0 and outcome == "a") for outcome in "abcd" for number in range(8)
]


def outcomes(keys):
    return Counter(key[2] for key in keys)


@pytest.mark.parametrize("seed", range(20))
def test_a_renewal_asks_a_third_and_covers_each_outcome(seed):
    keys = rules.draw(BANK, 24, {}, seed)
    assert len(keys) == len(set(keys)) == 8
    assert outcomes(keys) == {"a": 2, "b": 2, "c": 2, "d": 2}
    assert "e#a0" in keys


def test_each_outcome_is_asked_even_where_a_third_is_less():
    assert set(outcomes(rules.draw(BANK, 3, {}, 1))) == set("abcd")


def test_every_critical_question_is_asked():
    bank = [Exam(f"e#a{number}", "a", is_critical=number < 9) for number in range(12)]
    assert {f"e#a{number}" for number in range(9)} <= set(rules.draw(bank, 6, {}, 1))


def test_what_was_forgotten_is_asked_more():
    assert outcomes(rules.draw(BANK, 12, {"c": 5}, 3))["c"] == 1 + rules.MOST_EXTRA


@pytest.mark.parametrize("seed", range(20))
def test_what_changed_is_asked_more_and_first(seed):
    keys = rules.draw(BANK, 12, {}, seed, {"c": 1, "d": 9})
    assert outcomes(keys) >= Counter({"a": 1, "b": 1, "c": 2, "d": 1 + rules.MOST_EXTRA})
    news = [key[2] in "cd" for key in keys]
    assert news == sorted(news, reverse=True)


def test_what_changed_and_was_forgotten_adds_up_to_the_most():
    assert outcomes(rules.draw(BANK, 12, {"c": 1}, 3, {"c": 9}))["c"] == 1 + rules.MOST_EXTRA


def test_what_was_never_seen_comes_first():
    bank = [Exam("e#1", "a", is_critical=False, seen=1), Exam("e#2", "a", is_critical=False)]
    assert rules.draw(bank, 1, {}, 5) == ["e#2"]


def test_a_small_bank_gives_all_it_has():
    assert rules.draw(BANK[:2], 60, {}, 0) in (["e#a0", "e#a1"], ["e#a1", "e#a0"])


@pytest.mark.parametrize(
    ("reached", "passing", "critical", "found"),
    [
        ({"a": (1, 2), "b": (2, 2)}, {"total": 0.75}, (), ["a"]),
        ({"a": (1, 2), "b": (2, 2)}, {"total": 0.9, "a": 0.5}, (), ["a"]),  # each alone is enough
        ({"a": (3, 4), "b": (4, 4)}, {"total": 0.5}, ("b",), ["b"]),
        ({"a": (2, 2), "b": (2, 2)}, {"total": 0.75}, (), []),
    ],
)
def test_which_outcomes_send_back(reached, passing, critical, found):
    assert rules.failed(reached, passing, critical) == found


def test_what_comes_back():
    practice = [Practice("k", "keep", False), Practice("k2", "keep", False), Practice("k3", "keep", False),
                Practice("h", "help", False), Practice("c", "help", True), Practice("s", "safety", False)]  # fmt: skip
    assert rules.deck(practice, {}) == ["c", "s"]
    assert rules.deck(practice, {"keep": 1}) == ["c", "s", "k", "k2"]
    assert rules.deck([Practice(str(n), "a", True) for n in range(99)], {})[-1] == str(rules.MOST_CARDS - 1)


def days_of(answers):
    """On which days after the completion a question comes, if it is answered so."""
    memory, lapses, due, found = rules.first_memory(COMPLETED), 0, rules.first_due(COMPLETED), []
    for is_right in answers:
        found.append((due - COMPLETED).days)
        memory, due = rules.answered(memory, lapses, COMPLETED, is_right=is_right, moment=due)
        lapses += not is_right
    return [*found, (due - COMPLETED).days]


def test_what_is_known_comes_after_2_7_30_and_90_days():
    days = days_of([True] * 4)
    assert days[:4] == [2, 7, 30, 90]
    assert days[4] > 180  # then the scheduler decides


def test_what_is_forgotten_comes_sooner():
    days = days_of([True, True, False, True])
    assert days[:3] == [2, 7, 30]
    assert 30 < days[3] < 40
    assert days[4] < 90


def test_who_comes_late_goes_on_in_the_plan():
    late = COMPLETED + timedelta(days=12)
    _memory, due = rules.answered(rules.first_memory(COMPLETED), 0, COMPLETED, is_right=True, moment=late)
    assert due == COMPLETED + timedelta(days=30)


@pytest.mark.parametrize(
    ("right", "asked", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share(right, asked, low, high):
    assert wilson(right, asked) == pytest.approx((low, high), abs=0.00005)


def test_retention_by_months():
    rows = rules.retention([(2, True, 9), (7, False, 1), (40, True, 4), (400, True, 3), (500, False, 2)])
    assert [(row.since, row.until, row.asked) for row in rows] == [
        (0, 1, 10), (1, 3, 4), (3, 6, 0), (6, 12, 0), (12, None, 5)
    ]  # fmt: skip
    assert rows[0].share == 0.9
    assert rows[1].share is None  # four answers would tell of people
    assert rows[4].low < 0.6 < rows[4].high


def test_how_long_a_renewal_takes():
    assert rules.minutes(20) == 15
