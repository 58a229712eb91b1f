"""Numbers of other systems as the keys of our number questions: `12`, `1000 ± 24`, `900..1100`."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_LONGEST = 40


def number(text: str) -> Decimal | None:
    """The number that a text is: with a point or a comma, perhaps with an exponent; None if it is none."""
    written = text.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if not _NUMBER.fullmatch(written):
        return None
    value = Decimal(written.replace(",", "."))
    return value if len(plain(value)) <= _LONGEST else None


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def around(middle: Decimal, distance: Decimal) -> str:
    """The key of a number with what it may be off by, as written: `3.140 ± 0.005` keeps its zeros out."""
    return f"{plain(middle)} ± {plain(abs(distance))}" if distance else plain(middle)


def between(low: Decimal, high: Decimal) -> str:
    """The key of a range."""
    low, high = min(low, high), max(low, high)
    return f"{plain(low)}..{plain(high)}" if low != high else plain(low)


def key_of(text: str, tolerance: str = "") -> str | None:
    """The key of `12`, of `12:0.5`, of `1..5`, or of a number and its tolerance apart; None if it is no number."""
    low, dots, high = text.partition("..")
    if dots:
        ends = number(low), number(high)
        return between(ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None
    middle_text, colon, beside = text.partition(":")
    middle, distance = number(middle_text), number((beside if colon else tolerance) or "0")
    return around(middle, distance) if middle is not None and distance is not None else None
