"""Every formula against its textbook form, written out plainly over all numbers at once."""

from __future__ import annotations

import math
import random
import statistics
from fractions import Fraction

import pytest

from lms.analysis import rules
from lms.analysis.moments import Pairs, Single
from lms.analysis.reliability import DrawnSums, FixedSums, of_drawn, of_fixed
from lms.analysis.spreads import median, thirds

CLOSE = 1e-9
chance = random.Random(20261122)


def close(found: float | None, wanted: float | Fraction) -> bool:
    return found is not None and abs(found - float(wanted)) < CLOSE


def people(count: int, questions: int) -> list[list[Fraction]]:
    """Scores in tenths, of people who differ and of questions that differ, so that everything hangs together."""
    rows = []
    for _ in range(count):
        able = chance.gauss(0, 1)
        row = []
        for question in range(questions):
            hard = (question - questions / 2) / questions
            right = chance.random() < 1 / (1 + math.exp(-1.5 * (able - hard)))
            row.append(Fraction(1) if right else Fraction(chance.choice((0, 0, 0, 3, 5)), 10))
        rows.append(row)
    return rows


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def variance(values: list[Fraction]) -> Fraction:
    middle = mean(values)
    return sum(((each - middle) ** 2 for each in values), Fraction(0)) / (len(values) - 1)


def test_mean_and_variance_in_any_order_and_in_heaps() -> None:
    values = [Fraction(chance.randrange(1000), 1000) for _ in range(1000)]
    whole, first, second = Single(), Single(), Single()
    for place, value in enumerate(values):
        whole.add(float(value))
        (first if place < 137 else second).add(float(value))
    first.merge(second)
    first.merge(Single())
    for found in (whole, first):
        assert close(found.mean, mean(values))
        assert close(found.variance, variance(values))
    assert Single(1.0, 0.5).variance is None


def test_numbers_that_lie_close_together_keep_their_digits() -> None:
    values = [Fraction(10**6) + Fraction(each, 1000) for each in range(100)]
    found = Single()
    for value in values:
        found.add(float(value))
    assert close(found.variance, variance(values))


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    rows = people(500, 8)
    for question in range(8):
        x = [float(row[question]) for row in rows]
        y = [float(sum(row) - row[question]) for row in rows]
        whole, first, second = Pairs(), Pairs(), Pairs()
        for place, (one, rest) in enumerate(zip(x, y, strict=True)):
            whole.add(one, rest)
            (first if place % 3 else second).add(one, rest)
        first.merge(second)
        assert close(whole.correlation, statistics.correlation(x, y))
        assert close(first.correlation, statistics.correlation(x, y))


def test_discrimination_of_a_share_of_the_rest_is_that_of_the_rest_itself() -> None:
    rows = people(60, 5)
    share, points = Pairs(), Pairs()
    for row in rows:
        share.add(float(row[0]), float(sum(row[1:])) / 4)
        points.add(float(row[0]), float(sum(row[1:])))
    assert close(share.correlation, Fraction(points.correlation or 0))


@pytest.mark.parametrize("which", [0, 1])
def test_discrimination_is_undefined_where_everybody_has_the_same(which: int) -> None:
    pairs = Pairs()
    for value in (0.1, 0.2, 0.9):
        pairs.add(*((0.3, value), (value, 0.3))[which])
    assert pairs.correlation is None
    assert Pairs().correlation is None


def test_alpha_and_its_error() -> None:
    rows = people(300, 6)
    worth = [1, 2, 1, 3, 1, 2]
    sums = FixedSums()
    for row in rows:
        sums.add({f"q{place}": float(score * worth[place]) for place, score in enumerate(row)})
    items = [[row[place] * worth[place] for row in rows] for place in range(6)]
    totals = [sum((row[place] * worth[place] for place in range(6)), Fraction(0)) for row in rows]
    alpha = Fraction(6, 5) * (1 - sum((variance(item) for item in items), Fraction(0)) / variance(totals))
    found = of_fixed(sums, points=10)
    assert 0.3 < float(alpha) < 0.95
    assert close(found.value, alpha)
    assert close(found.error, Fraction(math.sqrt(variance(totals) * (1 - alpha))) / 10)


def test_alpha_of_right_and_wrong_is_kr_20() -> None:
    rows = [[Fraction(score == 1) for score in row] for row in people(200, 7)]
    sums = FixedSums()
    for row in rows:
        sums.add({str(place): float(score) for place, score in enumerate(row)})
    right = [mean([row[place] for row in rows]) for place in range(7)]
    totals = [sum(row, Fraction(0)) for row in rows]
    middle = mean(totals)
    spread = sum(((total - middle) ** 2 for total in totals), Fraction(0)) / len(totals)
    kr20 = Fraction(7, 6) * (1 - sum((p * (1 - p) for p in right), Fraction(0)) / spread)
    assert close(of_fixed(sums, points=7).value, kr20)


def anova(rows: list[list[Fraction]]) -> tuple[Fraction, Fraction]:
    """Mean squares between and within rows of unequal length."""
    every = [score for row in rows for score in row]
    middle = mean(every)
    between = sum((len(row) * (mean(row) - middle) ** 2 for row in rows), Fraction(0)) / (len(rows) - 1)
    within = sum(((score - mean(row)) ** 2 for row in rows for score in row), Fraction(0)) / (len(every) - len(rows))
    return between, within


def test_drawn_questions_are_nested_in_people() -> None:
    rows = [row[: 6 + place % 3] for place, row in enumerate(people(250, 8))]
    sums = DrawnSums()
    for row in rows:
        sums.add([float(score) for score in row], [2.0] * len(row))
    between, within = anova(rows)
    sizes = [len(row) for row in rows]
    usual = (Fraction(sum(sizes)) - Fraction(sum(size**2 for size in sizes), sum(sizes))) / (len(rows) - 1)
    of_people, of_chance = (between - within) / usual, within / usual
    found = of_drawn(sums)
    assert close(found.value, of_people / (of_people + of_chance))
    assert close(found.error, Fraction(math.sqrt(of_chance)))


def test_drawn_right_and_wrong_is_kr_21_but_for_one_degree_of_freedom() -> None:
    rows = [[Fraction(score == 1) for score in row] for row in people(400, 10)]
    sums = DrawnSums()
    for row in rows:
        sums.add([float(score) for score in row], [1.0] * 10)
    totals = [sum(row, Fraction(0)) for row in rows]
    middle, spread = mean(totals), variance(totals)
    count = len(rows)
    # the mean of x(k - x) is M(k - M) less the variance of n people; KR-21 divides the variance of totals by n
    inner = middle * (10 - middle) - spread * Fraction(count - 1, count)
    assert close(of_drawn(sums).value, 1 - inner / (9 * spread))
    kr21 = Fraction(10, 9) * (1 - middle * (10 - middle) / (10 * spread * Fraction(count - 1, count)))
    assert abs((of_drawn(sums).value or 0) - float(kr21)) < 0.01


def test_chance_alone_is_not_reliable_and_drawing_is_never_flattered() -> None:
    sums = DrawnSums()
    for _ in range(2000):
        sums.add([float(chance.random() < 0.5) for _ in range(10)], [1.0] * 10)
    assert abs(of_drawn(sums).value or 1) < 0.1


def test_what_cannot_be_said_is_not_said() -> None:
    one, same, mixed = FixedSums(), FixedSums(), DrawnSums()
    one.add({"a": 1.0})
    assert of_fixed(one, 1).reason == "few"
    one.add({"a": 0.0})
    assert of_fixed(one, 1).reason == "one"
    for _ in range(3):
        same.add({"a": 1.0, "b": 0.0})
    assert (of_fixed(same, 2).reason, of_fixed(same, 2).value) == ("same", None)
    assert of_drawn(mixed).reason == "few"
    mixed.add([1.0, 0.0], [1.0, 1.0])
    mixed.add([1.0, 1.0], [1.0, 2.0])
    assert (of_drawn(mixed).reason, of_drawn(mixed).value) == ("points", None)
    single = DrawnSums()
    single.add([1.0], [1.0])
    single.add([0.0], [1.0])
    assert of_drawn(single).reason == "one"


def test_medians_are_those_of_all_numbers() -> None:
    for size in (1, 2, 3, 10, 101, 1000):
        values = [chance.randrange(90) for _ in range(size)]
        counts = {value: values.count(value) for value in values}
        assert median(counts) == statistics.median(values)
    assert median({}) is None


def test_thirds_keep_the_same_results_together() -> None:
    assert thirds({1: 1, 2: 1, 3: 1}) == {1: "lower", 2: "middle", 3: "upper"}
    assert thirds({5: 40}) == {5: "middle"}
    assert thirds({0: 50, 10: 50}) == {0: "lower", 10: "upper"}
    counts = {step: chance.randrange(1, 9) for step in range(0, 1001, 7)}
    found, ranks = thirds(counts), sorted(step for step, count in counts.items() for _ in range(count))
    for step, third in found.items():
        places = [place + Fraction(1, 2) for place, each in enumerate(ranks) if each == step]
        middle = mean(places) / len(ranks)
        wanted = "lower" if middle < Fraction(1, 3) else "upper" if middle > Fraction(2, 3) else "middle"
        assert third == wanted


def test_the_end_of_an_interval() -> None:
    assert rules.highest(-0.5, 40) < 0
    assert rules.highest(-0.1, 40) > 0
    assert close(rules.highest(0.3, 103), Fraction(math.tanh(math.atanh(0.3) + 1.6448536269514722 / 10)))
    assert rules.highest(-1.0, 50) == -1.0
    assert rules.highest(-1.0, 3) == 1.0
    assert close(statistics.NormalDist().cdf(rules.ONE_SIDED_95), Fraction(95, 100))
