"""What the pages of the desk show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.coordination.rules import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from lms.credentials.rules import State as Worth
    from lms.paging import Page
    from lms.people.models import Unit


@dataclass(frozen=True, slots=True)
class Offer:
    """What the figures need to know of a course; who begins a part of a programme has begun the programme."""

    gives_certificate: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is, on which day, and the courses looked at, by id."""

    coordinator: int
    today: date
    courses: Mapping[str, Offer]

    def names(self, course: str) -> tuple[str, ...]:
        """A course and, of a programme, its parts."""
        return (course, *self.courses[course].parts)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands in one course; `code` names the certificate."""

    state: State = State.NOT_STARTED
    begun: datetime | None = None
    last: datetime | None = None
    certified: datetime | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person: code and name of the units in scope, and the standing in each course looked at."""

    id: int
    name: str
    latin_name: str
    units: Sequence[tuple[str, str]]
    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of people was filtered by."""

    course: str = ""
    state: State | None = None
    unit: Unit | None = None
    words: str = ""

    @property
    def arguments(self) -> dict[str, str | None]:
        """The same as it stands in an address."""
        unit = self.unit.code if self.unit else None
        return {"q": self.words or None, "course": self.course or None, "state": self.state, "unit": unit}


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the list of people, how many there are in all, and the units to choose from."""

    count: int
    rows: Sequence[PersonRow]
    page: Page
    units: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class Tries:
    """How often somebody tried a quiz, and whether one of the tries passed. Never what was answered."""

    used: int = 0
    is_open: bool = False
    has_passed: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """Further attempts or time that somebody was given, by whom and why."""

    course: str
    quiz: str
    attempts: int
    minutes: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate, and what it is worth today."""

    code: str
    title: str
    issued: datetime
    worth: Worth


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person. `tries` is by course and quiz."""

    row: PersonRow
    tries: Mapping[tuple[str, str], Tries]
    given: Sequence[Given]
    certificates: Sequence[Held]
