"""Opening hours, scores and maps: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from lms.finding.drawing import Spot, distance, draw
from lms.finding.name_queries import forms
from lms.finding.rules import (
    BadHours,
    Entry,
    Opening,
    Span,
    State,
    Today,
    has_to_be_warned,
    is_shown,
    problems,
    read_spans,
    read_week,
    today,
    written,
)
from lms.finding.score import FEWEST, Week, monday, read_tally, score
from lms.web.language import percent, percent_up

if TYPE_CHECKING:
    from flask import Flask

DAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mo-Fr 09:00-17:00; Sa 10:00-14:00", dict.fromkeys(range(1, 6), "09:00-17:00") | {6: "10:00-14:00"}),
        ("1-2, 4 8:00-12:00,13.00-17.00", dict.fromkeys((1, 2, 4), "08:00-12:00, 13:00-17:00")),
        ("Sa-Mo 10:00-24:00; Su off", dict.fromkeys((1, 6), "10:00-24:00")),
        ("", {}),
    ],
)
def test_hours_are_read_as_files_have_them(text: str, week: dict[int, str]) -> None:
    assert {day: written(spans) for day, spans in read_week(text).items()} == week


@pytest.mark.parametrize("text", ["17:00-9:00", "9-17", "9:00-17:60", "9:00-12:00, 11:00-13:00", "morning"])
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(BadHours):
        read_spans(text)


@pytest.mark.parametrize(
    ("hour", "says"),
    [
        (8, Today(Opening.LATER, 540)),
        (9, Today(Opening.OPEN, 720)),
        (12, Today(Opening.LATER, 780)),
        (16, Today(Opening.OPEN, 1020)),
        (17, Today(Opening.OVER)),
    ],
)
def test_what_is_said_of_a_moment(hour: int, says: Today) -> None:
    week = {1: (Span(540, 720), Span(780, 1020))}
    assert today(week, datetime(2026, 11, 23, hour, tzinfo=UTC)) == says
    assert today(week, datetime(2026, 11, 24, hour, tzinfo=UTC)) == Today(Opening.CLOSED)
    assert today({}, datetime(2026, 11, 23, hour, tzinfo=UTC)) == Today(Opening.UNKNOWN)


def test_an_entry_says_only_what_the_lists_have() -> None:
    bad = Entry(phone="Anna", services=frozenset({"health", "magic"}), place="x" * 201)
    assert problems(bad, ["health"], ["lv"], ["phone"]) == {"phone": "phone", "services": "magic", "place": "long"}
    assert problems(Entry(phone="+371 6700 0000"), [], [], []) == {}


def test_a_point_is_shown_as_long_as_a_certificate_stands_behind_it() -> None:
    assert is_shown(State.PUBLIC, DAY, DAY)
    assert not is_shown(State.PUBLIC, DAY - timedelta(days=1), DAY)
    assert not is_shown(State.PUBLIC, None, DAY)
    assert not is_shown(State.PROPOSED, DAY, DAY)


def test_coordinators_are_warned_once_and_before() -> None:
    soon, late = DAY + timedelta(days=30), DAY + timedelta(days=31)
    assert has_to_be_warned(State.PUBLIC, soon, None, DAY)
    assert has_to_be_warned(State.PUBLIC, None, None, DAY)
    assert not has_to_be_warned(State.PUBLIC, late, None, DAY)
    assert not has_to_be_warned(State.PUBLIC, soon, DAY, DAY)
    assert not has_to_be_warned(State.HIDDEN, soon, None, DAY)


def test_no_figure_tells_what_fewer_than_five_people_said() -> None:
    """Answer by answer: the figure stays, or grows by five answers at least."""
    weeks: list[Week] = []
    shown = {(0, 0)}
    for step in range(40):
        day = date(2026, 1, 5) + timedelta(days=3 * step)
        weeks.append(Week(monday(day), step % 3 and 1, 1))
        found = score(weeks, day)
        shown.add((found.yes, found.said) if found else (0, 0))
    assert len(shown) > 3
    counts = sorted({said for _yes, said in shown})
    assert all(other - one >= FEWEST for one, other in pairwise(counts))
    assert len(counts) == len(shown)


def test_answers_go_out_with_their_batch_when_they_are_a_year_old() -> None:
    weeks = [Week(monday(DAY) + timedelta(weeks=number), 1, 2) for number in range(9)]
    last = DAY + timedelta(weeks=9)
    said = [found.said if (found := score(weeks, last + timedelta(weeks=later))) else 0 for later in range(60)]
    assert sorted(set(said), reverse=True) == [18, 12, 6, 0]


def test_what_was_said_52_weeks_ago_counts_and_what_was_said_before_does_not() -> None:
    oldest = monday(DAY) - timedelta(weeks=52)
    assert score([Week(oldest, 4, FEWEST)], DAY) is not None
    assert score([Week(oldest - timedelta(weeks=1), 4, FEWEST)], DAY) is None


def test_this_week_does_not_count_yet_and_a_year_ago_no_more() -> None:
    week = Week(monday(DAY), 4, 5)
    assert score([week], DAY) is None
    found = score([week], DAY + timedelta(days=7))
    assert found is not None
    assert (found.yes, found.said) == (4, 5)
    assert 0 < found.low < 0.8 < found.high < 1
    assert score([week], DAY + timedelta(days=370)) is None


@pytest.mark.parametrize("given", [{"yes": "-1"}, {"no": "5001"}, {"yes": "many"}, {"partly": "1.5"}])
def test_a_tally_is_of_whole_numbers(given: dict[str, str]) -> None:
    assert read_tally(given) is None
    assert read_tally({"yes": " 12 ", "no": ""}) == (12, 0, 0)
    assert read_tally({"yes": "0"}) == (0, 0, 0)
    assert read_tally({"yes": "", "partly": " "}) is None  # a press by mistake would close the month


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Đà Nẵng", ("da nang",)),
        ("da nang", ("da nang",)),
        ("ქუთაისი", ("ქუთაისი", "kutaisi")),
        ("Кутаиси", ("кутаиси", "kutaisi")),
        ("Хуҷанд", ("хучанд", "khujand")),
        ("RĪGA", ("riga",)),
        ("  ", ()),
    ],
)
def test_words_are_looked_for_in_the_letters_of_names(typed: str, found: tuple[str, ...]) -> None:
    assert forms(typed) == found


def test_distances_are_those_of_the_earth() -> None:
    riga, tallinn = (56.9496, 24.1052), (59.4370, 24.7536)
    assert 278 < distance(riga, tallinn) < 281
    assert distance(riga, riga) == 0


def test_the_map_has_numbers_of_the_list_and_names_of_districts() -> None:
    spots = [
        Spot(57.5, 25.0, 1, 1, (1, 10)),
        Spot(57.0, 24.0, 1, 0, (1, 10)),
        Spot(56.0, 26.5, 12, 0, (1, 20)),
    ]
    drawing = draw(spots, {1: "Latvija", 10: "Vidzeme", 20: "Latgale"})
    assert drawing is not None
    assert [mark.words for mark in drawing.numbers] == ["1"]
    assert {mark.words for mark in drawing.names} == {"Vidzeme", "Latgale"}
    assert drawing.dots.count("M") == drawing.crowds.count("M") == 1
    north, south = drawing.numbers[0], next(mark for mark in drawing.names if mark.words == "Latgale")
    assert north.y < south.y
    assert draw(spots[:1], {}) is None


def test_a_name_without_room_in_large_letters_has_a_letter() -> None:
    names = {unit: f"District with the name {unit}" for unit in (10, 20, 30, 40)}
    spots = [
        Spot(57.0, 24.0, 4, 0, (1, 10)),
        Spot(57.0, 24.1, 3, 0, (1, 20)),
        Spot(57.0, 24.2, 2, 0, (1, 30)),
        Spot(57.0, 27.0, 1, 0, (1, 40)),
    ]
    drawing = draw(spots, names)
    assert drawing is not None
    assert [mark.words for mark in drawing.names] == list(names.values())
    assert [mark.words for mark in drawing.large_names] == [names[10], names[20], names[30]]
    assert drawing.legend == [("A", names[40])]
    letter = drawing.letters[0]
    assert (letter.words, letter.x > drawing.width * 0.9) == ("A", True)


def test_what_a_share_lies_between_is_rounded_outwards(app: Flask) -> None:
    with app.test_request_context():
        assert (percent(0.964), percent_up(0.964)) == ("96%", "97%")
        assert (percent(0.29), percent_up(0.29), percent_up(1.0)) == ("29%", "29%", "100%")
