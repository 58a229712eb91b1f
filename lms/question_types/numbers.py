"""Numbers as authors and trainees write them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from lms.plugins import N_, UnclearAnswer

MINUS = "\N{MINUS SIGN}"
TWO_NUMBERS = N_("This can be read as two different numbers. Write it without a separator of thousands.")
NOT_A_NUMBER = N_("Write a number, such as 12 or 3.5, without words or units.")
_PLAIN = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"
_LOOSE = r"[-+]?\d+(?:\.\d+)?"
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
_GROUPED_BY_SPACE = re.compile(rf"[-+]?\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?=[.,]|$)")
_LONGEST = 60


def number_key(text: str, *, strict: bool = True) -> dict[str, str] | None:
    """The range a key accepts as `{"low", "high"}`, or None if the text is no number key.

    A key is a plain decimal (`112`, `-3.5`; unless `strict`, also `007` and `+5`), `1000 ± 24`, or `900..1100`.
    """
    decimal = _PLAIN if strict else _LOOSE
    written = text.strip().replace(MINUS, "-")
    if re.fullmatch(decimal, written, re.ASCII):
        return {"low": written, "high": written}
    around = re.fullmatch(rf"({decimal})\s*(?:±|\+/?-)\s*(\d+(?:\.\d+)?)", written, re.ASCII)
    if around:
        middle, distance = Decimal(around[1]), Decimal(around[2])
        return {"low": format(middle - distance, "f"), "high": format(middle + distance, "f")}
    between = re.fullmatch(rf"({decimal})\s*\.\.\s*({decimal})", written, re.ASCII)
    return {"low": between[1], "high": between[2]} if between else None


def is_empty_range(key: dict[str, str]) -> bool:
    """Whether no number can lie in the range, because it begins above its end."""
    return Decimal(key["low"]) > Decimal(key["high"])


def read_number(text: str) -> Decimal:
    """The number that a trainee wrote. A single comma is a decimal mark, except in `1,024`.

    Spaces, apostrophes, or repeated marks group thousands. Raises `UnclearAnswer` for two meanings or none.
    """
    written = unicodedata.normalize("NFKC", text.strip()).replace(MINUS, "-").replace("\N{SUPERSCRIPT MINUS}", "-")
    if len(written) > _LONGEST:
        raise UnclearAnswer(NOT_A_NUMBER)
    written = re.sub(r"^([-+])\s+", r"\1", written)
    if _GROUPED_BY_SPACE.match(written):
        written = re.sub(rf"[{_SPACES}]", "", written)
    written = _without_grouping(written)
    if not re.fullmatch(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", written):
        raise UnclearAnswer(NOT_A_NUMBER)
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", written):
        raise UnclearAnswer(TWO_NUMBERS)
    return Decimal(written.replace(",", "."))


def _without_grouping(written: str) -> str:
    """The number without its thousands marks, where they can only be that: `1,024,000`, `1.024,5`."""
    for group, decimal in ((",", "."), (".", ",")):
        g, d = re.escape(group), re.escape(decimal)
        if re.fullmatch(rf"[-+]?\d{{1,3}}(?:{g}\d{{3}})+{d}\d+|[-+]?\d{{1,3}}(?:{g}\d{{3}}){{2,}}", written):
            return written.replace(group, "").replace(decimal, ".")
    return written


def is_within(number: Decimal, key: dict[str, str]) -> bool:
    """Whether the number lies in a key's range, ends included."""
    return Decimal(key["low"]) <= number <= Decimal(key["high"])


def middle(key: dict[str, str]) -> str:
    """The number half-way between a key's ends, as a trainee may type it."""
    return format((Decimal(key["low"]) + Decimal(key["high"])) / 2, "f")
