"""What the page of one person shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from lms.coordination.people_pages import PersonRow
    from lms.credentials.rules import State as Worth


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
    valid_until: date | None
    worth: Worth


@dataclass(frozen=True, slots=True)
class Belonging:
    """Being a member of a unit, from a day until a day, both included; without a last day it goes on."""

    code: str
    unit: str
    since: date
    until: date | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that was corrected, the moment until which it stood, and who corrected it."""

    name: str
    latin_name: str
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Freed:
    """An exemption from a course: why, who approved it, and when it ended if it has."""

    id: int
    course: str
    reason: str
    by: str
    at: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a person. `has_signed_in`: the account is theirs now, and so is the name.

    `computed_latin` is the name in Latin letters by rule, where nobody has given one; else it is empty.
    """

    code: str
    email: str
    phone: str
    employer: str
    category: str
    has_signed_in: bool
    computed_latin: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person. `tries` is by course and quiz, `deadlines` by course; `may_act`: the reader may do something."""

    row: PersonRow
    known: Known
    may_act: bool
    deadlines: Mapping[str, date | None]
    tries: Mapping[tuple[str, str], Tries]
    given: Sequence[Given]
    certificates: Sequence[Held]
    belongings: Sequence[Belonging]
    former_names: Sequence[FormerName]
    exemptions: Sequence[Freed]

    @property
    def exempt_from(self) -> frozenset[str]:
        """The courses that the person need not take now."""
        return frozenset(each.course for each in self.exemptions if each.ended is None)
