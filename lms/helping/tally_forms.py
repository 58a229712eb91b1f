"""What a browser sends of a tally: a number for each box, beside the one that the page showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping.tally_rules import Box, Number

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW, WAS = "n:", "w:"


def name_of(box: Box) -> str:
    """The name of a box's field, without its beginning."""
    return ":".join(box[:3])


def read_boxes(form: Mapping[str, str]) -> tuple[dict[Box, Number], set[Box]]:
    """What the boxes shall say that were changed on the page, and those that hold no number.

    A box that was left as it was is not named: somebody else may have entered it meanwhile.
    """
    wanted: dict[Box, Number] = {}
    wrong: set[Box] = set()
    for name, text in form.items():
        parts = name.removeprefix(NOW).split(":")
        if not name.startswith(NOW) or len(parts) != 3:
            continue
        box, plain = Box(*parts), text.strip()
        if plain == form.get(WAS + ":".join(parts), "").strip():
            continue
        if plain and not (plain.isascii() and plain.isdecimal() and len(plain) < 10):
            wrong.add(box)
        else:
            wanted[box] = Number(int(plain or 0))
    return wanted, wrong
