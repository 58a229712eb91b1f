"""What an entry may say, which mandate covers it, what a definition counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as when
from hypothesis import strategies as st

from lms.helping import rules
from lms.helping.rules import Definition, Help, Mandate, Scope, Standing, problems, scan, standing, tally_standing

DAY = date(2026, 11, 22)
HELP = Help("consultation", "citizen", "health", 1, DAY)
YEAR = Mandate(date(2026, 1, 1), date(2026, 12, 31))
OLD = Mandate(date(2024, 1, 1), date(2025, 12, 31))
BUSINESS = Scope(audiences=frozenset({"business"}))
FOR_BUSINESS = Mandate(date(2026, 1, 1), None, BUSINESS)


@pytest.mark.parametrize(
    ("mine", "units", "expected"),
    [
        ([YEAR], [], Standing.COVERED),
        ([OLD], [], Standing.LAPSED),
        ([OLD, YEAR], [], Standing.COVERED),
        ([FOR_BUSINESS], [], Standing.OUTSIDE),
        ([FOR_BUSINESS, YEAR], [], Standing.COVERED),
        ([YEAR], [YEAR], Standing.COVERED),
        ([YEAR], [OLD], Standing.UNIT_LAPSED),
        ([YEAR], [FOR_BUSINESS], Standing.UNIT_OUTSIDE),
        ([OLD], [YEAR], Standing.LAPSED),
        ([], [YEAR], Standing.LAPSED),
    ],
)
def test_the_best_mandate_of_the_helper_and_then_of_the_unit_counts(
    mine: list[Mandate], units: list[Mandate], expected: Standing
) -> None:
    assert standing(mine, units, HELP) is expected


def test_a_mandate_holds_on_its_first_and_last_day_and_on_no_other() -> None:
    assert [YEAR.is_valid_on(day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]
    assert [YEAR.is_valid_on(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [True, False]


def test_behind_a_tally_stands_the_unit_alone() -> None:
    assert tally_standing([], HELP) is Standing.COVERED
    assert tally_standing([OLD], HELP) is Standing.UNIT_LAPSED
    assert tally_standing([FOR_BUSINESS], HELP) is Standing.UNIT_OUTSIDE


@pytest.mark.parametrize(
    ("note", "refused"),
    [
        ("renewed the prescription together", ()),
        ("3 people, 45 minutes, room 12", ()),
        ("the pension of 2026 and 2027", ()),
        ("call back +371 2612 3456", ("+371 2612 3456",)),
        ("code 120385-12345", ("120385-12345",)),
        ("write to anna@example.org", ("anna@example.org",)),
        ("see https://example.org/x", ("https://example.org/x",)),
        ("ტელ. 599 12 34 56", ("599 12 34 56",)),
    ],
)
def test_numbers_and_addresses_are_refused(note: str, refused: tuple[str, ...]) -> None:
    assert scan(note).refused == refused


@pytest.mark.parametrize("note", ["for Anna Bērziņa", "Nguyễn Thị Lan asked", "Ион Попеску"])
def test_what_looks_like_a_name_is_asked_about(note: str) -> None:
    assert scan(note).doubtful


def test_a_sentence_is_no_name() -> None:
    assert scan("Renewed the prescription. It took long") == rules.Findings()


@when(st.text(max_size=200))
def test_no_text_breaks_the_scan(note: str) -> None:
    found = scan(note)
    assert all(each in note for each in (*found.refused, *found.doubtful))


def test_each_field_says_what_is_wrong_with_it() -> None:
    bad = Help("dance", "citizen", "health", 0, date(2026, 11, 23), 0, "pigeon", "lost", "tel 26123456")
    assert problems(bad, DAY) == {
        "kind": "unknown", "channel": "unknown", "outcome": "unknown", "people": "few", "minutes": "few",
        "given_on": "future", "note": "personal",
    }  # fmt: skip
    assert problems(HELP, DAY) == {}
    assert problems(Help("visit", "citizen", "health", 501, date(2025, 11, 20), 1441, "", "", "x" * 141), DAY) == {
        "people": "many", "minutes": "many", "given_on": "old", "note": "long",
    }  # fmt: skip


def test_help_may_be_noted_for_a_year_and_a_tally_for_ten() -> None:
    for oldest, is_tally in ((rules.OLDEST, False), (rules.OLDEST_IN_TALLY, True)):
        last, too_old = (DAY - timedelta(days=oldest + more) for more in (0, 1))
        assert problems(replace(HELP, given_on=last), DAY, is_tally=is_tally) == {}
        assert problems(replace(HELP, given_on=too_old), DAY, is_tally=is_tally) == {"given_on": "old"}
    assert problems(replace(HELP, given_on=DAY + timedelta(days=1)), DAY) == {"given_on": "future"}


def test_a_definition_takes_its_kinds_and_audiences_while_it_is_in_force() -> None:
    trained = Definition("trained", 1, {}, {}, frozenset({"training"}), frozenset({"citizen"}), until=DAY)
    assert trained.takes("training", "citizen")
    assert not trained.takes("training", "business")
    assert not trained.takes("visit", "citizen")
    assert trained.is_in_force(DAY)
    assert not trained.is_in_force(date(2026, 11, 23))
