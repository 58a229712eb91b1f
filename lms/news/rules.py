"""Whom an announcement is for, in which words it is read, and which sums may be shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEWEST = 5  # people whose sums are shown: of fewer they would tell what one of them did
NEW_FOR = timedelta(days=90)  # whoever comes later is not met by a pile of old news
WEEK = timedelta(days=7)
LONGEST_TITLE, LONGEST_TEXT = 120, 6000


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever fits all that is said. `path` is the unit's, with all below it; what is empty excludes nobody."""

    unit: int | None = None
    path: str = ""
    role: str = ""
    language: str = ""
    course: str = ""

    @property
    def key(self) -> str:
        """A word for this audience, to see whether it is the one that was shown."""
        return "|".join((str(self.unit or ""), self.role, self.language, self.course))


class Words(NamedTuple):
    """An announcement in one language."""

    language: str
    title: str
    text: str


def words_in(texts: Mapping[str, Mapping[str, str]], source: str, language: str) -> Words:
    """An announcement in a reader's language, else in the one in which it was written."""
    spoken = language if language in texts else source
    return Words(spoken, texts[spoken]["title"], texts[spoken]["text"])


def source_of(languages: Sequence[str], spoken: str) -> str:
    """The language to fall back to: the author's own if it is among them, else the first."""
    return spoken if spoken in languages else languages[0]


def week_of(day: date) -> str:
    """The name of a week (ISO 8601), as 2026-W47."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def first_day_told(day: date) -> date:
    """From which day on announcements are in the letter of a day's week: from the Monday before."""
    return day - timedelta(days=day.weekday()) - WEEK


@dataclass(frozen=True, slots=True)
class Sums:
    """How many people an announcement is for, and how many of them received, opened and confirmed it.

    Received is whom a letter or message was sent to, or who opened the page.
    """

    people: int = 0
    received: int = 0
    opened: int = 0
    confirmed: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether these are enough people."""
        return self.people >= FEWEST


@dataclass(frozen=True, slots=True)
class UnitSums:
    """The sums of one unit and all below it; None: too few people, or they would tell what a few others did."""

    code: str
    name: str
    sums: Sums | None


def compared(rows: Sequence[tuple[str, str, Sums]], rest_of: int | None = None) -> list[UnitSums]:
    """Units beside each other, those of fewer than five people hidden.

    `rest_of` is how many people there are in all, for readers who may not know about single ones: as long as the people
    in no unit shown are fewer than five, so that the total would tell what they did, the smallest shown is hidden, too.
    """
    shown = sorted((sums.people, code) for code, _name, sums in rows if sums.is_shown)
    while rest_of is not None and shown and 0 < rest_of - sum(people for people, _code in shown) < FEWEST:
        shown.pop(0)
    codes = {code for _people, code in shown}
    return [UnitSums(code, name, sums if code in codes else None) for code, name, sums in rows]
