"""Codes that people type from paper: to join a unit, to sign in from a slip.

A code is ten random characters in two groups, `7K3MC-92DTF`: 10 x log2(23) = 45.2 bits. No two of its characters look
alike, and without vowels no code spells a word.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "23456789CDFHJKMNPRTVWXY"
LENGTH = 10
GROUP = 5

# Letters that print the same in another script are simply read; nobody can see the difference.
_SAME_SHAPE = str.maketrans("АВЕЅІЈКМНОРСТУХҮԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXYWABEZHIKMNOPTYX")


def new_code() -> str:
    """A fresh code, grouped as it is printed."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def read_code(text: str) -> str:
    """The code that somebody typed, grouped as it is printed; empty if it cannot be one.

    Takes lower case, any spaces and dashes or none, a whole address that ends in the code, and letters of other scripts
    that look the same.
    """
    last_part = text.strip().rstrip("/").rsplit("/", 1)[-1]
    upper = unicodedata.normalize("NFKC", last_part).upper().translate(_SAME_SHAPE)
    typed = "".join(letter for letter in upper if letter.isalnum())
    if len(typed) != LENGTH or not set(typed) <= set(ALPHABET):
        return ""
    return _grouped(typed)


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
