"""Writes the help that the people of a demonstration gave, and brings what is counted from it up to date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from lms.clock import now
from lms.credentials.models import Certificate
from lms.demo.bulk import Row, fill, look_over
from lms.demo.helping import Helper, Span, entries
from lms.helping.counting import count_last_days, count_new
from lms.helping.models import HelpEntry
from lms.people.models import Membership
from lms.vetting.looking import look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lms.db import Database
    from lms.demo.helping import Made
    from lms.demo.plan import Plan
    from lms.demo.progress import Way
    from lms.demo.writing import Crowd

DAYS = 92
COVERED = "covered"  # whoever is certified helps; what nothing covers is for tests to make
COLUMNS = ("client_id", "helper_id", "unit_id", "given_on", "kind", "audience", "service", "people", "minutes",
           "channel", "outcome", "note", "is_tally", "standing", "logged_by", "logged_at", "is_counted")  # fmt: skip


def helpers_of(plan: Plan, crowd: Crowd, steps: Mapping[str, Sequence[Way]]) -> list[Helper]:
    """Everybody of a plan with a certificate, since the first of them."""
    since: dict[int, date] = {}
    for ways in steps.values():
        for way in ways:
            if way.stage == "certified":
                since[way.person] = min(way.day, since.get(way.person, way.day))
    units = (crowd.unit_ids[plan.units[crowd.units[person]].code] for person in sorted(since))
    return [Helper(crowd.ids[person], unit, since[person]) for person, unit in zip(sorted(since), units, strict=True)]


def certified(database: Database) -> list[Helper]:
    """Everybody with a certificate, in the unit of the newest membership."""
    first = select(Certificate.actor_id, func.min(Certificate.issued_at)).where(Certificate.actor_id.is_not(None))
    with database.reading() as db:
        rows = db.execute(first.group_by(Certificate.actor_id))
        since = {person: moment.date() for person, moment in rows if person is not None}
        units = {row[0]: row[1] for row in db.execute(
            select(Membership.person_id, Membership.unit_id).where(Membership.until.is_(None)).order_by(Membership.id)
        )}  # fmt: skip
    return [Helper(person, units[person], since[person]) for person in sorted(since) if person in units]


def span(today: date) -> Span:
    """The three months until yesterday."""
    return Span(today - timedelta(days=DAYS), today - timedelta(days=1))


def write_help(database: Database, helpers: Sequence[Helper], amount: int, seed: str, hours_east: int) -> int:
    """Write about so many entries; how many it were. What of them was invented stands nowhere."""
    made = entries(helpers, span(now().date()), amount, seed)
    ids = Random(f"{seed}/help-ids")  # noqa: S311 - a demonstration is the same each time
    return fill(database, HelpEntry, COLUMNS, _rows(made, ids, timedelta(hours=hours_east), now()))


def _rows(made: Iterator[Made], ids: Random, east: timedelta, moment: datetime) -> Iterator[Row]:
    latest = moment.replace(tzinfo=None)
    for helper, entry, _is_invented in made:
        noted = min(entry.noted - east, latest)
        yield (
            str(UUID(int=ids.getrandbits(128), version=4)), helper.person, helper.unit, entry.given_on.isoformat(),
            entry.kind, entry.audience, entry.service, entry.people, entry.minutes, entry.channel, entry.outcome, "",
            False, COVERED, helper.person, noted.isoformat(" ", "microseconds"), True,
        )  # fmt: skip


def count_help(database: Database) -> None:
    """Bring figures and what looks odd up to date. The entries were written as counted, so that a whole count does."""
    look_over(database)
    count_new(database)
    count_last_days(database)
    look(database)
