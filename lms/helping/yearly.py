"""The help that people gave, as their yearly statements say it: hours and people, by what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def _sections(db: Session, people: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    of = (HelpEntry.helper_id, HelpEntry.kind)
    numbers = (func.count(), func.sum(HelpEntry.people), func.coalesce(func.sum(HelpEntry.minutes), 0))
    found = select(*of, *numbers).where(among(HelpEntry.helper_id, people), *_given_in(period)).group_by(*of)
    kinds: dict[int, dict[str, tuple[int, int, int]]] = {}
    for person, kind, times, helped, minutes in db.execute(found):
        if person is not None:
            kinds.setdefault(person, {})[kind] = (times or 0, helped or 0, minutes or 0)
    return {person: [_section(each)] for person, each in kinds.items()}


def _section(kinds: Mapping[str, tuple[int, int, int]]) -> Section:
    rows = tuple(_row(kind, kinds[kind]) for kind in Kind if kind in kinds)
    helped, minutes = (sum(each[place] for each in kinds.values()) for place in (1, 2))
    columns = (
        Column(_("What was done")),
        Column(_("Times"), is_number=True),
        Column(_("People"), is_number=True),
        Column(_("Hours"), is_number=True),
    )
    return Section(_("Help given"), columns, rows, Figure(number(helped), _words(helped, minutes)))


def _words(helped: int, minutes: int) -> str:
    people = ngettext("person helped", "people helped", helped)
    return _("%(people)s in %(hours)s hours", people=people, hours=_hours(minutes)) if minutes else people


def _hours(minutes: int) -> str:
    return number(round(minutes / 60, 1))


def _row(kind: Kind, sums: tuple[int, int, int]) -> Row:
    times, helped, minutes = sums
    return Row(str(KINDS[kind][0]), cells=(number(times), number(helped), _hours(minutes) if minutes else "–"))


HELPED = StatementPart(_years, _people, _sections)
