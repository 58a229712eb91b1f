"""What stands on a certificate: frozen when it is issued, never looked up again.

The facts are written as JSON by msgspec and read back as the same value, so that paper, page and badge of one
certificate agree for ever, whatever becomes of the course, the person's account or the issuer's name.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

ACADEMIC_HOUR = 45  # minutes
PRIOR_LEARNING = "prior-learning"  # the basis of a certificate that rests on evidence of what was known before
PRIOR_FORMS = ("evidence", "evidence-conversation", "conversation")  # how it was looked at; nothing is measured


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the holder can do, and the share of it shown in the assessment (0 to 1; None if it was not measured)."""

    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How it was found out; shares are 0 to 1, None if not measured.

    `form` is `exam`, for prior learning `evidence`, `conversation` or `evidence-conversation`, else words to print.
    """

    form: str
    score: float | None = None
    needed: float | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Names, as they were on the day of issue, of who stands behind a certificate; empty where there is none."""

    issuer: str = ""
    owner: str = ""
    provider: str = ""
    coordinator: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How the paper looks: a design by name, the programme's colour (`#rrggbb`) and the digest of its logo's bytes."""

    design: str = ""
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything that a certificate says.

    `kind` is `person` or `organisation`; `mandate` is what an organisation may do in this name. `basis` is empty for a
    completed course, else `renewal`, `correction` or `prior-learning`. `issuer_id` is the slug of who signs it.
    `micro` maps the names of the mandatory elements of a European micro-credential to what is printed for each.

    `holder` is the name in its own script, `holder_latin` in Latin letters, empty if that is the same. `language` is
    the certificate's own, a BCP 47 tag; all words are in it. `level` is `local`, `national` or words to print as they
    are. `hours` are academic hours of 45 minutes. Dates are ISO 8601; an empty `valid_until` means that it does not
    expire. `version` is the digest (it may be shortened) of the course version under which it was earned.
    """

    code: str
    holder: str
    language: str
    title: str
    course: str
    course_id: str
    issued_on: str
    holder_latin: str = ""
    level: str = ""
    hours: float | None = None
    outcomes: tuple[Outcome, ...] = ()
    assessment: Assessment | None = None
    parties: Parties = Parties()
    partners: tuple[str, ...] = ()
    aligns: tuple[str, ...] = ()
    valid_until: str = ""
    version: str = ""
    kind: str = "person"
    mandate: tuple[str, ...] = ()
    basis: str = ""
    issuer_id: str = ""
    co_issuers: tuple[str, ...] = ()
    micro: dict[str, str] = field(default_factory=dict)
    look: Look = Look()

    @property
    def clock_hours(self) -> float | None:
        """The workload in hours of 60 minutes."""
        return None if self.hours is None else self.hours * ACADEMIC_HOUR / 60


class BadValidity(ValueError):
    """A time of validity that nobody can compute with; the message says what is expected."""


def valid_until(issued_on: date, valid: str) -> date | None:
    """The last day on which a certificate issued on that day is valid; None if `valid` is empty.

    `valid` is a whole number and `days`, `weeks`, `months` or `years`. Months and years keep the day of the month;
    where that month is too short it is its last day (31 January and 1 month: 28 or 29 February). Raises `BadValidity`.
    """
    if not valid.strip():
        return None
    found = re.fullmatch(r"([0-9]{1,5})\s+(day|week|month|year)s?", valid.strip().lower())
    if found is None or int(found[1]) == 0:
        raise BadValidity(f'"{valid}" is not a time of validity: write a number and a unit, such as "24 months"')
    number, unit = int(found[1]), found[2]
    try:
        if unit in ("day", "week"):
            return issued_on + timedelta(days=number * (7 if unit == "week" else 1))
        return _months_later(issued_on, number * (12 if unit == "year" else 1))
    except (OverflowError, ValueError) as error:
        raise BadValidity(f'"{valid}" from {issued_on} leads beyond the year {date.max.year}') from error


def _months_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    if year > date.max.year:
        raise OverflowError(year)
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
