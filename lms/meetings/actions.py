"""What trainers do: hold sessions, note who was there, correct it, cancel."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.clock import now
from lms.content import queries as content
from lms.credentials.code import ALPHABET
from lms.db import insert_once
from lms.learning import actions as learning
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import CODE_LENGTH
from lms.quiz.actions import lock_actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

KIND, SOURCE = "attendance", "session"


class NotHeldYet(Exception):
    """Nobody can have been at a session that has not taken place, or never will."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is said of a session. `hours` are academic hours (45 minutes)."""

    title: str
    place: str
    is_online: bool
    held_on: date
    hours: float
    trainer: int


def make_session(db: Session, new: NewSession, *, course: str, unit: int, client_id: str, by: int) -> TrainingSession:
    """A new session; the one that this form made before if it is sent twice."""
    known = db.scalar(select(TrainingSession).where(TrainingSession.client_id == client_id))
    if known is not None:
        return known
    for _try in range(5):
        row = TrainingSession(client_id=client_id, code=_new_code(), course_id=course, unit_id=unit, made_by=by)
        row.made_at = now()
        _write(row, new)
        try:
            with db.begin_nested():
                db.add(row)
        except IntegrityError:
            known = db.scalar(select(TrainingSession).where(TrainingSession.client_id == client_id))
            if known is not None:
                return known
            continue  # the short code is taken
        return row
    raise RuntimeError("no short code is free")


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def _write(row: TrainingSession, new: NewSession) -> None:
    row.title, row.place, row.is_online = new.title, new.place, new.is_online
    row.held_on, row.hours, row.trainer_id = new.held_on, new.hours, new.trainer


def change_session(db: Session, held: TrainingSession, new: NewSession) -> None:
    """Correct what is said of a session. Nobody was there for longer than it took."""
    _write(held, new)
    longer = update(Attendance).where(Attendance.session_id == held.id, Attendance.hours > new.hours)
    db.execute(longer.values(hours=new.hours))


def cancel_session(db: Session, held: TrainingSession) -> None:
    """A session did not take place. Who was noted stays noted, but it counts for nothing until it is restored."""
    if held.cancelled_at is None:
        held.cancelled_at = now()
        for person in _present(db, held):
            learning.end_fact(db, person, held.course_id, KIND, str(held.id))
        events.announce(db, events.AttendanceNoted(held.id))


def restore_session(db: Session, held: TrainingSession) -> None:
    """It did take place after all."""
    if held.cancelled_at is not None:
        held.cancelled_at = None
        for person in _present(db, held):
            _tell(db, held, person)
        events.announce(db, events.AttendanceNoted(held.id))


def _present(db: Session, held: TrainingSession) -> list[int]:
    there = select(Attendance.person_id).where(Attendance.session_id == held.id, Attendance.ended_at.is_(None))
    return list(db.scalars(there.order_by(Attendance.person_id)))


def note_attendance(
    db: Session, held: TrainingSession, people: Mapping[int, float], *, by: int, today: date
) -> tuple[int, int]:
    """Note who was at a session and for how many academic hours; how many are new, and how many were corrected.

    Noting somebody again changes the hours only. Raises `NotHeldYet`.
    """
    if held.cancelled_at is not None or held.held_on > today:
        raise NotHeldYet
    added = corrected = 0
    for person in sorted(people):  # in one order, so that two lists at once cannot wait for each other
        hours = min(people[person], held.hours)
        lock_actor(db, person)
        fact = {"session_id": held.id, "person_id": person, "hours": hours, "noted_by": by, "noted_at": now()}
        if insert_once(db, Attendance, {**fact, "ended_at": None}):
            added += 1
        elif (was := _correct(db, held, person, hours, by)) is None:
            continue
        elif was:
            corrected += 1
            continue
        else:
            added += 1
        _tell(db, held, person)
    if added:
        events.announce(db, events.AttendanceNoted(held.id))
    return added, corrected


def _correct(db: Session, held: TrainingSession, person: int, hours: float, by: int) -> bool | None:
    """Write other hours: True; bring back who was taken off: False; None if nothing changes."""
    row = db.scalars(select(Attendance).where(Attendance.session_id == held.id, Attendance.person_id == person)).one()
    is_there = row.ended_at is None
    if is_there and row.hours == hours:
        return None
    row.hours, row.noted_by, row.noted_at, row.ended_at = hours, by, now(), None
    return is_there


def _tell(db: Session, held: TrainingSession, person: int) -> None:
    """The course learns of it: who was at a session of a course has begun it, and may have completed it."""
    learning.enrol(db, person, held.course_id, source=learning.BY_FACT)
    current = content.current(db, held.course_id)
    if current is None or not current.course.complete.attendance:
        learning.note_fact(db, person, held.course_id, KIND, str(held.id), 1, SOURCE)
    else:
        learning.record_fact(db, person, current, KIND, str(held.id), 1, SOURCE)


def end_attendance(db: Session, held: TrainingSession, people: Iterable[int], *, by: int) -> int:
    """Take people off the list of a session; how many were on it. What they have completed stays completed."""
    ended = 0
    for person in sorted(people):
        lock_actor(db, person)
        off = update(Attendance).where(
            Attendance.session_id == held.id, Attendance.person_id == person, Attendance.ended_at.is_(None)
        )
        done = off.values(ended_at=now(), noted_by=by).returning(Attendance.id)
        if db.execute(done).one_or_none() is not None:
            learning.end_fact(db, person, held.course_id, KIND, str(held.id))
            ended += 1
    if ended:
        events.announce(db, events.AttendanceNoted(held.id))
    return ended
