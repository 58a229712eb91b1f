"""The code of a certificate: short enough to read out on the telephone, too long to guess.

A code is 15 random characters and a check character, in groups of four: `7K3M-92DC-TF4X-V8PW`. The alphabet has 23
characters, so the random part is worth 15 x log2(23) = 67.8 bits. No two of its characters look alike: of each family
(0 O Q D, 2 Z, 5 S, 6 G, 8 B, U V, 1 I L) at most one is in, and without vowels no code spells a word.

The check: weigh the characters' places in the alphabet by 1 to 16; the sum is a multiple of 23. As 23 is prime and
above 16, any one wrong character and any two exchanged ones, neighbours or not, break it. (The method is the one of
ISBN-10, ISO 2108:1992, with another prime.)
"""

from __future__ import annotations

import itertools
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Protocol

ALPHABET = "23456789CDFHJKMNPRTVWXY"
LENGTH = 16
GROUP = 4

# Letters that print the same in another script are simply read; nobody can see the difference.
_SAME_SHAPE = str.maketrans("АВЕЅІЈКМНОРСТУХҮԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXYQWABEZHIKMNOPTYX")
# Letters that only resemble one of ours are a mistake to ask about.
_RESEMBLES = {
    "0": "D", "O": "D", "Q": "D", "Z": "2", "S": "5", "G": "6C", "B": "8", "U": "V", "1": "7", "I": "J7", "L": "7J",
    "A": "4", "E": "F", "З": "3", "Б": "6", "Ч": "4", "Д": "D", "Г": "7T", "Я": "R", "И": "N", "Ф": "P",
}  # fmt: skip
_MISREAD = ("38", "68", "56", "49", "7T", "VY", "MN", "HN", "PR", "FP")
_MOST_FOREIGN = 4  # with more, it was never a code, and there would be too many candidates


class Chooser(Protocol):
    """What chooses at random: the module `secrets`, or a `random.Random` in tests."""

    def choice(self, seq: Sequence[str], /) -> str:
        """One of the sequence, each equally likely."""
        ...


class BadCode(ValueError):
    """What was typed is not a certificate code.

    `suggestion` is the code that was probably meant, if exactly one near it has a right check character, else empty.
    Near are look-alikes of letters that no code contains; else exchanged neighbours; else one misread character.
    """

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion


class WrongLength(BadCode):
    """Too few or too many characters; `length` is how many there were."""

    def __init__(self, length: int) -> None:
        super().__init__(f"A code has {LENGTH} letters and digits; this has {length}.")
        self.length = length


class ForeignLetters(BadCode):
    """Characters that no code contains; `letters` are they, each once, as typed."""

    def __init__(self, letters: str, suggestion: str) -> None:
        super().__init__(f"No code contains {', '.join(letters)}.", suggestion)
        self.letters = letters


class WrongCheck(BadCode):
    """All characters are possible, together they are not: something was mistyped."""

    def __init__(self, suggestion: str) -> None:
        super().__init__("A letter or digit of this code is not right.", suggestion)


def new_code(random: Chooser = secrets) -> str:
    """A fresh code, grouped as it is printed."""
    body = [random.choice(ALPHABET) for _ in range(LENGTH - 1)]
    return _grouped(next("".join([*body, last]) for last in ALPHABET if _is_right("".join([*body, last]))))


def read_code(text: str) -> str:
    """The code that somebody typed, grouped as it is printed.

    Takes lower case, any spaces and dashes or none, a whole web address that ends in the code, and letters of other
    scripts that look the same (Cyrillic С, Greek Κ). Raises `WrongLength`, `ForeignLetters` or `WrongCheck`.
    """
    typed = _characters(text)
    if len(typed) != LENGTH:
        raise WrongLength(len(typed))
    foreign = "".join(dict.fromkeys(letter for letter in typed if letter not in ALPHABET))
    if foreign:
        raise ForeignLetters(foreign, _only_right(_resembling(typed)))
    if not _is_right(typed):
        raise WrongCheck(_only_right(_exchanged(typed), _misread(typed)))
    return _grouped(typed)


def _characters(text: str) -> str:
    last_part = text.strip().rstrip("/").rsplit("/", 1)[-1]
    upper = unicodedata.normalize("NFKC", last_part).upper().translate(_SAME_SHAPE)
    return "".join(letter for letter in upper if letter.isalnum())


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _is_right(characters: str) -> bool:
    return sum(weight * ALPHABET.index(each) for weight, each in enumerate(characters, 1)) % len(ALPHABET) == 0


def _only_right(*kinds: Iterator[str]) -> str:
    """The only right candidate of the first kind of mistake that explains what was typed."""
    for candidates in kinds:
        right = {candidate for candidate in candidates if _is_right(candidate)}
        if right:
            return _grouped(right.pop()) if len(right) == 1 else ""
    return ""


def _resembling(typed: str) -> Iterator[str]:
    if sum(each not in ALPHABET for each in typed) > _MOST_FOREIGN:
        return iter(())
    choices = [each if each in ALPHABET else _RESEMBLES.get(each, "") for each in typed]
    return ("".join(candidate) for candidate in itertools.product(*choices))


def _exchanged(typed: str) -> Iterator[str]:
    for place in range(LENGTH - 1):
        yield typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]


def _misread(typed: str) -> Iterator[str]:
    for place, each in enumerate(typed):
        for pair in _MISREAD:
            if each in pair:
                yield typed[:place] + pair.replace(each, "") + typed[place + 1 :]
