"""Points that are public, with a certificate behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from lms.finding import actions
from lms.finding.rules import Entry, Span, State
from lms.people.models import Unit
from tests.helping.world import certify

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.finding.models import HelpPoint

DAY = date(2026, 11, 23)  # a Monday
OPEN = Entry(
    place="Main street 3",
    phone="+371 6700 0000",
    week={1: (Span(9 * 60, 17 * 60),)},
    services=frozenset({"health", "pension"}),
    languages=frozenset({"lv", "ru"}),
    access=frozenset({"step-free"}),
    channels=frozenset({"in-person", "phone"}),
)


def open_point(
    db: Session,
    unit: int,
    entry: Entry = OPEN,
    *,
    day: date = DAY,
    until: date | None = None,
    state: State = State.PUBLIC,
) -> HelpPoint:
    """A point of a unit that is certified itself."""
    certify(db, unit=unit, since=day - timedelta(days=30), until=until)
    return actions.write(db, db.get_one(Unit, unit), entry, state=state, by=None, today=day)
