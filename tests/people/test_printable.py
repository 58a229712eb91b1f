from __future__ import annotations

import pytest
from flask import Flask
from wtforms import ValidationError

from lms.people.forms import check_letters
from lms.people.latin import in_latin_letters
from lms.printable import MissingLetters, printed_name


@pytest.mark.parametrize(
    ("name", "latin", "printed"),
    [
        ("Ģirts Šķēle", "", "Ģirts Šķēle"),
        ("李小龍", "Li Xiaolong", "Li Xiaolong"),
        ("Ali 😀", "Ali", "Ali"),
        ("Nguye\u0302\u0303n", "Nguyen", "Nguye\u0302\u0303n"),  # composed when printed
        ("Ana\u20dd", "Ana", "Ana"),  # a mark that the fonts lack
    ],
)
def test_the_first_form_that_can_be_printed_is_taken(name: str, latin: str, printed: str) -> None:
    assert printed_name(name, latin, in_latin_letters(name)) == printed


@pytest.mark.parametrize(
    ("name", "letters"), [("李小龍", ("李", "小", "龍")), ("Ali 😀", ("😀",)), ("A\u20dd", ("\u20dd",))]
)
def test_a_name_without_any_such_form_names_the_letters(name: str, letters: tuple[str, ...]) -> None:
    with pytest.raises(MissingLetters) as caught:
        printed_name(name, "", in_latin_letters(name))
    assert caught.value.letters == letters


def test_a_form_says_which_letters_and_what_to_do(app: Flask) -> None:
    with app.test_request_context():
        check_letters("李小龍", "Li Xiaolong")
        with pytest.raises(ValidationError, match=r"李, 小, 龍 yet\. Please give the name in Latin letters"):
            check_letters("李小龍")
