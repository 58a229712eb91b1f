"""What the pages on plausibility send."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from lms.vetting.rules import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST, USUAL, MOST = 5, 30, 300  # entries in a sample
SETTLES = (State.PLAUSIBLE, State.ASKED, State.TAKEN_OUT)


class Draw(NamedTuple):
    """What to draw: a unit's number (0: none was chosen), days, how many. `wrong` maps fields to `missing` or so."""

    unit: int
    first: date | None
    last: date | None
    size: int
    wrong: Mapping[str, str]


def read_state(given: str) -> State | None:
    """What a coordinator decided; None if the form says nothing of the kind."""
    return State(given) if given in SETTLES else None


def read_entries(given: Sequence[str]) -> set[int]:
    """The numbers of the entries that were ticked."""
    return {int(each) for each in given if each.isascii() and each.isdecimal() and len(each) < 10}


def read_draw(given: Mapping[str, str]) -> Draw:
    """The form in which a sample is asked for."""
    unit, size = given.get("unit", ""), given.get("size", "")
    first, last = _day(given.get("first", "")), _day(given.get("last", ""))
    wrong = {}
    if not unit.isdecimal():
        wrong["unit"] = "missing"
    if first is None or last is None:
        wrong["first"] = "missing"
    elif last < first:
        wrong["first"] = "order"
    number = int(size) if size.isdecimal() and len(size) < 6 else 0
    if not LEAST <= number <= MOST:
        wrong["size"] = "size"
    return Draw(int(unit) if unit.isdecimal() and len(unit) < 10 else 0, first, last, number, wrong)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
