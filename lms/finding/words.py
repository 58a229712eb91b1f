"""What the values of help points are called on screen, and what is said of an entry that cannot be kept."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton

from lms.finding.rules import WEEKDAYS, Access, BadHours, Opening, State
from lms.finding.score import Answer
from lms.helping import catalogue
from lms.helping import words as helping_words
from lms.web.language import _, language, languages, lazy, listing, locale, show_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.finding.rules import Span, Today

ACCESS = {
    Access.STEP_FREE: lazy("No steps: fit for wheelchairs and prams"),
    Access.TOILET: lazy("Toilet"),
    Access.QUIET: lazy("A quiet corner to talk"),
    Access.SIGN_LANGUAGE: lazy("Sign language"),
    Access.HEARING_LOOP: lazy("Hearing loop"),
    Access.LARGE_PRINT: lazy("Large print or a magnifier"),
    Access.SEATS: lazy("Seats while you wait"),
    Access.PARKING: lazy("Parking for disabled people"),
}
# in the narrow space of a list
ACCESS_SHORT = {
    Access.STEP_FREE: lazy("No steps"),
    Access.QUIET: lazy("Quiet corner"),
    Access.SIGN_LANGUAGE: lazy("Sign language"),
}
STATES = {
    State.PUBLIC: lazy("Public"),
    State.PROPOSED: lazy("Proposed"),
    State.HIDDEN: lazy("Not public"),
}
CHANNELS = helping_words.CHANNELS
ANSWERS = {
    Answer.YES: (lazy("Yes"), "check"),
    Answer.PARTLY: (lazy("In part"), "minus"),
    Answer.NO: (lazy("No"), "stop"),
}
# languages that people are helped in, besides those of the site
TONGUES = (
    *("en", "lv", "lt", "et", "ru", "uk", "be", "pl", "ro", "bg", "tr", "az", "hy", "ka", "tg", "uz", "kk", "ky"),
    *("vi", "zh", "de", "fr", "es", "ar", "fa"),
)
MONDAY = date(2024, 1, 1)


def tongues() -> tuple[str, ...]:
    """The languages that can be chosen: those of the site first."""
    return tuple(dict.fromkeys((*languages(), *TONGUES)))


def weekday(number: int) -> str:
    """The name of a weekday, 1 is Monday."""
    return str(format_date(MONDAY + timedelta(days=number - 1), "EEEE", locale=locale()))


def at_clock(minutes: int) -> str:
    """Minutes since midnight as the reader's language writes a time."""
    moment = datetime.combine(MONDAY, time(minutes // 60 % 24, minutes % 60))
    return str(format_skeleton("Hm", moment, locale=locale()))


def hours(spans: Sequence[Span]) -> str:
    """The hours of a day in words."""
    if not spans:
        return _("closed")
    return listing([f"{at_clock(span.opens)}–{at_clock(span.closes)}" for span in spans])


def opening(now: Today) -> str:
    """How a point stands now, in words."""
    if now.opening is Opening.OPEN:
        return _("Open now, until %(time)s", time=at_clock(now.at))
    if now.opening is Opening.LATER:
        return _("Opens today at %(time)s", time=at_clock(now.at))
    if now.opening is Opening.OVER:
        return _("Closed for today")
    if now.opening is Opening.CLOSED:
        return _("Closed today")
    return _("Opening hours are not known. Call before you come.")


def by_day(week: Mapping[int, Sequence[Span]]) -> list[tuple[int, str, str]]:
    """Each weekday with its name and its hours in words."""
    return [(day, weekday(day), hours(week.get(day, ()))) for day in WEEKDAYS] if week else []


class Services:
    """The names of services of all trees; each tree may have its own list."""

    def __init__(self, db: Session, roots: Iterable[int], day: date) -> None:
        self.names: dict[str, str] = {}
        for root in roots:
            for each in catalogue.catalogue(db, root, day).services:
                self.names.setdefault(each.code, each.name(language()))
        for each in catalogue.SERVICES:
            self.names.setdefault(each.code, each.name(language()))

    def __call__(self, code: str) -> str:
        """What a service is called; what is on no list any more is called by its code."""
        return self.names.get(code, code)


def problem(field: str, value: object) -> str:
    """What to say of a field that cannot be kept, with the way out."""
    if value == "long":
        return _("This is too long. Leave out what people do not need to find you.")
    if value == "phone":
        return _("Write the telephone of the office with digits and spaces, for example +371 6700 0000.")
    if isinstance(value, BadHours):
        return _("“%(text)s” are no hours of a day. Write 9:00-17:00, or 9:00-12:00, 13:00-17:00.", text=value.args[0])
    names = {"services": _("service"), "languages": _("language"), "access": _("kind of access")}
    return _("There is no %(what)s “%(value)s”.", what=names.get(field, _("way to get help")), value=value)


def row_problem(field: str, problem_of: object) -> str:
    """What to say of a row of a file that is no entry now."""
    if field == "unit":
        return _("No open unit has the code %(code)s.", code=problem_of) if problem_of else _("The unit is missing.")
    if field == "twice":
        return _("%(code)s stands in the file twice; the first row counts.", code=problem_of)
    if field == "kept":
        return _("A coordinator has written this entry; it stays as it is.")
    return problem(field, problem_of)


def ends(until: date | None) -> str:
    """Until when an entry stays, or why it is gone."""
    if until is None:
        return _("No certificate stands behind it, so the public does not see it.")
    return _("It drops after %(date)s, when the last certificate behind it ends.", date=show_date(until))
