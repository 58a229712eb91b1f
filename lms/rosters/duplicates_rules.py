"""Pure decisions on whether two people may be one."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from lms.folding import fold

SHORTEST_PHONE = 7  # digits that are compared, from the end: with or without the country's


class Reason(StrEnum):
    """Why we think that two people may be one."""

    CODE = "code"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    CLAIM = "claim"  # somebody says that an entry of the register is theirs
    JOIN = "join"  # somebody asks to join a unit whose register has the same name


class Decision(StrEnum):
    """What somebody decided on two people."""

    OPEN = ""
    SAME = "same"
    DIFFERENT = "different"


def names_fit(one: str, other: str) -> bool:
    """Whether two names, each with its Latin form beside it, share a word of two letters or more."""
    words, others = (set(fold(name).split()) for name in (one, other))
    return any(len(word) > 1 for word in words & others)


def knows_contact(typed: str, email: str, phone: str) -> bool:
    """Whether what was typed is the e-mail or the telephone number, however it is written."""
    digits, number = (_digits(text) for text in (typed, phone))
    is_phone = len(digits) >= SHORTEST_PHONE and len(number) >= SHORTEST_PHONE
    return (bool(email) and typed.strip().casefold() == email.casefold()) or (
        is_phone and digits[-SHORTEST_PHONE:] == number[-SHORTEST_PHONE:]
    )


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())
