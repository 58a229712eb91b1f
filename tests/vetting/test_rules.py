"""What looks odd, reason by reason: just so much that it is listed, and a little less."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.vetting import rules
from lms.vetting.rules import Entry, Oddity, Peers, odd, spread

FIRST = date(2026, 9, 1)
SERVICES = ("health", "pension", "home", "work", "child")
USUAL = Peers(
    spread({1: 400, 2: 200, 3: 80, 4: 20}),
    {"consultation": spread({1: 900, 2: 90, 3: 10}), "training": spread({8: 30, 11: 40, 15: 30})},
    frozenset({0, 1, 2, 3, 4}),
)
DEADLINES = rules.deadlines(FIRST)


def entry(number: int, day: int, *, hour: int = 10, people: int = 1, minutes: int | None = None, **said: str) -> Entry:
    given_on = FIRST + timedelta(days=day)
    noted = datetime(given_on.year, given_on.month, given_on.day, hour, number % 60, tzinfo=UTC)
    service = said.get("service", SERVICES[number % len(SERVICES)])
    return Entry(number, given_on, noted, said.get("kind", "consultation"), "citizen", service, people, minutes, "")


def reasons(entries: list[Entry], peers: Peers = USUAL) -> set[Oddity]:
    return {each.reason for each in odd(entries, peers, DEADLINES)}


def test_an_ordinary_month_is_not_listed() -> None:
    entries = [entry(n, n, minutes=(5, 10, 15, 20, 30)[n * 7 % 5], people=1 + n % 2) for n in range(20)]
    assert reasons(entries) == set()


def test_a_copied_day_is_listed_from_three_entries() -> None:
    days = [entry(10 * day + n, day, service=SERVICES[n]) for day in (2, 9) for n in range(3)]
    assert reasons(days) == {Oddity.COPIED}
    assert reasons([each for each in days if each.service != "home"]) == set()
    [found] = odd(days, USUAL, DEADLINES)
    assert (len(found.entries), found.days) == (6, 2)


def test_the_same_entry_again_and_again_on_a_day_is_listed() -> None:
    assert reasons([entry(5 * n, 3, minutes=20) for n in range(5)], Peers()) == {Oddity.COPIED}
    assert reasons([entry(5 * n, 3, minutes=20) for n in range(4)], Peers()) == set()


def test_round_numbers_are_listed_where_chance_does_not_explain_them() -> None:
    people = (20, 10, 30, 50, 10, 20, 20)
    entries = [entry(n, n, people=count, kind="training") for n, count in enumerate(people)]
    assert reasons(entries, Peers()) == {Oddity.ROUND}
    mixed = [entry(n, n, people=count, kind="training") for n, count in enumerate((20, 10, 13, 17, 11, 20, 12))]
    assert reasons(mixed, Peers()) == set()
    assert not rules.is_too_round(5, 5)
    assert rules.is_too_round(6, 6)


def test_a_month_noted_on_its_last_evening_is_listed() -> None:
    evening = datetime(2026, 9, 30, 18, tzinfo=UTC)
    late = [entry(n, n * 2)._replace(noted=evening + timedelta(minutes=n)) for n in range(12)]
    assert reasons(late) == {Oddity.DEADLINE}
    assert reasons(late[:-1]) == set()  # eleven
    week = [each._replace(given_on=FIRST + timedelta(days=22 + n % 7)) for n, each in enumerate(late)]
    assert reasons(week, Peers()) == set()  # a week in one evening is a habit
    middle = [each._replace(noted=each.noted - timedelta(days=10)) for each in late]
    assert reasons(middle) == set()
    assert {each.reason for each in odd(middle, USUAL, [date(2026, 9, 20)])} == {Oddity.DEADLINE}


def test_more_than_a_day_holds_is_listed() -> None:
    assert reasons([entry(n, 1, minutes=240 + n) for n in range(4)]) == {Oddity.IMPOSSIBLE}
    assert reasons([entry(n, 1, minutes=230 + n) for n in range(4)]) == set()


def test_outliers_are_measured_against_peers() -> None:
    busy = [entry(n, 1, minutes=n) for n in range(1, 41)]
    assert Oddity.MANY in reasons(busy)
    assert Oddity.MANY not in reasons(busy, Peers())  # too few peers to say
    assert reasons([entry(1, 1, people=60, kind="training")]) == {Oddity.PEOPLE}
    assert reasons([entry(1, 1, people=25, kind="training")]) == set()
    assert spread({1: rules.FEWEST_PEERS - 1}) is None


@pytest.mark.parametrize("number", [1, 2, 3])
def test_where_all_do_the_same_a_little_more_is_not_odd(number: int) -> None:
    alike = spread({1: 1000})
    assert alike is not None
    assert not alike.is_far_above(number)
    assert alike.is_far_above(40)


def test_long_runs_are_listed() -> None:
    same = [entry(n, n, minutes=15) for n in range(rules.LEAST_RUN)]
    assert reasons(same) == {Oddity.SAME_MINUTES}
    assert reasons(same[1:]) == set()
    one = [entry(n, n, service="health") for n in range(rules.LEAST_RUN)]
    assert reasons(one) == {Oddity.SAME_SERVICE}
    assert reasons([*one[:7], entry(99, 6, hour=23), *one[7:]]) == set()


def test_night_is_when_others_rest_whatever_the_zone() -> None:
    assert reasons([entry(n, n, hour=3) for n in range(5)]) == {Oddity.NIGHT}
    assert reasons([entry(n, n, hour=3) for n in range(4)]) == set()
    work = dict.fromkeys(range(1, 11), 100)  # 8 to 18 o'clock seven hours east
    assert rules.quiet_hours(work) <= frozenset(range(11, 24)) | {0}
    assert rules.quiet_hours(dict.fromkeys(range(24), 100)) == frozenset()
    assert rules.quiet_hours({9: 5}) == frozenset()


def test_peers_are_kept_as_they_were() -> None:
    assert Peers.from_json(USUAL.as_json()) == USUAL
    assert Peers.from_json(Peers().as_json()) == Peers()
