"""What is known of people and units before a row is matched: plain values, filled by the lookups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """A unit inside the subtree of the run. `names` are all its names, folded."""

    id: int
    code: str
    name: str
    path: str
    names: frozenset[str] = frozenset()
    is_open: bool = True
    merged_into: str = ""


@dataclass(slots=True)
class Held:
    """A membership; id 0: one that is about to be made."""

    id: int
    unit: int
    path: str
    since: date
    until: date | None

    def is_current(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or self.until >= day)


@dataclass(slots=True)
class Known:
    """A person who is in the database; a negative id: one who is about to be."""

    id: int
    code: str | None
    name: str
    latin_name: str = ""
    email: str = ""
    phone: str = ""
    category: str = ""
    employer: str = ""
    language: str = ""
    proved_email: str = ""
    has_account: bool = False
    is_closed: bool = False
    held: list[Held] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    """What the database says of the rows of a batch. `namesakes` is by name and unit."""

    places: Mapping[str, Place] = field(default_factory=dict)
    places_by_name: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    by_code: MutableMapping[str, Known] = field(default_factory=dict)
    by_proved: MutableMapping[str, Known] = field(default_factory=dict)
    by_contact: defaultdict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    namesakes: defaultdict[tuple[str, int], list[Known]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the whole run. `top` is the path of its subtree; empty: everything.

    `unit` is where everybody goes if the file has no column of units. `moves`: who is in another unit of the same tree
    leaves it.
    """

    today: date
    top: str = ""
    unit: Place | None = None
    moves: bool = False
    language: str = "en"
