from __future__ import annotations

import contextlib
import math
import random
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.credentials.code import ALPHABET, LENGTH, BadCode, ForeignLetters, WrongCheck, WrongLength, new_code, read_code

codes = st.integers(0, 2**64).map(lambda seed: new_code(random.Random(seed)))
places = st.integers(0, LENGTH - 1)
letters = st.sampled_from(ALPHABET)
A_CODE = "7K3M-92DC-TF4X-V8PW"


def test_a_code_is_four_groups_of_four_and_never_the_same_twice():
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(f"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}", code) for code in made)


def test_codes_cannot_be_guessed():
    assert (LENGTH - 1) * math.log2(len(ALPHABET)) >= 60
    seen = {place: {new_code().replace("-", "")[place] for _ in range(400)} for place in (0, LENGTH - 2)}
    assert all(found == set(ALPHABET) for found in seen.values())


@pytest.mark.parametrize("family", ["0OQD", "2Z", "5S", "6G", "8B", "UV", "1IL", "AEIOU"])
def test_no_two_characters_look_alike(family):
    assert len(set(family) & set(ALPHABET)) <= 1


@given(codes)
def test_a_code_is_read_back(code):
    assert read_code(code) == code


@given(codes, places, letters)
def test_every_single_wrong_character_is_caught(code, place, letter):
    plain = code.replace("-", "")
    assume(plain[place] != letter)
    with pytest.raises(WrongCheck):
        read_code(plain[:place] + letter + plain[place + 1 :])


@given(codes, places, places)
def test_any_two_exchanged_characters_are_caught(code, one, other):
    plain = list(code.replace("-", ""))
    assume(plain[one] != plain[other])
    plain[one], plain[other] = plain[other], plain[one]
    with pytest.raises(WrongCheck):
        read_code("".join(plain))


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m92dctf4xv8pw",
        "  7K3M 92DC TF4X V8PW\n",
        "7K3M–92DC—TF4X‑V8PW",  # dashes that word processors make
        "7К3М-92DС-ТF4Х-V8РW",  # Cyrillic К, М, С, Т, Х, Р
        "7Κ3Μ-92DC-ΤF4Χ-V8ΡW",  # Greek
        "７Ｋ３Ｍ－９２ＤＣ－ＴＦ４Ｘ－Ｖ８ＰＷ",  # full width
        "https://handrail.example/c/7K3M-92DC-TF4X-V8PW/",
    ],
)
def test_what_people_type_is_read(typed):
    assert read_code(typed) == A_CODE


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("7K3M-92OC-TF4X-V8PW", "O"),
        ("7K3M-920C-TF4X-V8PW", "0"),
        ("7K3M-9ZDC-TF4X-VBPW", "ZB"),
        ("7K3M-92DС-TF4X-U8РW", "U"),
        ("7K3M-92DC-TFЧX-V8PW", "Ч"),
    ],
)
def test_a_letter_that_no_code_contains_is_named_and_its_look_alike_offered(typed, letters):
    with pytest.raises(ForeignLetters) as caught:
        read_code(typed)
    assert caught.value.letters == letters
    assert caught.value.suggestion == A_CODE


def test_a_letter_that_resembles_nothing_brings_no_suggestion():
    with pytest.raises(ForeignLetters) as caught:
        read_code("7K3M-92DC-TF4X-V8Pწ")
    assert caught.value.suggestion == ""


def test_many_foreign_letters_are_refused_at_once():
    with pytest.raises(ForeignLetters) as caught:
        read_code("G" * LENGTH)
    assert caught.value.letters == "G"
    assert caught.value.suggestion == ""


@pytest.mark.parametrize("typed", ["7K3M-9D2C-TF4X-V8PW", "7K3M-92DC-TF4V-X8PW", "7K3M-92DC-TF4X-V6PW"])
def test_exchanged_neighbours_and_misread_characters_are_put_right(typed):
    with pytest.raises(WrongCheck) as caught:
        read_code(typed)
    assert caught.value.suggestion == A_CODE


def test_where_several_codes_are_near_none_is_offered():
    with pytest.raises(WrongCheck) as caught:
        read_code("K73M-92DC-TF4X-V8PW")
    assert caught.value.suggestion == ""


@given(codes, places, letters)
def test_a_suggestion_is_always_a_readable_code(code, place, letter):
    plain = code.replace("-", "")
    try:
        read_code(plain[:place] + letter + plain[place + 1 :])
    except BadCode as problem:
        assert problem.suggestion == "" or read_code(problem.suggestion) == problem.suggestion  # noqa: PT017


@pytest.mark.parametrize(("typed", "length"), [("", 0), ("7K3M-92DC-TF4X-V8P", 15), ("7K3M-92DC-TF4X-V8PWW", 17)])
def test_a_wrong_length_is_told(typed, length):
    with pytest.raises(WrongLength) as caught:
        read_code(typed)
    assert caught.value.length == length
    assert str(length) in str(caught.value)


@given(st.text(max_size=40))
def test_nothing_typed_does_more_than_be_refused(text):
    with contextlib.suppress(BadCode):
        assert read_code(text)
