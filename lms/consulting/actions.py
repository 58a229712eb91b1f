"""Verbs of help asked for: ask, suggest, take, assign, answer, end, say how it ended. Each leaves a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from lms import events
from lms.clock import now
from lms.consulting import consultant_queries, place_queries, rules
from lms.consulting.models import Consultation, ConsultationContact, ConsultationStep
from lms.consulting.rules import State, Step
from lms.db import insert_once
from lms.helping import catalogue
from lms.helping.rules import LONGEST_NOTE, Outcome, scan
from lms.people.short_codes import new_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

# steps of which somebody is written to
TOLD = frozenset(
    {
        *(Step.SUGGESTED, Step.ASSIGNED, Step.TAKEN_AWAY, Step.REMINDED, Step.TAKEN, Step.WITHDRAWN),
        *(Step.SOLVED, Step.PASSED_ON, Step.NOT_SOLVED),
    }
)


class BadRequest(ValueError):
    """What was sent cannot be kept. `problems` maps fields to what is wrong, as `rules.problems` says."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


class NoPlace(LookupError):
    """Nobody answers requests there, or there is no such unit any more."""


class NotYours(LookupError):
    """Whoever acts has not taken this request, or does not answer for its place."""


class TakenAlready(ValueError):
    """Somebody else has it."""


class Over(ValueError):
    """It was ended or withdrawn meanwhile; that stands."""


def ask(db: Session, asked: rules.Asked, *, client_id: str, today: date) -> Consultation:
    """Keep a request and suggest it to somebody. What was sent before under this `client_id` is not kept again.

    Raises `NoPlace` and `BadRequest`.
    """
    known = db.scalar(select(Consultation).where(Consultation.client_id == client_id))
    if known is not None:
        return known
    place = place_queries.place(db, asked.unit)
    if place is None:
        raise NoPlace
    lists = catalogue.catalogue(db, place.root, today)
    found = {"audience": lists.audience(asked.audience), "service": lists.service(asked.service)}
    problems = rules.problems(asked) | {field: "unknown" for field, choice in found.items() if choice is None}
    if problems:
        raise BadRequest(problems)
    if not _insert(db, asked, client_id):
        return db.scalars(select(Consultation).where(Consultation.client_id == client_id)).one()
    row = db.scalars(select(Consultation).where(Consultation.client_id == client_id)).one()
    contact = asked.contact
    kept = {name: getattr(contact, name) for name in ("phone", "email", "messenger", "times", "words")}
    db.add(ConsultationContact(consultation_id=row.id, **kept))
    step(db, row, Step.ASKED)
    suggest(db, row, today)
    return row


def _insert(db: Session, asked: rules.Asked, client_id: str) -> bool:
    moment = now()
    values: dict[str, Any] = {
        **dict.fromkeys(("suggested_to", "taken_by", "taken_at", "meets_on", "answered_after", "solved_after")),
        **dict.fromkeys(("ended_at", "is_solved", "entry_id")),
        "client_id": client_id,
        "code": new_code(),
        "unit_id": asked.unit,
        "audience": asked.audience,
        "service": asked.service,
        "channel": asked.channel,
        "language": asked.language,
        "state": State.NEW,
        "asked_at": moment,
        "waits_since": moment,
        "outcome": "",
        "note": "",
    }
    return insert_once(db, Consultation, values)


def suggest(db: Session, row: Consultation, today: date) -> bool:
    """Ask the next who fits to take a request; whether there is one. Whoever was asked before is not asked again."""
    path = place_queries.path_of(db, row.unit_id)
    wish = rules.Wish(path, row.service, row.channel, row.language)
    asked = consultant_queries.asked_before(db, row.id)
    found = rules.suggest(wish, consultant_queries.candidates(db, path, today), asked)
    if found is None:
        row.state, row.suggested_to = State.NEW, None
        return False
    row.state, row.suggested_to, row.waits_since = State.SUGGESTED, found.person, now()
    step(db, row, Step.SUGGESTED, to=found.person, reasons=found.reasons)
    return True


def take(db: Session, row: Consultation, person: int, today: date) -> None:
    """Take a request. Of two who take it at once one has it. Raises `NotYours`, `TakenAlready`, `Over`."""
    path = place_queries.path_of(db, row.unit_id)
    if not consultant_queries.may_answer(db, person, path, today):
        raise NotYours(row.id)
    moment = now()
    mine = update(Consultation).where(Consultation.id == row.id, Consultation.state.in_(rules.FREE))
    taken = {"state": State.TAKEN, "taken_by": person, "taken_at": moment, "waits_since": moment, "suggested_to": None}
    # the database decides: a second one waits for the first, and then finds no row
    has_it = db.execute(mine.values(taken).returning(Consultation.id)).one_or_none() is not None
    db.refresh(row)
    if has_it:
        step(db, row, Step.TAKEN, by=person, to=person)
    elif row.state not in rules.HELD:
        raise Over
    elif row.taken_by != person:
        raise TakenAlready


def assign(db: Session, row: Consultation, person: int, *, by: int, today: date) -> None:
    """Give a request to a consultant for its place. Raises `NotYours` (she is none) and `Over`."""
    path = place_queries.path_of(db, row.unit_id)
    if not consultant_queries.may_answer(db, person, path, today):
        raise NotYours(row.id)
    _hold(db, row)
    if row.state not in rules.LIVE:
        raise Over
    if row.taken_by == person:
        return
    if row.state in rules.HELD:
        step(db, row, Step.TAKEN_AWAY, by=by, to=row.taken_by)
    row.state, row.taken_by, row.suggested_to = State.TAKEN, person, None
    row.meets_on = None  # what was agreed, was agreed with somebody else
    row.taken_at = row.waits_since = now()
    step(db, row, Step.ASSIGNED, by=by, to=person)


def give_back(db: Session, row: Consultation, person: int, today: date) -> None:
    """Say no to a suggestion, or give back what was taken; the next one is asked. Raises `NotYours`."""
    _hold(db, row)
    has_it = row.state in rules.HELD and row.taken_by == person
    if not has_it and not (row.state == State.SUGGESTED and row.suggested_to == person):
        raise NotYours(row.id)
    release(db, row, person, Step.GIVEN_BACK if has_it else Step.PASSED_OVER, by=person, today=today)


def release(db: Session, row: Consultation, person: int | None, kind: Step, *, by: int | None, today: date) -> None:
    """Take a request away from whoever has it or is asked, and ask the next."""
    step(db, row, kind, by=by, to=person)
    row.taken_by = row.taken_at = row.suggested_to = row.meets_on = None
    row.state, row.waits_since = State.NEW, now()
    db.flush()
    suggest(db, row, today)


def answer(db: Session, row: Consultation, person: int, meets_on: date | None) -> None:
    """Say that the asker was reached, and on which day they meet or speak. Raises `NotYours`."""
    _hold(db, row)
    if row.state not in rules.HELD or row.taken_by != person:
        raise NotYours(row.id)
    if row.state == State.ANSWERED and row.meets_on == meets_on:
        return
    row.state, row.meets_on, row.waits_since = State.ANSWERED, meets_on, now()
    _note_answered(row)
    step(db, row, Step.ANSWERED, by=person)


def end(db: Session, row: Consultation, outcome: Outcome, note: str, *, by: int | None) -> None:
    """End a request: by whoever took it, or by a coordinator, which the caller decides. Twice changes nothing.

    Raises `Over` where it ended otherwise, and `BadRequest` where the note may lead to a person.
    """
    plain = " ".join(note.split())
    if len(plain) > LONGEST_NOTE or scan(plain).refused:
        raise BadRequest({"note": "long" if len(plain) > LONGEST_NOTE else "personal"})
    _hold(db, row)
    if row.outcome == outcome:
        return
    if row.state not in rules.LIVE:
        raise Over
    if by is not None and row.taken_by == by:
        _note_answered(row)
    row.state, row.outcome, row.note, row.ended_at = rules.OUTCOMES[outcome], outcome, plain, now()
    row.suggested_to = None
    if outcome == Outcome.SOLVED:
        row.solved_after = rules.minutes_between(row.asked_at, row.ended_at)
    step(db, row, rules.ENDS[outcome], by=by)


def withdraw(db: Session, row: Consultation) -> None:
    """Take a request back, by who asked; the contact goes at once. Raises `Over`."""
    _hold(db, row)
    if row.state == State.WITHDRAWN:
        return
    if row.state not in rules.LIVE:
        raise Over
    row.state, row.ended_at, row.suggested_to = State.WITHDRAWN, now(), None
    step(db, row, Step.WITHDRAWN, to=row.taken_by)
    forget(db, row)


def say(db: Session, row: Consultation, *, is_solved: bool) -> None:
    """Note what the asker says of how it ended, and close it; the last word counts. Raises `Over` before it ended."""
    _hold(db, row)
    if row.state not in rules.ENDED | {State.CLOSED}:
        raise Over
    if row.is_solved is is_solved:
        return
    row.is_solved, row.state = is_solved, State.CLOSED
    step(db, row, Step.SAID_SOLVED if is_solved else Step.SAID_NOT)


def settle(db: Session, row: Consultation, *, by: int) -> None:
    """Note that a coordinator knows what the asker says: it was not solved."""
    step(db, row, Step.SEEN, by=by)


def reopen(db: Session, row: Consultation, *, by: int, today: date) -> None:
    """Ask others anew about what the asker says was not solved. Raises `Over` where nobody could reach the asker."""
    _hold(db, row)
    if row.is_solved is not False or row.state != State.CLOSED or db.get(ConsultationContact, row.id) is None:
        raise Over
    row.outcome = row.note = ""
    row.is_solved = row.ended_at = row.solved_after = None
    release(db, row, row.taken_by, Step.REOPENED, by=by, today=today)


def close(db: Session, row: Consultation) -> None:
    """Close what ended and of which the asker said nothing."""
    row.state = State.CLOSED
    step(db, row, Step.CLOSED)


def forget(db: Session, row: Consultation) -> None:
    """Delete what leads to the asker."""
    db.execute(delete(ConsultationContact).where(ConsultationContact.consultation_id == row.id))
    step(db, row, Step.FORGOTTEN)


def step(
    db: Session,
    row: Consultation,
    kind: Step,
    *,
    by: int | None = None,
    to: int | None = None,
    reasons: Mapping[str, Any] | None = None,
) -> None:
    """Keep what happened, and tell whoever has to know."""
    made = ConsultationStep(consultation_id=row.id, kind=kind, by=by, to=to, at=now(), reasons=dict(reasons or {}))
    db.add(made)
    db.flush()
    if kind in TOLD:
        events.announce(db, events.ConsultationMoved(made.id))


def _note_answered(row: Consultation) -> None:
    if row.answered_after is None:
        row.answered_after = rules.minutes_between(row.asked_at, now())


def _hold(db: Session, row: Consultation) -> None:
    db.refresh(row, with_for_update=True)
