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


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 9))
def test_no_few_people_can_be_worked_out_from_the_total(people: list[int], elsewhere: int) -> None:
    rows = [(str(place), f"Unit {place}", Sums(number)) for place, number in enumerate(people)]
    total = sum(people) + elsewhere
    shown = [unit.sums.people for unit in compared(rows, total) if unit.sums]
    assert all(number >= FEWEST for number in shown)
    rest = total - sum(shown)
    assert not shown or rest == 0 or rest >= FEWEST


def test_who_sees_the_people_by_name_sees_all_units_of_five() -> None:
    rows = [("a", "A", Sums(2)), ("b", "B", Sums(6)), ("c", "C", Sums(9))]
    assert [unit.sums is None for unit in compared(rows)] == [True, False, False]
    assert [unit.sums is None for unit in compared(rows, 17)] == [True, True, False]
