"""Points, levels, keys carried over: pure."""

from __future__ import annotations

from typing import Any

import pytest

from lms.content.actions import prepare
from lms.content.structure import Question
from lms.discovery import OWN, question_types
from lms.grading.rules import BadPoints, count_words, label, read_points
from lms.quiz.keys import Unclear, carried, graded_again, is_changed
from lms.quiz.rubrics import Criterion, criteria, levels, worth
from lms.web.received import picture_type
from tests.grading.school import pack
from tests.packs import as_files

TYPES = question_types([OWN])
ABC = ("abc", "def", "ghi")


def question(text: str) -> Question:
    """One question, compiled."""
    draft = prepare("tests", as_files(pack(f"\n## Which? {{#q}}\n\n{text}")), TYPES)
    assert draft.errors == ()
    return draft.editions[0].course.questions["stories#q"]["en"]


def choice(*options: str) -> Question:
    """A single choice; what begins with `x` is right."""
    return question("".join(f"- [{'x' if each[0] == '+' else ' '}] {each[1:]}\n" for each in options))


def again(old: Question, new: Question, response: Any) -> float:
    return graded_again(TYPES[old.type], old, new, response)


def changed(old: Question, new: Question) -> bool:
    return is_changed(TYPES[old.type], old, new)


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, (1, 0.5, 0)),
        (1.5, (1.5, 1, 0.5, 0)),
        (2, (2, 1.5, 1, 0.5, 0)),
        (3, (3, 2, 1, 0)),
        (2.5, (2.5, 2, 1, 0)),
        (10, tuple(range(10, -1, -1))),
        (11, ()),
        (0, ()),
    ],
)
def test_the_points_to_choose_from(most: float, expected: tuple[float, ...]) -> None:
    assert levels(most) == expected


def test_a_rubric_is_its_lines_and_without_one_the_points_of_the_question() -> None:
    with_lines = question("```quiz\ntype: essay\npoints: 8\nrubric:\n  - 2: says\n  - 1.5: shows\n```\n")
    assert criteria(with_lines) == (
        Criterion("says", 2, (2, 1.5, 1, 0.5, 0)),
        Criterion("shows", 1.5, (1.5, 1, 0.5, 0)),
    )
    assert worth(criteria(with_lines), [2, 0]) == 2 / 3.5
    plain = question("```quiz\ntype: essay\npoints: 25\n```\n")
    assert criteria(plain) == (Criterion("", 25, ()),)
    assert worth(criteria(plain), [20]) == 0.8


def test_points_are_read_as_people_write_them() -> None:
    asked = (Criterion("", 25, ()), Criterion("", 1, levels(1)))
    assert read_points(asked, {"points-0": "12,5", "points-1": "0.5"}) == [12.5, 0.5]
    for form, wrong in [
        ({"points-0": "26", "points-1": "1"}, {0}),
        ({"points-0": "-1", "points-1": "1"}, {0}),
        ({"points-0": "1e1", "points-1": "0.7"}, {0, 1}),
        ({"points-0": "٣", "points-1": "inf"}, {0, 1}),
        ({}, {0, 1}),
    ]:
        with pytest.raises(BadPoints) as bad:
            read_points(asked, form)
        assert bad.value.which == wrong


def test_words_are_counted_and_a_sign_says_nothing() -> None:
    assert count_words("One – two,\n\nthree 4 … !") == 4
    assert label("a", "b") == label("a", "b") != label("a", "c")
    assert len(label("a", "b")) == 6


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"%PDF-1.7", None),
        (b"<svg xmlns", None),
        (b"<html><script>", None),
        (b"", None),
    ],
)
def test_only_pictures_are_known_by_their_bytes(begins: bytes, kind: str | None) -> None:
    assert picture_type(begins) == kind


def test_another_right_option_changes_what_an_answer_is_worth() -> None:
    old, new = choice(" abc", "+def", " ghi"), choice("+abc", " def", " ghi")
    assert changed(old, new)
    assert [again(old, new, place) for place in range(3)] == [1, 0, 0]


def test_options_that_were_moved_are_followed_by_their_words() -> None:
    old, new = choice(" abc", "+def", " ghi"), choice(" ghi", " abc", "+def")
    assert not changed(old, new)
    assert [again(old, new, place) for place in range(3)] == [0, 1, 0]
    moved_and_mended = choice("+ghi", " abc", " def")
    assert changed(old, moved_and_mended)
    assert [again(old, moved_and_mended, place) for place in range(3)] == [0, 0, 1]


def test_a_corrected_letter_is_the_same_option() -> None:
    old, new = choice(" abc", "+dfe", " ghi"), choice("+abc", " def", " *ghi*")
    assert [again(old, new, place) for place in range(3)] == [1, 0, 0]


def test_an_option_that_is_gone_cannot_be_told() -> None:
    old, new = choice(" abc", "+def", " ghi", " jkl"), choice("+abc", " def", " ghi")
    assert again(old, new, 0) == 1
    with pytest.raises(Unclear):
        again(old, new, 3)
    other_words = choice("+one", " two", " three", " four")
    shuffled = choice("+one", " abc", " three", " four")
    assert again(old, other_words, 0) == 1, "every option was written anew where it stood"
    with pytest.raises(Unclear):
        again(old, shuffled, 2)


def test_several_choices() -> None:
    old = question("- [x] abc\n- [x] def\n- [ ] ghi\n")
    new = question("- [ ] ghi\n- [x] abc\n- [ ] def\n- [x] new\n")
    kind = TYPES[old.type]
    assert carried(kind, old, new, [0, 2]) == [0, 1]
    assert changed(old, new)
    assert again(old, question("- [x] abc\n- [ ] def\n- [x] ghi\n"), [0, 2]) == 1


def test_typed_answers_take_the_new_key() -> None:
    text = "```quiz\ntype: text\n```\n\n- = {}\n"
    old, new = question(text.format("colour")), question(text.format("colour\n- = color"))
    assert changed(old, new)
    assert again(old, new, "color") == 1
    number = "- = {}\n"
    old, new = question(number.format("4")), question(number.format("4..6"))
    assert changed(old, new)
    assert again(old, new, "5") == 1
    assert not changed(old, question(number.format("4")))


def test_ordering_and_matching_are_carried_over() -> None:
    order = "```quiz\ntype: ordering\n```\n\n1. abc\n2. def\n3. ghi\n"
    old, new = question(order), question(order.replace("abc", "x").replace("def", "abc").replace("x", "def"))
    assert changed(old, new)
    assert again(old, new, [1, 0, 2]) == 1
    assert again(old, new, [0, 1, 2]) == pytest.approx(1 / 3)
    match = "- Riga -> {}\n- Tallinn -> {}\n- Vilnius -> Lithuania\n"
    old, new = question(match.format("Estonia", "Latvia")), question(match.format("Latvia", "Estonia"))
    assert changed(old, new)
    assert again(old, new, [1, 0, 2]) == 1, "she chose Latvia for Riga, which stood elsewhere then"
    assert again(old, new, [0, None, 2]) == pytest.approx(1 / 3)


def test_gaps_are_graded_again_unless_there_are_other_words_to_choose_from() -> None:
    gaps = "It is [[{}]] and [[{}]].\n"
    old, new = question(gaps.format("(long)|short", "big")), question(gaps.format("long|(short)", "big|large"))
    assert old.type == "gaps"
    assert changed(old, new)
    assert again(old, new, [1, "large"]) == 1
    with pytest.raises(Unclear):
        again(old, question(gaps.format("(long)|old", "big")), [0, "big"])


def test_what_a_person_grades_and_another_type_have_no_key_to_change() -> None:
    one, two = "```quiz\ntype: essay\n```\n", "```quiz\ntype: essay\nrubric:\n  - 2: says\n```\n"
    assert not changed(question(one), question(two))
    assert not changed(choice("+abc", " def"), question("- = 4\n"))
    with pytest.raises(Unclear):
        again(question(one), question(two), "some text")
