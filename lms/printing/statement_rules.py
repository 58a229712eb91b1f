"""A yearly statement as plain values, and how each part of the program adds what it knows to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.credentials.paper import Logo


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, the first and the last included; as on certificates, a day is one of UTC."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The moment with which the first day begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


def whole(year: int) -> Period:
    """A calendar year. Raises ValueError beyond the years 1 to 9998."""
    return Period(date(year, 1, 1), min(date(year, 12, 31), date.max - timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Column:
    """The words above a column; numbers stand at its right edge."""

    words: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is about, smaller words below that, and a text for each column after the first.

    `language` is the title's, a BCP 47 tag, where it is not the statement's.
    """

    title: str
    details: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands large above everything: a number, and what is counted."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading. All texts are in the holder's language."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class StatementPart:
    """What one part of the program knows of people's years. `lms.app.STATEMENT_PARTS` lists them in printed order.

    `years` are those in which it knows something of a person. `people` selects the ids of all of whom it knows
    something in a period, as a part of another statement. `sections` says it, for many people at once, in the language
    that `lms.web.language.speaking` has set; who has nothing to show is not in it. What is in `sections` of somebody
    is in `years` and `people`, too.
    """

    years: Callable[[Session, int], Collection[int]]
    people: Callable[[Session, Period], Select[Any]]
    sections: Callable[[Session, Collection[int], Period], Mapping[int, Sequence[Section]]]


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody's year holds, as it is printed. All texts are in `language`, a BCP 47 tag.

    `label` names it at the foot of further pages; `made` and `check` stand at its end.
    """

    language: str
    title: str
    label: str
    holder: str
    holder_latin: str
    issuer: str
    confirms: str
    sections: tuple[Section, ...]
    check: str
    made: str


@dataclass(frozen=True, slots=True)
class Looks:
    """What all statements of an installation share: the day on which they are made, the issuer's colours and logo."""

    made_on: date
    colours: Mapping[str, str] = field(default_factory=dict)
    logo: Logo | None = None
