"""Which months are meant, how figures roll up, how deep a cascade goes: pure."""

from __future__ import annotations

from datetime import date

import pytest

from lms.reach.rules import Alike, Edge, Period, Span, Sum, months, period_now, roll_up, steps

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Span.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_usual_periods_are_whole_months(span: Span, first: date, last: date) -> None:
    assert period_now(span, DAY) == Period(span, first, last)


def test_a_quarter_begins_in_january_april_july_october() -> None:
    assert {period_now(Span.QUARTER, date(2026, month, 28)).first.month for month in range(1, 13)} == {1, 4, 7, 10}


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-03", "2026-02"), ("2026-13", "2026-12"), ("", ""), ("x", "2026-01"), ("2026-1", "2026-02"),
     ("0000-01", "2026-01"), ("2000-01", "2026-01")],
)  # fmt: skip
def test_what_is_no_period_is_none(since: str, until: str) -> None:
    assert months(since, until) is None


def test_months_reach_to_their_last_day() -> None:
    assert months("2024-02", "2024-02") == Period(Span.MONTHS, date(2024, 2, 1), date(2024, 2, 29))


def alike(path: str, people: int) -> tuple[Alike, dict[str, Sum]]:
    row = Alike(path, DAY, "visit", "citizen", "", is_apart=False, is_tally=False, people=people, entries=1)
    return row, {"seen": Sum(people)}


def test_figures_roll_up_in_the_order_of_paths() -> None:
    rows = [alike("/1/", 1), alike("/1/2/", 2), alike("/1/2/5/", 4), alike("/1/20/", 8), alike("/1/3/7/9/", 16)]
    found = {unit: sums[date(2026, 11, 1), "seen"].number for unit, sums in roll_up(rows)}
    assert found == {1: 31, 2: 6, 5: 4, 20: 8, 3: 16, 7: 16, 9: 16}


def edge(trainer: int, person: int, day: int) -> Edge:
    return Edge(trainer, person, date(2026, 1, day))


def test_each_person_stands_once_at_the_nearest_step() -> None:
    assert steps([edge(1, 2, 5), edge(2, 3, 6), edge(1, 3, 9), edge(3, 4, 10)]) == [{1}, {2, 3}, {4}]


def test_whom_somebody_trained_before_being_trained_is_not_of_the_next_step() -> None:
    assert steps([edge(2, 3, 1), edge(1, 2, 5)]) == [{1}, {2}]


def test_two_who_trained_each_other_end_it() -> None:
    assert steps([edge(1, 2, 5), edge(2, 1, 6)]) == [{1}, {2}]
    assert steps([]) == []
