"""Whom a reminder reaches, and what became of reminders."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from lms.figures import queries as figures
from lms.figures.rules import State
from lms.integrations.contacts import contact
from lms.learning.assignment_queries import assigned
from lms.people.models import Person, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right
from lms.reminding.models import Reminder, ReminderDelivery
from lms.reminding.rules import COOL_DOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.plugins import MessageChannel

CHUNK = 1000
LATEST = 50


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of the chosen people a reminder reaches, and why it does not reach the others.

    `languages` counts those who are reached by the language in which they are written to.
    """

    chosen: int
    reached: int
    no_address: int
    said_no: int
    reminded: int
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder and what became of it so far."""

    reminder: Reminder
    waiting: int
    sent: int
    failed: int
    skipped: int


def reach(db: Session, chosen: Select[int], course: str, channel: MessageChannel, moment: datetime) -> Reach:
    """Count whom a reminder would reach. Reads the chosen people in pieces; nothing is kept of them."""
    counts: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    people = select(Person).where(Person.id.in_(chosen)).execution_options(yield_per=CHUNK)
    for person, was_reminded in db.execute(people.add_columns(_was_reminded(course, moment))):
        counts["chosen"] += 1
        reason = why_not(person, channel, was_reminded=was_reminded)
        counts[reason or "reached"] += 1
        if not reason:
            languages[person.language] += 1
    return Reach(
        counts["chosen"],
        counts["reached"],
        counts["no-address"],
        counts["said-no"],
        counts["reminded"],
        dict(languages.most_common()),
    )


def _was_reminded(course: str, moment: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an SQL expression
    return (
        select(ReminderDelivery.id)
        .join(Reminder, Reminder.id == ReminderDelivery.reminder_id)
        .where(
            ReminderDelivery.person_id == Person.id,
            ReminderDelivery.state == "sent",
            ReminderDelivery.at > moment - COOL_DOWN,
            Reminder.course_id == course,
        )
        .correlate(Person)
        .exists()
        .label("was_reminded")
    )


def why_not(person: Person, channel: MessageChannel, *, was_reminded: bool) -> str:
    """Why a reminder does not go to somebody: said-no, reminded, no-address; empty if it goes."""
    if not person.reminds:
        return "said-no"
    if was_reminded:
        return "reminded"
    return "" if channel.address(contact(person)) else "no-address"


@dataclass(frozen=True, slots=True)
class Due:
    """The next delivery, its person, and why it should not go out any more (empty: it should)."""

    delivery: ReminderDelivery
    person: Person | None
    reason: str
    deadline: date | None


def next_due(db: Session, reminder: Reminder, channel: MessageChannel, moment: datetime, after: int = 0) -> Due | None:
    """The next delivery that waits; looked at again at the last moment, because much may have happened since."""
    delivery = db.scalar(
        select(ReminderDelivery)
        .where(
            ReminderDelivery.reminder_id == reminder.id,
            ReminderDelivery.state == "waiting",
            ReminderDelivery.id > after,
        )
        .order_by(ReminderDelivery.id)
        .limit(1)
    )
    if delivery is None:
        return None
    row = db.execute(
        select(Person, _was_reminded(reminder.course_id, moment), _is_done(reminder.course_id)).where(
            Person.id == delivery.person_id, Person.closed_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return Due(delivery, None, "closed", None)
    person, was_reminded, is_done = row
    reason = "done" if is_done else why_not(person, channel, was_reminded=was_reminded)
    given = assigned(db, person.id, moment.date()).get(reminder.course_id) if not reason else None
    return Due(delivery, person, reason, given.due_on if given else None)


def _is_done(course: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an SQL expression
    done = figures.stands(course, State.CERTIFIED) | figures.stands(course, State.EXEMPT)
    return case((done, True), else_=False).label("is_done")


def reminders(db: Session, actor: int) -> Sequence[Sent]:
    """The last reminders that went to units in somebody's scope, or that they made themselves."""
    counts = {
        state: func.count(case((ReminderDelivery.state == state, 1)))
        for state in ("waiting", "sent", "failed", "skipped")
    }
    mine = select(Unit.id).where(Unit.id == Reminder.unit_id, visible_units(actor, Right.COORDINATE)).exists()
    rows = db.execute(
        select(Reminder, *counts.values())
        .outerjoin(ReminderDelivery, ReminderDelivery.reminder_id == Reminder.id)
        .where((Reminder.made_by == actor) | mine)
        .group_by(Reminder.id)
        .order_by(Reminder.made_at.desc(), Reminder.id)
        .limit(LATEST)
    )
    return [Sent(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def reminder(db: Session, reminder_id: str) -> Reminder | None:
    """One reminder."""
    return db.get(Reminder, reminder_id)
