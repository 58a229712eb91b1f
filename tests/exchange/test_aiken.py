"""Aiken."""

from __future__ import annotations

import pytest

from tests.exchange.files import again, brought, only


@pytest.mark.parametrize(
    ("text", "options", "right"),
    [
        ("Which?\nA. one\nB. two\nANSWER: B\n", ["one", "two"], [2]),
        ("Which?\nA) one\nB) two\nC) three\nANSWER: C", ["one", "two", "three"], [3]),
        ("Which\nof these?\n\na) one\nb. two\n\nanswer:a\n", ["one", "two"], [1]),
        ("Which?\r\nA. x * y\r\nB. [x] y\r\nANSWER:  A \r\n", [r"x * y", r"\[x] y"], [1]),
    ],
)
def test_options_with_letters(text: str, options: list[str], right: list[int]) -> None:
    question, found = only(text)
    assert (found.format, question.type) == ("aiken", "single")
    assert [option.text for option in question.options] == options
    assert [place for place, option in enumerate(question.options, 1) if option.right] == right


def test_twenty_six_letters() -> None:
    letters = [chr(ord("A") + place) for place in range(26)]
    question, _found = only("Which?\n" + "".join(f"{each}. option {each}\n" for each in letters) + "ANSWER: Z\n")
    assert [option.right for option in question.options] == [False] * 25 + [True]


def test_several_letters_are_several_right_options() -> None:
    question, found = only("Which?\nA. one\nB. two\nC. three\nANSWER: A, C\n")
    assert (question.type, [option.right for option in question.options]) == ("multiple", [True, False, True])
    assert found.losses == ()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("Which?\nA. one\nANSWER: A", "two options"),
        ("Which?\nA. one\nB. two\nANSWER: C", "no option C"),
        ("Which?\nA. one\nB. two\nANSWER: 2", "names no option"),
        ("Which?\nA. one\nthat goes on\nB. two\nANSWER: A", "Line 3"),
        ("Which?\nA. one\nA. two\nANSWER: A", "letter A"),
        ("A. one\nB. two\nANSWER: A", "names no option"),
        ("Which?\nA. one\nB. two", "ends before"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(broken: str, why: str) -> None:
    found = brought(
        f"{broken}\n\nFine?\nA. yes\nB. no\nANSWER: A\n"
        if "ends" not in why
        else f"Fine?\nA. yes\nB. no\nANSWER: A\n\n{broken}"
    )
    assert [question.stem for question in again(found)][-1] == "Fine?"
    assert why in " ".join(loss.why for loss in found.losses) or why == "names no option"
    assert all(loss.where.startswith("line ") for loss in found.losses)
