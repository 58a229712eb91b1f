"""What reports there are, column by column, and how far published figures are rounded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.plugins import N_

if TYPE_CHECKING:
    from datetime import date

Cell: TypeAlias = "str | int | float | date | None"
Kind: TypeAlias = Literal["text", "count", "share", "day", "month", "state", "basis"]
FORMATS = ("json", "csv", "xlsx")
STEP = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in files for programs, its words for people, and what its cells are."""

    id: str
    words: str
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what it counts, in words that stand above every copy of it.

    `has_names` asks for the right to see people; `has_past` says that it can be counted as of a past day; `has_months`
    that it is about whole months, from one to another.
    """

    id: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    has_names: bool = False
    has_past: bool = True
    has_course: bool = True
    has_months: bool = False


UNIT = (
    Column("code", N_("Code"), "text"),
    Column("name", N_("Unit"), "text"),
    Column("kind", N_("Kind"), "text"),
)
_FIGURES = (
    Column("registered", N_("Registered")),
    Column("not_started", N_("Not started")),
    Column("under_way", N_("Under way")),
    Column("failed", N_("Not passed yet")),
    Column("certified", N_("Certified")),
    Column("recognised", N_("Of them by earlier learning")),
    Column("exempt", N_("Exempt")),
    Column("left", N_("To go")),
    Column("share", N_("Done"), "share"),
)
_PERSON = (
    Column("code", N_("Code"), "text"),
    Column("name", N_("Name"), "text"),
    Column("latin_name", N_("Name in Latin letters"), "text"),
    Column("unit_codes", N_("Unit codes"), "text"),
    Column("state", N_("State"), "state"),
    Column("since", N_("Since"), "day"),
    Column("valid_until", N_("Valid until"), "day"),
    Column("basis", N_("By what"), "basis"),
)
REPORTS: dict[str, Report] = {
    each.id: each
    for each in (
        Report(
            "units",
            N_("Units and one course"),
            N_(
                "For the unit and for each unit right below it: everybody who is a member on the day, each person "
                "once, by where they stand in the course. Certified: holds a valid certificate (or has completed a "
                "course without one). Of them by earlier learning: on evidence of what was known before, on nothing "
                "else. Not started, under way, not passed yet, certified and exempt together are the registered."
            ),
            (*UNIT, *_FIGURES),
        ),
        Report(
            "courses",
            N_("One unit and all courses"),
            N_(
                "For each course: the members of the unit and of everything below it on the day, by where they "
                "stand. The last two rows count persons once for all courses, and person-courses: a person with two "
                "certificates once and twice."
            ),
            (Column("course", N_("Course"), "text"), Column("title", N_("Title"), "text"), *_FIGURES),
            has_course=False,
        ),
        Report(
            "without",
            N_("Units without anybody, or without a start"),
            N_(
                "Every open unit below the unit that has no units below itself and in which nobody is a member, or "
                "nobody has begun the course."
            ),
            (*UNIT, Column("registered", N_("Registered")), Column("begun", N_("Begun"))),
            has_past=False,
        ),
        Report(
            "days",
            N_("Day by day"),
            N_(
                "On each day: how many of those who have begun, and of those who are certified on the day of the "
                "report, became so then; and the sum so far."
            ),
            (
                Column("day", N_("Day"), "day"),
                Column("begun", N_("Begun")),
                Column("certified", N_("Certified")),
                Column("sum", N_("Certified so far")),
            ),
            has_past=False,
        ),
        Report(
            "actions",
            N_("Outside actions"),
            N_(
                "For each action that the course asks for: how many members of the unit and of everything below it did "
                "it, each person once, under the strongest source: a system saw it, a coordinator attested it, or the "
                "person says so. The sources are never added up without being shown apart."
            ),
            (
                Column("action", N_("Action"), "text"),
                Column("webhook", N_("Seen by a system")),
                Column("attested", N_("Attested")),
                Column("self", N_("Declared by the person")),
                Column("registered", N_("Registered")),
            ),
            has_past=False,
        ),
        Report(
            "trainers",
            N_("Who trained whom"),
            N_(
                "Everybody who held sessions of the course in the unit or below it: sessions that count (the trainer "
                "held a valid certificate on that day), different people who were there, and how many of these are "
                "certified today."
            ),
            (
                Column("code", N_("Code"), "text"),
                Column("name", N_("Name"), "text"),
                Column("sessions", N_("Sessions")),
                Column("people", N_("People trained")),
                Column("certified", N_("Of them certified")),
            ),
            has_names=True,
            has_past=False,
        ),
        Report(
            "people",
            N_("People and one course"),
            N_("Everybody who is a member of the unit or of anything below it on the day, and where they stand."),
            _PERSON,
            has_names=True,
        ),
        Report(
            "missing",
            N_("Who is missing"),
            N_("As the report on people, without those who are certified or exempt."),
            _PERSON,
            has_names=True,
        ),
    )
}


def published(count: int) -> int | None:
    """A count as the public may see it: rounded down to fives; None below five.

    Every figure is rounded by itself and sums are sums of rounded figures, so that no difference between published
    figures says more than each of them does: with any of them, five values are possible (small-number suppression
    safe against differencing; compare Eurostat's Handbook on Statistical Disclosure Control, random-free rounding).
    """
    return None if count < STEP else count - count % STEP


def published_sum(counts: list[int]) -> int:
    """The sum of figures as they are published."""
    return sum(published(count) or 0 for count in counts)
