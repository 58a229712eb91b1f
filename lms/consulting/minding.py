"""What is done about requests and hard questions while nobody looks: the next is asked, contacts are deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from lms import jobs
from lms.among import among
from lms.clock import now
from lms.consulting import actions, expert_actions, expert_rules, month_queries, rules
from lms.consulting.models import AskedMonth, Consultation, ConsultationContact, ConsultationStep
from lms.consulting.rules import TO_ASKERS, State, Step
from lms.db import insert_once
from lms.helping.rules import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from flask import Flask
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database

JOB = "mind_consultations"
MONTHLY = "tell_asked_month"
EVERY = 600  # seconds
AT_ONCE = 100
WEEK = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=90)  # that nobody was found for a request


def ask_minding(db: Session) -> None:
    """Ask for the job that runs every ten minutes, as housekeeping does each minute."""
    turn = int(now().timestamp() // EVERY)
    jobs.enqueue(db, JOB, {}, dedupe=f"{JOB}/{turn}")


def _ask_monthly(db: Session, today: date) -> None:
    """Ask for the letter about the month that is over, if nobody was told of it yet."""
    month = rules.month_before(today)
    if db.get(AskedMonth, month) is None:
        jobs.enqueue(db, MONTHLY, {"month": month.isoformat()}, dedupe=f"{MONTHLY}/{month}")


def mind(app: Flask, database: Database, task: jobs.Task) -> None:
    """Do whatever is due, some at a time; what is left is asked for again."""
    settings: Settings = app.config["LMS"]
    moment = now()
    today = moment.astimezone(ZoneInfo(settings.time_zone)).date()
    waited = moment - timedelta(hours=settings.consultant_hours)
    with database.writing() as db:
        jobs.let_others_ask(db, task)
        _ask_monthly(db, today)
    kinds: tuple[Callable[[Session], int], ...] = (
        lambda db: _ask_next(db, waited, today),
        lambda db: _try_again(db, moment, today),
        lambda db: _remind(db, State.TAKEN, waited, today),
        lambda db: _remind(db, State.ANSWERED, moment - WEEK, today),
        lambda db: _close(db, moment - rules.CLOSE_AFTER),
        lambda db: _forget(db, moment - timedelta(days=settings.contact_days)),
        lambda db: expert_actions.pass_on(db, moment - expert_rules.PATIENCE, AT_ONCE),
    )
    most = 0
    for each in kinds:
        with database.writing() as db:  # one for each, so that nobody waits for all of them
            most = max(most, each(db))
    with database.writing() as db:
        if most == AT_ONCE:
            jobs.enqueue(db, JOB, {})
        jobs.finish(db, task)
    _forget_letters(database, settings)


def _forget_letters(database: Database, settings: Settings) -> None:
    """Delete letters to askers whose contact is deleted: where no mail server takes them, they lie in a folder."""
    letters = {file: file.name.split("-")[1] for file in settings.outbox.glob(f"{TO_ASKERS}-*.eml")}
    numbers = {int(number) for number in letters.values() if number.isdecimal()}
    if not numbers:
        return
    with database.reading() as db:
        known = select(ConsultationContact.consultation_id).where(among(ConsultationContact.consultation_id, numbers))
        kept = {str(number) for number in db.scalars(known)}
    for file, number in letters.items():
        if number not in kept:
            file.unlink(missing_ok=True)


def _due(db: Session, *conditions: ColumnElement[bool]) -> Sequence[Consultation]:
    rows = select(Consultation).where(*conditions).order_by(Consultation.waits_since, Consultation.id)
    return db.scalars(rows.limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def _ask_next(db: Session, before: datetime, today: date) -> int:
    """Whoever was asked and did not take a request in time is passed over."""
    rows = _due(db, Consultation.state == State.SUGGESTED, Consultation.waits_since < before)
    for row in rows:
        actions.release(db, row, row.suggested_to, Step.PASSED_OVER, by=None, today=today)
    return len(rows)


def _try_again(db: Session, moment: datetime, today: date) -> int:
    """Somebody may be free now. What found nobody for months is ended, so that the contact does not stay for ever."""
    old = _due(db, Consultation.state == State.NEW, Consultation.asked_at < moment - FORGOTTEN_AFTER)
    for row in old:
        actions.end(db, row, Outcome.NOT_SOLVED, "", by=None)
    db.flush()
    for row in _in_turn(db, moment):
        actions.suggest(db, row, today)
    return len(old)  # the others, for whom nobody is free, wait for the next turn


def _in_turn(db: Session, moment: datetime) -> Sequence[Consultation]:
    """Some of those that nobody was found for, others each time: so many may wait in vain that the rest never came."""
    new = select(Consultation).where(Consultation.state == State.NEW).order_by(Consultation.id)
    waiting = db.scalar(select(func.count()).select_from(new.subquery())) or 1
    skipped = int(moment.timestamp() // EVERY) * AT_ONCE % waiting
    return db.scalars(new.offset(skipped).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def _remind(db: Session, state: State, before: datetime, today: date) -> int:
    """Remind whoever took a request; after some reminders it goes to the next, or ends if the asker was reached.

    Before the day for which they agreed there is nothing to remind of.
    """
    is_past = or_(Consultation.meets_on.is_(None), Consultation.meets_on < today)
    rows = _due(db, Consultation.state == state, Consultation.waits_since < before, is_past)
    for row in rows:
        if _reminders(db, row) < rules.MOST_REMINDERS:
            row.waits_since = now()
            actions.step(db, row, Step.REMINDED, to=row.taken_by)
        elif state == State.TAKEN:
            actions.release(db, row, row.taken_by, Step.PASSED_OVER, by=None, today=today)
        else:
            actions.end(db, row, Outcome.NOT_SOLVED, "", by=None)
    return len(rows)


def _reminders(db: Session, row: Consultation) -> int:
    """How often somebody was reminded since they took it."""
    sent = select(func.count()).where(
        ConsultationStep.consultation_id == row.id,
        ConsultationStep.kind == Step.REMINDED,
        ConsultationStep.at >= row.taken_at,
    )
    return db.scalar(sent) or 0


def _close(db: Session, before: datetime) -> int:
    rows = _due(db, Consultation.state.in_(rules.ENDED), Consultation.ended_at < before)
    for row in rows:
        actions.close(db, row)
    return len(rows)


def _forget(db: Session, before: datetime) -> int:
    kept = select(ConsultationContact.consultation_id).where(ConsultationContact.consultation_id == Consultation.id)
    rows = _due(db, Consultation.ended_at < before, kept.exists())
    for row in rows:
        actions.forget(db, row)
    return len(rows)


def tell_month(zone: str, database: Database, task: jobs.Task) -> None:
    """Have the trainers written to about what was asked for in a month, once, if anything was. `zone` is the site's."""
    month = rules.month_of(task.args["month"])
    with database.writing() as db:
        is_new = insert_once(db, AskedMonth, {"month": month, "told_at": now()})
        if is_new and month_queries.has_any(db, month, ZoneInfo(zone)):
            jobs.enqueue(db, "letter", {"kind": "asked_month", "person": month.year * 100 + month.month})
        jobs.finish(db, task)
