"""Which letters can be printed: those that every one of the fonts in `lms/fonts` has."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"


class MissingLetters(ValueError):
    """The certificate's fonts lack some of the `letters`; issue it under another form of the name."""

    def __init__(self, letters: tuple[str, ...]) -> None:
        super().__init__(
            f"The certificate's fonts lack {', '.join(f'{each} (U+{ord(each):04X})' for each in letters)}."
        )
        self.letters = letters


def missing_letters(text: str) -> tuple[str, ...]:
    """The characters of `text`, each once, that no certificate can print. Composes accents first."""
    covered = _letters()
    return tuple(dict.fromkeys(each for each in as_printed(text) if ord(each) not in covered))


def as_printed(text: str) -> str:
    """The same with composed accents and single spaces; no-break spaces stay."""
    return unicodedata.normalize("NFC", re.sub(r"[ \t\r\n]+", " ", text).strip(" "))


def printed_name(name: str, *latin: str) -> str:
    """A name in the first of its forms that can be printed.

    Raises `MissingLetters` with those of its own form if none can.
    """
    found = next((form for form in (name, *latin) if form and not missing_letters(form)), None)
    if found is None:
        raise MissingLetters(missing_letters(name))
    return found


@cache
def _letters() -> frozenset[int]:
    ranges = (line.split("-") for line in (FONTS / "letters.txt").read_text("ascii").split())
    return frozenset(each for ends in ranges for each in range(int(ends[0], 16), int(ends[-1], 16) + 1))
