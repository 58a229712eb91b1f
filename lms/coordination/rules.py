"""Pure decisions: where a person stands in a course, and what a spreadsheet may be given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class State(StrEnum):
    """Where a person stands in a course."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people there are; how many of them have begun; how many of them are certified."""

    people: int = 0
    begun: int = 0
    certified: int = 0

    @property
    def not_started(self) -> int:
        """People who have not begun."""
        return self.people - self.begun

    @property
    def under_way(self) -> int:
        """People who have begun and are not certified."""
        return self.begun - self.certified


def state(*, is_begun: bool, is_certified: bool) -> State:
    """Where somebody stands. A certificate counts even if nobody noted a beginning."""
    if is_certified:
        return State.CERTIFIED
    return State.UNDER_WAY if is_begun else State.NOT_STARTED


def for_spreadsheet(cell: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
