"""Medians and thirds from how many people stand where: exact, though nobody's own number is kept.

Times are kept in whole seconds, results as whole thousandths of all points, so that a million people need no more room
than a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Third: TypeAlias = Literal["lower", "middle", "upper"]
THIRDS: tuple[Third, ...] = ("lower", "middle", "upper")
STEPS = 1000  # of a result


def step_of(share: float) -> int:
    """A share of points, 0 to 1, in whole thousandths."""
    return round(share * STEPS)


def median(counts: Mapping[int, int]) -> float | None:
    """The middle value, or the mean of the two in the middle; None of nobody."""
    total = sum(counts.values())
    if not total:
        return None
    lower = upper = None
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if lower is None and passed > (total - 1) // 2:
            lower = value
        if upper is None and passed > total // 2:
            upper = value
            break
    assert lower is not None and upper is not None  # noqa: PT018 - both are found wherever there is anybody
    return (lower + upper) / 2


def thirds(counts: Mapping[int, int]) -> dict[int, Third]:
    """In which third of the people each result lies. Who has the same result is in the same third.

    The place of a result is the middle of the places of all who have it: below one third of the people it is the lower
    one, above two thirds the upper one. So thirds are unequal where many people have the same.
    """
    total = sum(counts.values())
    found: dict[int, Third] = {}
    passed = 0
    for value in sorted(counts):
        middle = 2 * passed + counts[value]  # twice the place, so that everything stays whole
        passed += counts[value]
        found[value] = "lower" if 3 * middle < 2 * total else "upper" if 3 * middle > 4 * total else "middle"
    return found
