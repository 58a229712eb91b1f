"""When a target will be reached: pure arithmetic, tried with chosen and with random numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.coordination.forecast import PACE_DAYS, Aim, Outlook, forecast, last_days

TODAY = date(2026, 10, 30)
DUE = date(2026, 11, 30)
NATION = Aim(212_761, 174_464, 0, 1.0, DUE)
counts = st.integers(0, 300_000)


def test_the_national_sentence() -> None:
    seen = forecast(NATION, [960] * 14, TODAY)
    assert (seen.to_go, seen.days_left, seen.needed, seen.pace) == (38_297, 31, 1236, 960)
    assert (seen.expected, seen.late, seen.outlook) == (date(2026, 12, 9), 9, Outlook.LATE)


def test_the_range_goes_from_the_fastest_to_the_slowest_week() -> None:
    seen = forecast(NATION, [1200] * 7 + [720] * 7, TODAY)
    assert seen.pace == 960
    assert seen.earliest == TODAY + timedelta(days=32)  # 38,297 / 1,200
    assert seen.latest == TODAY + timedelta(days=54)  # 38,297 / 720


def test_weekends_make_no_range() -> None:
    week = [1300, 1300, 1300, 1300, 1300, 110, 110]
    seen = forecast(NATION, week * 2, TODAY)
    assert seen.earliest == seen.expected == seen.latest


def test_a_week_of_silence_leaves_the_end_open() -> None:
    seen = forecast(NATION, [1000] * 7 + [0] * 7, TODAY)
    assert seen.expected is not None
    assert seen.latest is None


@pytest.mark.parametrize(
    ("aim", "recent", "outlook"),
    [
        (Aim(0, 0, 0, 1.0, DUE), [], Outlook.EMPTY),
        (Aim(10, 8, 0, 0.8, DUE), [1] * 14, Outlook.REACHED),
        (Aim(10, 7, 1, 0.8, DUE), [1] * 14, Outlook.REACHED),
        (Aim(10, 5, 0, 1.0, DUE), [1] * 6, Outlook.UNKNOWN),
        (Aim(10, 5, 0, 1.0, DUE), [0] * 14, Outlook.STANDING),
        (Aim(10, 5, 0, 1.0, DUE), [1] * 14, Outlook.IN_TIME),
        (Aim(100, 5, 0, 1.0, DUE), [1] * 14, Outlook.LATE),
        (Aim(10, 5, 0, 1.0, TODAY - timedelta(days=1)), [1] * 14, Outlook.OVERDUE),
        (Aim(10, 5, 0, 1.0, TODAY - timedelta(days=1)), [], Outlook.OVERDUE),
        (Aim(1_000_000, 5, 0, 1.0, DUE), [0] * 13 + [1], Outlook.STANDING),
    ],
)
def test_how_a_target_stands(aim, recent, outlook) -> None:
    assert forecast(aim, recent, TODAY).outlook is outlook


def test_on_the_last_day_all_that_is_left_is_needed_today() -> None:
    assert forecast(Aim(40, 30, 0, 1.0, TODAY), [1] * 14, TODAY).needed == 10


def test_a_small_number_a_day_is_rounded_up_to_a_tenth() -> None:
    assert forecast(Aim(500, 462, 3, 1.0, TODAY + timedelta(days=54)), [1] * 14, TODAY).needed == 0.7


def test_a_share_of_people_is_whole_people() -> None:
    assert Aim(3, 0, 0, 0.5, DUE).goal == 2
    assert Aim(10, 0, 0, 0.7, DUE).goal == 7  # and not 8, whatever 0.7 is in binary


@given(counts, counts, counts, st.integers(1, 100), st.lists(counts, max_size=20), st.integers(-400, 400))
def test_the_sum_holds_and_the_promise_is_kept(left, done, exempt, percent, recent, days) -> None:
    aim = Aim(left + done + exempt, done, exempt, percent / 100, TODAY + timedelta(days=days))
    assert aim.done + aim.not_done + aim.exempt == aim.registered
    seen = forecast(aim, recent, TODAY)
    assert seen.to_go <= aim.not_done
    assert seen.late >= 0
    if seen.expected is not None:
        assert seen.pace
        gone = (seen.expected - TODAY).days
        assert seen.pace * gone >= aim.to_go - 0.01 > seen.pace * (gone - 1) - 0.02
        assert seen.earliest is not None
        assert seen.earliest <= seen.expected
        assert seen.latest is None or seen.expected <= seen.latest
    if seen.outlook in {Outlook.IN_TIME, Outlook.LATE} and days > 0:
        assert seen.needed * days >= aim.to_go - 1e-6


def test_days_without_anybody_count() -> None:
    known = {TODAY - timedelta(days=2): 5, TODAY: 9, TODAY - timedelta(days=40): 7}
    assert last_days(known, TODAY, None) == [0] * (PACE_DAYS - 2) + [5, 0]


def test_days_before_anything_began_do_not_slow_the_pace() -> None:
    first = TODAY - timedelta(days=3)
    assert last_days({first: 4}, TODAY, first) == [4, 0, 0]
    assert last_days({}, TODAY, TODAY) == []
