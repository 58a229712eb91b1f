"""Words in the reader's language; weeks; which units' sums may stand beside each other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.news.rules import FEWEST, Sums, compared, first_day_told, source_of, week_of, words_in

TEXTS = {"en": {"title": "Hello", "text": "You."}, "lv": {"title": "Sveiki", "text": "Jūs."}}


def test_a_reader_gets_the_own_language_or_the_authors() -> None:
    assert words_in(TEXTS, "en", "lv").title == "Sveiki"
    assert words_in(TEXTS, "lv", "ka") == ("lv", "Sveiki", "Jūs.")
    assert source_of(["lv", "en"], "en") == "en"
    assert source_of(["lv", "ru"], "en") == "lv"


def test_weeks_begin_on_monday_and_tell_of_the_week_before() -> None:
    assert week_of(date(2027, 1, 3)) == "2026-W53"
    assert week_of(date(2027, 1, 4)) == "2027-W01"
    for day in range(7):
        assert first_day_told(date(2026, 11, 23) + timedelta(days=day)) == date(2026, 11, 16)


@given(st.lists(st.integers(0, 12), max_size=8))
def test_no_small_unit_can_be_worked_out_from_the_total(people: list[int]) -> None:
    rows = [(str(place), f"Unit {place}", Sums(number)) for place, number in enumerate(people)]
    shown = compared(rows)
    hidden = [number for number, unit in zip(people, shown, strict=True) if unit.sums is None]
    assert all(unit.sums is None or unit.sums.people >= FEWEST for unit in shown)
    assert {number for number in people if number < FEWEST} <= set(hidden)
    lone = len(hidden) == 1 and hidden[0] > 0
    assert not lone or len(people) == 1


def test_two_hidden_units_are_enough() -> None:
    rows = [("a", "A", Sums(2)), ("b", "B", Sums(0)), ("c", "C", Sums(9))]
    assert [unit.sums is None for unit in compared(rows)] == [True, True, False]
