"""What is done with help points: written, shown, answered about; and helpers who want to be found, or no longer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from lms.clock import now
from lms.db import insert_once
from lms.finding import name_queries, queries
from lms.finding.models import (
    FindName,
    HelperListing,
    HelpPoint,
    HelpPointHours,
    HelpPointTag,
    HelpSaid,
    HelpSaidTally,
)
from lms.finding.rules import State
from lms.finding.score import Answer, monday

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.finding.rules import Entry
    from lms.people.models import Unit

TAGS = (("service", "services"), ("language", "languages"), ("access", "access"), ("channel", "channels"))


class AlreadyCounted(Exception):
    """What was typed in of this month is part of a figure already, which does not change."""


class NotThisCode(Exception):
    """The QR code is not the one of the poster that hangs there now."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a helper ticks and types."""

    shows: frozenset[str]
    languages: tuple[str, ...]
    services: tuple[str, ...]
    hours: str
    contact: str


def new_token() -> str:
    """A fresh word for a QR code: 72 random bits."""
    return secrets.token_urlsafe(9)


def write(db: Session, unit: Unit, entry: Entry, *, state: State, by: int | None, today: date) -> HelpPoint:
    """Write what the public reads of a unit; a point that is there keeps its QR code."""
    point, moment = db.scalar(select(HelpPoint).where(HelpPoint.unit_id == unit.id)), now()
    if point is None:
        point = HelpPoint(unit_id=unit.id, token=new_token(), token_since=moment, looked_on=today)
        db.add(point)
    point.state, point.edited_by, point.edited_at = state, by, moment
    point.place, point.phone, point.exceptions = entry.place, entry.phone, entry.exceptions
    point.folded_place = name_queries.in_all_letters(entry.place)[:800]
    point.stands_until = queries.stands_until(db, unit.id, unit.path, today, today.max)
    db.flush()
    for table in (HelpPointTag, HelpPointHours):
        db.execute(delete(table).where(table.point_id == point.id))
    for field, name in TAGS:
        db.add_all(HelpPointTag(point_id=point.id, field=field, value=value) for value in getattr(entry, name))
    for weekday, spans in (entry.week or {}).items():
        hours = {"point_id": point.id, "weekday": weekday}
        db.add_all(HelpPointHours(**hours, opens=span.opens, closes=span.closes) for span in spans)
    learn_names(db, [unit.id, *queries.above_of(unit.path)])
    return point


def change_state(point: HelpPoint, state: State, *, by: int) -> None:
    """Show an entry to the public, or take it away; what it says stays."""
    point.state, point.edited_by, point.edited_at = state, by, now()


def change_code(point: HelpPoint) -> None:
    """Make a new QR code; the posters with the old one lead to a page that says so."""
    point.token, point.token_since = new_token(), now()


def is_current(point: HelpPoint, token: str) -> bool:
    """Whether a QR code is the one of the poster that hangs there now."""
    return secrets.compare_digest(token.encode(), point.token.encode())


def say(db: Session, point: HelpPoint, answer: Answer, *, token: str, client_id: str, today: date) -> None:
    """Keep an answer, once for each id that a page made. Raises `NotThisCode`."""
    if not is_current(point, token):
        raise NotThisCode
    said = {"client_id": client_id, "point_id": point.id, "week": monday(today), "answer": answer}
    insert_once(db, HelpSaid, said)


def tally(
    db: Session, point: HelpPoint, month: date, counts: tuple[int, int, int], *, by: int, moment: datetime
) -> None:
    """Keep what was said on paper in a month, named by its first day. It counts with the week of typing.

    `moment` is now, in the time of the site: its weeks are those that people see.

    It may be typed in again as long as that week lasts. Raises `AlreadyCounted`.
    """
    known = db.scalar(
        select(HelpSaidTally).where(HelpSaidTally.point_id == point.id, HelpSaidTally.month == month).with_for_update()
    )
    if known is None:
        known = HelpSaidTally(point_id=point.id, month=month)
        db.add(known)
    elif monday(known.entered_at.astimezone(moment.tzinfo).date()) < monday(moment.date()):
        raise AlreadyCounted
    known.yes, known.partly, known.no = counts
    known.entered_by, known.entered_at = by, moment.astimezone(UTC)


def be_found(db: Session, person: int, listing: Listing) -> bool:
    """Let the public see what a helper ticked; nothing ticked: she is not listed. Whether she is listed now."""
    if not listing.shows:
        be_found_no_more(db, person)
        return False
    row = db.get(HelperListing, person)
    if row is None:
        row = HelperListing(person_id=person)
        db.add(row)
    for field in ("name", "languages", "services", "hours", "contact"):
        setattr(row, f"shows_{field}", field in listing.shows)
    # what is not shown is not kept
    row.languages = list(listing.languages) if row.shows_languages else []
    row.services = list(listing.services) if row.shows_services else []
    row.hours = listing.hours if row.shows_hours else ""
    row.contact = listing.contact if row.shows_contact else ""
    row.changed_at = now()
    return True


def be_found_no_more(db: Session, person: int) -> None:
    """Take a helper off the public pages, and forget what she typed."""
    db.execute(delete(HelperListing).where(HelperListing.person_id == person))


def learn_names(db: Session, units: Iterable[int] | None = None) -> int:
    """Bring the names in Latin letters up to date, of some units or of all; how many rows came or went."""
    chosen = None if units is None else sorted(set(units))
    wanted = name_queries.latin_names(db, chosen)
    known = select(FindName.unit_id, FindName.folded_name)
    if chosen is not None:
        known = known.where(FindName.unit_id.in_(chosen))
    there = {(row[0], row[1]) for row in db.execute(known)}
    for unit, name in there - wanted:
        db.execute(delete(FindName).where(FindName.unit_id == unit, FindName.folded_name == name))
    if wanted - there:
        db.execute(insert(FindName), [{"unit_id": unit, "folded_name": name} for unit, name in sorted(wanted - there)])
    return len(there ^ wanted)
