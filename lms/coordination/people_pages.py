"""What the list of people shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from lms.coordination.people_rules import DAYS, WITH_DAYS, Stand
from lms.figures.rules import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.paging import Page
    from lms.people.models import Unit


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of people was filtered by; `days` count where `state` is stuck or expiring."""

    course: str = ""
    state: Stand | None = None
    unit: Unit | None = None
    words: str = ""
    days: int = DAYS
    group: int | None = None
    is_late: bool = False

    @property
    def arguments(self) -> dict[str, str]:
        """The same as it stands in an address, without what was not asked."""
        given = {
            "q": self.words,
            "course": self.course,
            "state": self.state.value if self.state else "",
            "days": str(self.days) if self.state in WITH_DAYS else "",
            "unit": self.unit.code if self.unit else "",
            "group": str(self.group) if self.group else "",
            "late": "1" if self.is_late else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def is_plain(self) -> bool:
        """Whether it asks for a unit, a course and a state alone, which the figures know."""
        return not self.words and self.group is None and not self.is_late


@dataclass(frozen=True, slots=True)
class Scope:
    """The units looked at: the highest of them, and how many members they have as far as the figures know."""

    tops: Sequence[Unit]
    members: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands in one course.

    `since` is when the state began, `last` when the person last did something and `lesson` where; `code` names the
    certificate, whether it is still valid or has run out. `is_recognised`: certified by earlier learning alone.
    """

    state: State = State.NOT_STARTED
    since: date | None = None
    begun: datetime | None = None
    last: datetime | None = None
    lesson: str = ""
    certified: datetime | None = None
    valid_until: date | None = None
    code: str = ""
    is_recognised: bool = False


@dataclass(slots=True)
class Notes:
    """What is gathered about one person in one course, days and moments as the driver gives them.

    SQLite's are text, in ISO 8601 and in UTC: a country has a million of them, and a file shows few.
    """

    state: str = State.NOT_STARTED
    since: date | str | None = None
    begun: datetime | str | None = None
    last: datetime | str | None = None
    lesson: str = ""
    completed: datetime | str | None = None
    issued: datetime | str | None = None
    valid_until: date | str | None = None
    code: str = ""
    certificate: int = 0
    is_recognised: bool = False

    @property
    def certified(self) -> datetime | str | None:
        """When: a certificate counts from the day on which the figures know it."""
        return (self.issued or self.completed) if self.state == State.CERTIFIED else None

    def as_standing(self) -> Standing:
        """The same, to be shown on a page."""
        return Standing(
            State(self.state),
            _day(self.since),
            moment_of(self.begun),
            moment_of(self.last),
            self.lesson,
            moment_of(self.certified),
            _day(self.valid_until),
            self.code,
            bool(self.is_recognised),
        )


def moment_of(kept: datetime | str | None) -> datetime | None:
    """A moment as the driver gave it, with its zone."""
    return datetime.fromisoformat(f"{kept}+00:00") if isinstance(kept, str) else kept


def _day(kept: date | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


class Noted(NamedTuple):
    """A person: code and name of the units in scope, and what was gathered of each course looked at."""

    id: int
    name: str
    latin_name: str
    units: Sequence[tuple[str, str]]
    notes: Mapping[str, Notes]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person: code and name of the units in scope, and the standing in each course looked at."""

    id: int
    name: str
    latin_name: str
    units: Sequence[tuple[str, str]]
    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from in a form."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter that somebody keeps: its name, and what it asks as it stands in an address."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the list of people, how many there are in all, and what to choose from.

    `count` is exact unless `is_more`: then there are more than that.
    """

    count: int
    is_more: bool
    rows: Sequence[PersonRow]
    page: Page
    units: Sequence[Unit]
    groups: Sequence[Choice]
    kept: Sequence[Kept]
