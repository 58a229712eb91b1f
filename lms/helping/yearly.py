"""The help that people gave, as their yearly statements say it: hours and people, by what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from lms.among import among
from lms.helping.adding import COVERED
from lms.helping.models import HelpEntry
from lms.helping.rules import Kind
from lms.helping.words import KINDS
from lms.printing.statement_rules import Column, Figure, Period, Row, Section, StatementPart
from lms.web.language import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

# what was taken back, or no certificate covered, is not confirmed; what a unit counted together is nobody's own
_STANDS = (HelpEntry.undone_at.is_(None), HelpEntry.standing == COVERED, HelpEntry.helper_id.is_not(None))


def _given_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return HelpEntry.given_on >= period.first, HelpEntry.given_on <= period.last, *_STANDS


def _people(_db: Session, period: Period) -> Select[int]:
    return select(HelpEntry.helper_id).where(*_given_in(period)).distinct()  # type: ignore[return-value]


def _years(db: Session, person: int) -> set[int]:
    days = db.scalars(select(HelpEntry.given_on).where(HelpEntry.helper_id == person, *_STANDS).distinct())
    return {day.year for day in days}


class _Sums(NamedTuple):
    """What was done: how often, for how many people, in how many minutes, and how often minutes were noted."""

    times: int = 0
    helped: int = 0
    minutes: int = 0
    timed: int = 0


def _sections(db: Session, people: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    of = (HelpEntry.helper_id, HelpEntry.kind)
    minutes = (func.coalesce(func.sum(HelpEntry.minutes), 0), func.count(HelpEntry.minutes))
    found = select(*of, func.count(), func.sum(HelpEntry.people), *minutes)
    kinds: dict[int, dict[str, _Sums]] = {}
    for row in db.execute(found.where(among(HelpEntry.helper_id, people), *_given_in(period)).group_by(*of)):
        if row[0] is not None:
            kinds.setdefault(row[0], {})[row[1]] = _Sums(*(int(each or 0) for each in row[2:]))
    return {person: [_section(each)] for person, each in kinds.items()}


def _section(kinds: Mapping[str, _Sums]) -> Section:
    rows = tuple(_row(kind, kinds[kind]) for kind in Kind if kind in kinds)
    # figures of help leave visits out: so the sum of all statements is what a report says
    helped = [sums for kind, sums in kinds.items() if kind != Kind.VISIT]
    whole = _Sums(*(sum(each) for each in zip(*helped, strict=True)))
    columns = (
        Column(_("What was done")),
        Column(_("Times"), is_number=True),
        Column(_("People"), is_number=True),
        Column(_("Hours"), is_number=True),
    )
    return Section(_("Help given"), columns, rows, Figure(number(whole.helped), _words(whole)) if helped else None)


def _words(sums: _Sums) -> str:
    """Minutes are noted by choice: where some are missing, their sum is less than the time that was given."""
    people = ngettext("person helped", "people helped", sums.helped)
    if not sums.minutes:
        return people
    hours = round(sums.minutes / 60, 1)
    count = int(hours) if hours.is_integer() else 2  # half an hour is said as several are
    told = {"people": people, "hours": number(hours)}
    if sums.timed < sums.times:
        return ngettext(
            "%(people)s in at least %(hours)s hour", "%(people)s in at least %(hours)s hours", count, **told
        )
    return ngettext("%(people)s in %(hours)s hour", "%(people)s in %(hours)s hours", count, **told)


def _hours(minutes: int) -> str:
    return number(round(minutes / 60, 1))


def _row(kind: Kind, sums: _Sums) -> Row:
    noted = _("hours noted %(some)s times of %(all)s", some=number(sums.timed), all=number(sums.times))
    apart = _("counted apart: a visit is not counted as people helped")
    details = ((apart,) if kind == Kind.VISIT else ()) + ((noted,) if 0 < sums.timed < sums.times else ())
    hours = _hours(sums.minutes) if sums.minutes else "–"
    return Row(str(KINDS[kind][0]), details, (number(sums.times), number(sums.helped), hours))


HELPED = StatementPart(_years, _people, _sections)
