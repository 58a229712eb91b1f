"""Pure decisions on what somebody was given to learn, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

SOON = 7  # days


@dataclass(frozen=True, slots=True)
class Assigned:
    """A course that somebody was given: by a unit, or by a group with days of its own (`starts_on`, `group`)."""

    course: str
    due_on: date | None
    unit: str = ""
    group: str = ""
    starts_on: date | None = None


def strictest(given: Iterable[Assigned]) -> dict[str, Assigned]:
    """What holds for each course: a group's days win over those of units; among equals the nearest deadline.

    A rule without a deadline is the weakest, and takes none away.
    """
    found: dict[str, Assigned] = {}
    for each in given:
        known = found.get(each.course)
        if known is None or _strength(each) < _strength(known):
            found[each.course] = each
    return found


def _strength(given: Assigned) -> tuple[bool, bool, int]:
    days = given.due_on.toordinal() if given.due_on is not None else 0
    return not given.group, given.due_on is None, days


def urgency(given: Assigned, today: date) -> str:
    """How a deadline stands: `late`, `soon` (within a week), `ahead`, `later` (a group that has not begun), `open`."""
    if given.starts_on is not None and given.starts_on > today:
        return "later"
    if given.due_on is None:
        return "open"
    if given.due_on < today:
        return "late"
    return "soon" if (given.due_on - today).days <= SOON else "ahead"
