"""Help points of a programme of libraries: each of them one, with hours, services and languages; the same each time."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from lms.clock import now
from lms.credentials.models import Certificate
from lms.demo.bulk import count_on, fill, next_id
from lms.finding import name_queries
from lms.finding.actions import TAGS, new_token
from lms.finding.models import HelpPoint, HelpPointHours, HelpPointTag
from lms.finding.queries import is_valid
from lms.finding.rules import Entry, State, read_week
from lms.helping.catalogue import SERVICES
from lms.people.models import Membership
from lms.people.queries import is_current

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from lms.db import Database
    from lms.demo.bulk import Row
    from lms.demo.plan import Plan
    from lms.demo.writing import Crowd

WEEKS = (
    "Mo-Fr 10:00-18:00; Sa 10:00-15:00",
    "Tu-Fr 11:00-19:00; Sa 10:00-16:00",
    "Mo,We,Fr 9:00-17:00; Tu,Th 12:00-19:00",
    "Mo-Fr 9:00-12:00, 13:00-17:00",
    "Tu-Th 10:00-16:00",
)
STREETS = ("Skolas", "Parka", "Ezera", "Dārza", "Liepu", "Stacijas", "Jaunā", "Upes")
EXCEPTIONS = ("", "", "", "Jūlijā tikai līdz 15:00.", "Mēneša pēdējā piektdiena: spodrības diena, slēgts.")
ACCESS = ("step-free", "toilet", "quiet", "large-print", "seats", "parking")
CODES = tuple(each.code for each in SERVICES)
KIND = "library"


def write(database: Database, plan: Plan, crowd: Crowd) -> None:
    """Let the public find every library; one in which nobody is certified yet waits until somebody is."""
    today, chance = now().date(), Random(f"{plan.seed}/points")  # noqa: S311 - a demonstration is the same each time
    units = [crowd.unit_ids[unit.code] for unit in plan.units if unit.kind == KIND]
    entries, first = [_entry(chance) for _ in units], next_id(database, HelpPoint)
    numbers, until = range(first, first + len(units)), _until(database, today)
    columns = ("id", "unit_id", "state", "place", "folded_place", "exceptions", "phone", "stands_until", "looked_on",
               "token", "token_since", "edited_by", "edited_at")  # fmt: skip
    moment = now().replace(tzinfo=None).isoformat(" ", "microseconds")

    def points() -> Iterator[Row]:
        for number, unit, entry in zip(numbers, units, entries, strict=True):
            said = (entry.place, name_queries.in_all_letters(entry.place), entry.exceptions, entry.phone)
            stands = until[unit].isoformat() if unit in until else None
            known = (stands, today.isoformat(), new_token(), moment)
            yield (number, unit, State.PUBLIC.value, *said, *known, crowd.approver, moment)

    fill(database, HelpPoint, columns, points())
    fill(database, HelpPointTag, ("point_id", "field", "value"), _tags(numbers, entries))
    fill(database, HelpPointHours, ("point_id", "weekday", "opens", "closes"), _hours(numbers, entries))
    count_on(database, HelpPoint)


def _entry(chance: Random) -> Entry:
    languages = {"lv"} | ({"ru"} if chance.random() < 0.6 else set()) | ({"en"} if chance.random() < 0.2 else set())
    return Entry(
        f"{chance.choice(STREETS)} iela {chance.randint(1, 60)}",
        "",
        chance.choice(EXCEPTIONS),
        read_week(chance.choice(WEEKS)),
        frozenset(chance.sample(CODES, chance.randint(3, 6))),
        frozenset(languages),
        frozenset(chance.sample(ACCESS, chance.randint(0, 4))),
        frozenset({"in-person"} | ({"phone"} if chance.random() < 0.5 else set())),
    )


def _until(database: Database, today: date) -> dict[int, date]:
    """The last day on which a certificate of somebody of a unit is valid, as one point alone asks for it."""
    ends, leaves = (func.coalesce(column, today.max) for column in (Certificate.valid_until, Membership.until))
    last = (
        select(Membership.unit_id, func.max(case((leaves < ends, leaves), else_=ends)))
        .join(Certificate, and_(Certificate.actor_id == Membership.person_id, is_valid(today)))
        .where(is_current(today))
        .group_by(Membership.unit_id)
    )
    with database.reading() as db:
        return {row[0]: row[1] for row in db.execute(last)}


def _tags(numbers: Sequence[int], entries: Sequence[Entry]) -> Iterator[Row]:
    for number, entry in zip(numbers, entries, strict=True):
        for field, name in TAGS:
            for value in sorted(getattr(entry, name)):
                yield number, field, value


def _hours(numbers: Sequence[int], entries: Sequence[Entry]) -> Iterator[Row]:
    for number, entry in zip(numbers, entries, strict=True):
        for weekday, spans in (entry.week or {}).items():
            for span in spans:
                yield number, weekday, span.opens, span.closes
