"""Adding entries of help up to figures of the units above them: pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import TypeAlias

    # unit, month, kind, audience, is_apart, is_tally
    Key: TypeAlias = tuple[int, date, str, str, bool, bool]
    # unit, month, service
    ServiceKey: TypeAlias = tuple[int, date, str]

COVERED = "covered"


class Row(NamedTuple):
    """Some entries of one unit that are alike: how many they are, and how many people were helped.

    `month` is any day of it; a negative number takes away.
    """

    unit: int
    month: date
    kind: str
    audience: str
    service: str
    standing: str
    is_tally: bool
    people: int
    entries: int


class Sums:
    """What entries add to the units above them. `above` gives, for a unit, the units that have figures."""

    def __init__(self, above: Mapping[int, Iterable[int]]) -> None:
        self.above = above
        self.figures: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
        self.services: defaultdict[ServiceKey, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, row: Row) -> None:
        """Add alike entries to each unit above. What is apart is not in the figures by service."""
        month, is_apart = row.month.replace(day=1), row.standing != COVERED
        for unit in self.above.get(row.unit, ()):
            _plus(self.figures[unit, month, row.kind, row.audience, is_apart, row.is_tally], row)
            if not is_apart:
                _plus(self.services[unit, month, row.service], row)

    def settle(self) -> None:
        """Forget what cancels out."""
        for sums in (self.figures, self.services):
            for key in [key for key, numbers in sums.items() if not any(numbers)]:
                del sums[key]  # type: ignore[arg-type]


def _plus(numbers: list[int], row: Row) -> None:
    numbers[0] += row.people
    numbers[1] += row.entries


def above_of(paths: Mapping[int, str], parents: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """For each unit those of the units of its path, itself among them, that have others below them."""
    wanted = set(parents)
    return {
        unit: tuple(each for each in map(int, path.strip("/").split("/")) if each in wanted)
        for unit, path in paths.items()
    }
