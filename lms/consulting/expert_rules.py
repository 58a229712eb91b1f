"""Pure decisions about experts: to whom a hard question goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

PATIENCE = timedelta(days=7)  # that experts have to answer, before the trainers are asked as well


@dataclass(frozen=True, slots=True)
class Sought:
    """What a hard question is about. `path` is that of the unit from which it comes; empty where it comes from none."""

    path: str
    service: str
    course: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who answers hard questions from a unit and all below it; an empty set means all services, or courses."""

    person: int
    path: str
    services: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()

    def fits(self, sought: Sought) -> bool:
        """Whether a question is theirs to answer."""
        sides = ((self.services, sought.service), (self.courses, sought.course))
        return sought.path.startswith(self.path) and all(not limit or value in limit for limit, value in sides)

    @property
    def skill(self) -> int:
        """How narrowly they were named: for services, for courses, or for both."""
        return bool(self.services) + bool(self.courses)


def nearest(sought: Sought, named: Iterable[Named], but: Collection[int] = ()) -> list[int]:
    """Whose question it is: of those whom it fits, all who answer for the nearest unit; nobody is named twice.

    Where some of these were named for this very service or course, theirs alone. `but` are not asked.
    """
    fitting = [each for each in named if each.person not in but and each.fits(sought)]
    best = max(((each.path.count("/"), each.skill) for each in fitting), default=(0, 0))
    return sorted({each.person for each in fitting if (each.path.count("/"), each.skill) == best})
