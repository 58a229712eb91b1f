"""Help noted in the units of the cast."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lms.clock import now, saying
from lms.helping.models import HelpDefinition, HelpEntry
from lms.reach import actions
from lms.reach.rules import Period, Span
from tests.helping.world import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.jobs import Worker
    from tests.cast import Cast

SUMMER = Period(Span.MONTHS, date(2026, 6, 1), date(2026, 8, 31))


def note(
    db: Session, cast: Cast, unit: str, people: int, on: date, helper: str | None = "laura", **more: Any
) -> HelpEntry:
    """One entry; without a helper it is a tally."""
    values: dict[str, Any] = {
        "kind": "consultation", "audience": "citizen", "service": "health", "standing": "covered", "logged_at": now(),
    } | more  # fmt: skip
    row = HelpEntry(
        client_id=new_id(), helper_id=cast[helper] if helper else None, unit_id=cast.units[unit], given_on=on,
        people=people, is_tally=helper is None, logged_by=cast["nora"], **values,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def define(
    db: Session, cast: Cast, code: str, version: int, since: date | None, until: date | None, **more: Any
) -> None:
    """A definition of the whole tree."""
    values: dict[str, Any] = {"kinds": ["consultation"], "audiences": ["citizen"], "counts": "people"} | more
    db.add(
        HelpDefinition(
            unit_id=cast.units["ALL"], code=code, version=version, since=since, until=until,
            titles={"en": f"{code} {version}"}, texts={"en": f"What {code} means"}, made_at=now(), **values,
        )
    )  # fmt: skip


def write_closed(worker: Worker) -> None:
    """Let the worker write the figures of periods that were closed right now."""
    with saying(now() + actions.SETTLED):
        worker.drain()


def days_ago(days: int) -> date:
    return now().date() - timedelta(days=days)


def before(moment: datetime, **time: int) -> datetime:
    return moment - timedelta(**time)
