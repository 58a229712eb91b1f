"""Looking at points: whether a certificate still stands behind each, and telling coordinators before one drops."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from lms import events, jobs
from lms.clock import now
from lms.credentials.models import Certificate
from lms.finding import letters, queries
from lms.finding.models import HelpPoint
from lms.finding.rules import WARN_DAYS, has_to_be_warned
from lms.people.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database

JOB = "look_at_points"
DAILY = "look_at_points_daily"
AT_ONCE = 200  # points in one transaction


def mind_certificate(db: Session, certificate: int) -> None:
    """A certificate was issued or changed: the points that it stands behind are looked at by the worker."""
    if db.scalar(select(HelpPoint.id).limit(1)) is not None:
        jobs.enqueue(db, JOB, {"certificate": certificate})


def look(database: Database, task: jobs.Task) -> None:
    """Look at the points that a certificate stands behind."""
    with database.writing() as db:
        row = db.get(Certificate, task.args["certificate"])
        for point, unit in _behind(db, row) if row is not None else ():
            look_at(db, point, unit, now().date())
        jobs.finish(db, task)


def look_daily(database: Database, task: jobs.Task) -> None:
    """Look at each point once a day, some at a time: people leave, certificates end. Names may have changed, too."""
    today = now().date()
    with database.writing() as db:
        found = _due(db, today, AT_ONCE)
        for point, unit in found:
            look_at(db, point, unit, today)
        if len(found) == AT_ONCE:
            jobs.enqueue(db, DAILY, {})
        elif task.args.get("is_first"):
            letters.learn_names(db)
        jobs.finish(db, task)


def ask_daily(db: Session) -> None:
    """Ask for the daily look: now if it is due, and the next one for tomorrow."""
    if db.scalar(select(HelpPoint.id).limit(1)) is None:
        return
    today = now().date()
    if _due(db, today, 1):
        jobs.enqueue(db, DAILY, {}, dedupe=DAILY)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    jobs.enqueue(db, DAILY, {"is_first": True}, run_at=tomorrow, dedupe=f"{DAILY}/{tomorrow.date()}")


def look_at(db: Session, point: HelpPoint, unit: Unit, today: date) -> None:
    """Note until when certificates stand behind a point; tell its coordinators once when that is soon over."""
    point.stands_until = queries.stands_until(db, unit.id, unit.path, today, today.max)
    point.looked_on = today
    if has_to_be_warned(point.state, point.stands_until, point.warned_on, today):
        point.warned_on = today
        events.announce(db, events.HelpPointEnding(point.id))
    elif point.stands_until is not None and point.stands_until > today + timedelta(days=WARN_DAYS):
        point.warned_on = None


def _due(db: Session, today: date, most: int) -> Sequence[tuple[HelpPoint, Unit]]:
    late = select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id).where(HelpPoint.looked_on < today)
    rows = db.execute(late.order_by(HelpPoint.looked_on, HelpPoint.id).limit(most))
    return [(row[0], row[1]) for row in rows]


def _behind(db: Session, row: Certificate) -> Sequence[tuple[HelpPoint, Unit]]:
    """The points of the holder's units and of all above them; of a unit's certificate its own."""
    homes = select(Unit.path).join(Membership, Membership.unit_id == Unit.id)
    paths = db.scalars(homes.where(Membership.person_id == row.actor_id)).all() if row.actor_id is not None else ()
    ids = {int(part) for path in paths for part in path.strip("/").split("/")}
    found = select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id)
    rows = db.execute(found.where(or_(Unit.id.in_(ids), Unit.id == row.unit_id)))
    return [(each[0], each[1]) for each in rows]
