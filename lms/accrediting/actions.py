"""Looking at organisations: their certificates are issued, renewed, warned of and taken back by rule alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms import events, jobs
from lms.accrediting import queries, rules
from lms.accrediting.models import Accreditation
from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as credentials
from lms.credentials.actions import Earned
from lms.credentials.certification import certification
from lms.credentials.facts import valid_until
from lms.credentials.queries import facts_of, has_ended
from lms.learning import actions as learning
from lms.meetings import cascade_queries

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.accrediting.queries import Offer
    from lms.credentials.models import Certificate
    from lms.db import Database
    from lms.people.models import Unit

JOB = "accredit"
DAILY = "accredit_daily"
AT_ONCE = 200  # organisations looked at in one transaction, so that nobody waits for it
SOURCE = "cascade"
LAPSED = "Too few of its people hold a valid certificate: {helpers} of {needed}."
CLOSED = "The organisation was closed, or became part of another one."


def mind_certificate(db: Session, certificate: int) -> None:
    """A certificate was issued or changed: whatever rests on it is looked at by the worker."""
    if queries.is_asked(db):
        jobs.enqueue(db, JOB, {"certificate": certificate})


def mind_session(db: Session, session: int) -> None:
    """Who was at a session was noted or taken off: the trainer's cascade is counted by the worker."""
    if queries.is_asked(db):
        jobs.enqueue(db, JOB, {"session": session})


def look(database: Database, task: jobs.Task) -> None:
    """Look at whatever rests on a certificate or on a session."""
    with database.writing() as db:
        if "session" in task.args:
            judge_cascade(db, cascade_queries.trainer_of(db, task.args["session"]))
        else:
            row = queries.certificate(db, task.args["certificate"])
            if row is not None and row.actor_id is not None:
                _look_around(db, row.actor_id, row.course_id)
        jobs.finish(db, task)


def look_daily(database: Database, task: jobs.Task) -> None:
    """Look at each organisation once a day, some at a time: certificates end, people leave, certified people come."""
    today = now().date()
    with database.writing() as db:
        offered = queries.offers(db)
        for known in queries.due(db, today, AT_ONCE):
            unit = queries.unit(db, known.unit_id)
            known.looked_on = today
            if unit is not None and known.course_id in offered:
                look_at(db, unit, offered[known.course_id])
        is_more = False
        for offer in offered.values():
            found = queries.not_yet_known(db, offer, today, AT_ONCE)
            is_more = is_more or len(found) == AT_ONCE
            for unit in found:
                look_at(db, unit, offer)
        if is_more or queries.due(db, today, 1):
            jobs.enqueue(db, DAILY, {})
        jobs.finish(db, task)


def ask_daily(db: Session) -> None:
    """Ask for the daily look: now if it is due, and the next one for tomorrow."""
    today = now().date()
    if queries.due(db, today, 1):
        jobs.enqueue(db, DAILY, {}, dedupe=DAILY)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    jobs.enqueue(db, DAILY, {}, run_at=tomorrow, dedupe=f"{DAILY}/{tomorrow.date()}")


def _look_around(db: Session, person: int, course: str) -> None:
    offer = queries.offers(db).get(course)
    if offer is not None:
        for unit in queries.organisations_of(db, person, offer.rules, now().date()):
            look_at(db, unit, offer)
    for trainer in queries.trainers_of(db, person):
        judge_cascade(db, trainer)


def judge_cascade(db: Session, trainer: int | None) -> None:
    """Note how many certified people a trainer has trained, in each course that asks for a cascade."""
    asking = [each for each in content.catalogue(db) if each.course.complete.cascade]
    if trainer is None or not asking:
        return
    found = cascade_queries.cascade(db, trainer, cascade_queries.offers_of(db), now().date())
    trained = found.steps[0].certified if found.steps else 0
    for current in asking:
        if trained != queries.noted_cascade(db, trainer, current.course.id):
            learning.record_fact(db, trainer, current, queries.CASCADE, "", trained, SOURCE)


def look_at(db: Session, unit: Unit, offer: Offer) -> Accreditation:
    """Do what the rules ask for one organisation, and note how it stands."""
    today, asked = now().date(), offer.rules
    until = queries.ends_of_helpers(db, unit, offer.current.course.id, asked, today)
    known = _known(db, unit, offer, today)
    held = queries.certificate(db, known.certificate_id)
    if held is not None and has_ended(held, today):
        held = None
    situation = rules.Situation(
        today,
        asked.helpers,
        until,
        held is not None,
        held.valid_until if held else None,
        known.warned_on,
        _days(asked.warn, today),
        unit.closed_on is None,
    )
    known.helpers, known.needed, known.looked_on = len(until), asked.helpers, today
    known.falls_on = rules.falls_on(until, asked.helpers, today)
    _take(db, unit, offer, known, held, rules.step(situation))
    _keep_name(db, unit, known)
    db.flush()
    return known


def _keep_name(db: Session, unit: Unit, known: Accreditation) -> None:
    """The certificate of an organisation that was renamed is corrected: the old one says that it was replaced."""
    held = queries.certificate(db, known.certificate_id)
    if known.state == "none" or held is None or (facts := facts_of(held)).holder == unit.name:
        return
    made = credentials.correct(db, held, replace(facts, holder=unit.name), key=f"renamed/{held.id}")
    known.certificate_id = made.id


def _take(
    db: Session, unit: Unit, offer: Offer, known: Accreditation, held: Certificate | None, wanted: rules.Step
) -> None:
    if wanted in ("issue", "renew"):
        known.number += 1
        earned = _earned(db, unit, offer, known.number)
        row = credentials.renew(db, held, earned) if held else credentials.issue(db, earned)
        known.certificate_id, known.warned_on, held = row.id, None, row
    elif wanted == "warn":
        known.warned_on = known.looked_on
        events.announce(db, events.OrganisationWarned(known.id))
    elif wanted == "lapse" and held is not None:
        words = LAPSED if unit.closed_on is None else CLOSED
        credentials.revoke(db, held, reason=words.format(helpers=known.helpers, needed=known.needed))
        known.warned_on, held = None, None
        events.announce(db, events.OrganisationLapsed(known.id))
    elif wanted == "calm":
        known.warned_on = None
    known.state = "none" if held is None else "warned" if known.warned_on else "valid"


def _known(db: Session, unit: Unit, offer: Offer, today: date) -> Accreditation:
    course = offer.current.course.id
    known = db.scalar(
        select(Accreditation)
        .where(Accreditation.unit_id == unit.id, Accreditation.course_id == course)
        .with_for_update()
    )
    if known is None:
        known = Accreditation(
            unit_id=unit.id, course_id=course, helpers=0, needed=offer.rules.helpers, looked_on=today, state="none"
        )
        known.number = 0
        db.add(known)
        db.flush()
    return known


def _days(words: str, today: date) -> int:
    until = valid_until(today, words)
    return (until - today) // timedelta(days=1) if until else 0


def _earned(db: Session, unit: Unit, offer: Offer, number: int) -> Earned:
    course = offer.current.course
    certified = certification(db, course)
    assert certified is not None
    facts = replace(certified.of_organisation(course.language), holder=unit.name)
    key = f"unit/{unit.id}/{course.id}/{number}"
    return Earned(key, None, offer.current.version, offer.rules.valid, facts, unit.id)
