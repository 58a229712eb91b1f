"""Looking at points: whether a certificate still stands behind each, and telling coordinators before one drops."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms import events, jobs
from lms.clock import now
from lms.finding import actions, look_queries, queries
from lms.finding.models import HelpPoint
from lms.finding.rules import WARN_DAYS, has_to_be_warned

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.people.models import Unit

JOB = "look_at_points"
DAILY = "look_at_points_daily"
AT_ONCE = 200  # points in one transaction


def mind_certificate(db: Session, certificate: int) -> None:
    """A certificate was issued or changed: the points that it stands behind are looked at by the worker."""
    if db.scalar(select(HelpPoint.id).limit(1)) is not None:
        jobs.enqueue(db, JOB, {"certificate": certificate})


def _today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def look(zone: str, database: Database, task: jobs.Task) -> None:
    """Look at the points that a certificate stands behind. `zone` is the site's, whose days count."""
    with database.writing() as db:
        for point, unit in look_queries.points_behind(db, task.args["certificate"]):
            look_at(db, point, unit, _today(zone))
        jobs.finish(db, task)


def look_daily(zone: str, database: Database, task: jobs.Task) -> None:
    """Look at each point once a day, some at a time: people leave, certificates end. Names may have changed, too."""
    today = _today(zone)
    with database.writing() as db:
        found = look_queries.due(db, today, AT_ONCE)
        for point, unit in found:
            look_at(db, point, unit, today)
        if len(found) == AT_ONCE:
            jobs.enqueue(db, DAILY, task.args)  # the names come after the last of many points
        elif task.args.get("is_first"):
            actions.learn_names(db)
        jobs.finish(db, task)


def ask_daily(db: Session, zone: str) -> None:
    """Ask for the daily look: now if it is due, and the next one for tomorrow.

    Names are learned where there is no point, too: people also look for a place to ask.
    """
    today = _today(zone)
    if look_queries.due(db, today, 1):
        jobs.enqueue(db, DAILY, {}, dedupe=DAILY)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), ZoneInfo(zone))
    at = tomorrow.astimezone(UTC)
    jobs.enqueue(db, DAILY, {"is_first": True}, run_at=at, dedupe=f"{DAILY}/{tomorrow.date()}")


def look_at(db: Session, point: HelpPoint, unit: Unit, today: date) -> None:
    """Note until when certificates stand behind a point; tell its coordinators once when that is soon over."""
    point.stands_until = queries.stands_until(db, unit.id, unit.path, today, today.max)
    point.looked_on = today
    if has_to_be_warned(point.state, point.stands_until, point.warned_on, today):
        point.warned_on = today
        events.announce(db, events.HelpPointEnding(point.id))
    elif point.stands_until is not None and point.stands_until > today + timedelta(days=WARN_DAYS):
        point.warned_on = None
