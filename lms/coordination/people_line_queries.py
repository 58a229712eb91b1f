"""What a line of a list of people says: units, and where each person stands in each course.

A list has a page of people or all of a country, piece by piece: each piece takes five statements, and each of them one
parameter, however many people it asks for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Integer, any_, bindparam, cast, func, select

from lms.coordination.people_pages import PersonRow, Standing
from lms.credentials.models import Certificate
from lms.figures.models import Standing as Stands
from lms.figures.rules import State
from lms.learning.models import Enrolment
from lms.people.models import Membership, Unit
from lms.people.queries import is_current, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.coordination.pages import Desk


def described(db: Session, desk: Desk, found: Sequence[Any]) -> list[PersonRow]:
    """Units and standings of these people: five statements however many they are."""
    ids = [row.id for row in found]
    if not ids:
        return []
    standings, units = _standings(db, desk, ids), _units_of(db, desk, ids)
    none = dict.fromkeys(desk.courses, Standing())
    return [
        PersonRow(row.id, row.name, row.latin_name, units.get(row.id, ()), {**none, **standings.get(row.id, {})})
        for row in found
    ]


@dataclass(slots=True)
class _Notes:
    """What is gathered about one person in one course."""

    state: State = State.NOT_STARTED
    since: date | None = None
    begun: datetime | None = None
    last: datetime | None = None
    lesson: str = ""
    completed: datetime | None = None
    issued: datetime | None = None
    valid_until: date | None = None
    code: str = ""

    def was_active(self, moment: datetime, lesson: str = "") -> None:
        """Keep the latest moment, and the lesson of it."""
        if self.last is None or moment >= self.last:
            self.last, self.lesson = moment, lesson or self.lesson

    def as_standing(self) -> Standing:
        """The same, to be shown: a certificate counts from the day on which the figures know it."""
        certified = (self.issued or self.completed) if self.state is State.CERTIFIED else None
        return Standing(
            self.state, self.since, self.begun, self.last, self.lesson, certified, self.valid_until, self.code
        )


def _among(db: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """The SQL condition that a column is one of these ids: one parameter, so that the statement stays the same."""
    if db.get_bind().dialect.name == "sqlite":
        listed = func.json_each(bindparam(None, json.dumps(ids))).table_valued("value")
        return column.in_(select(listed.c.value))  # type: ignore[no-any-return]
    return column == any_(cast(bindparam(None, ids, ARRAY(Integer)), ARRAY(Integer)))  # type: ignore[no-any-return]


def _read(db: Session, rows: Select[*tuple[Any, ...]]) -> Any:
    """The rows, read without the ORM's loading."""
    return db.connection().execute(rows)


def _standings(db: Session, desk: Desk, ids: Sequence[int]) -> dict[int, dict[str, Standing]]:
    """Where these people stand, of each only the courses in which there is something to say."""
    wholes: dict[str, list[str]] = {}
    for course in desk.courses:
        for name in desk.names(course):
            wholes.setdefault(name, []).append(course)
    found: defaultdict[tuple[int, str], _Notes] = defaultdict(_Notes)
    _note_states(db, ids, list(desk.courses), found)
    _note_work(db, ids, wholes, found)
    _note_certificates(db, ids, [name for name, offer in desk.courses.items() if offer.gives_certificate], found)
    standings: dict[int, dict[str, Standing]] = {}
    for (person, course), notes in found.items():
        standings.setdefault(person, {})[course] = notes.as_standing()
    return standings


def _note_states(
    db: Session, ids: Sequence[int], courses: Sequence[str], found: defaultdict[tuple[int, str], _Notes]
) -> None:
    rows = select(Stands.person_id, Stands.course_id, Stands.state, Stands.since)
    for person, course, state, since in db.execute(
        rows.where(_among(db, Stands.person_id, ids), Stands.course_id.in_(courses))
    ):
        notes = found[person, course]
        notes.state, notes.since = State(state), since


def _note_work(
    db: Session, ids: Sequence[int], wholes: Mapping[str, Sequence[str]], found: defaultdict[tuple[int, str], _Notes]
) -> None:
    """When somebody began, and what they did last; a part of a programme is work in the programme."""
    enrolled = select(
        Enrolment.actor_id,
        Enrolment.course_id,
        Enrolment.enrolled_at,
        Enrolment.last_at,
        Enrolment.last_lesson,
        Enrolment.completed_at,
    ).where(_among(db, Enrolment.actor_id, ids), Enrolment.course_id.in_(list(wholes)))
    for person, name, begun, last, lesson, completed in _read(db, enrolled):
        for course in wholes[name]:
            notes = found[person, course]
            notes.begun = begun if notes.begun is None else min(notes.begun, begun)
            notes.was_active(last, lesson if course == name else "")
            notes.completed = completed if course == name else notes.completed
    tried = select(
        Attempt.actor_id, Attempt.course_id, func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at))
    ).where(_among(db, Attempt.actor_id, ids), Attempt.course_id.in_(list(wholes)))
    for person, name, last in _read(db, tried.group_by(Attempt.actor_id, Attempt.course_id)):
        for course in wholes[name]:
            found[person, course].was_active(last)


def _note_certificates(
    db: Session, ids: Sequence[int], courses: Sequence[str], found: defaultdict[tuple[int, str], _Notes]
) -> None:
    """The certificate that somebody holds, or held last; what was withdrawn is none."""
    rows = (
        select(
            Certificate.actor_id,
            Certificate.course_id,
            Certificate.issued_at,
            Certificate.valid_until,
            Certificate.code,
        )
        .where(_among(db, Certificate.actor_id, ids), Certificate.course_id.in_(courses))
        .where(Certificate.revoked_at.is_(None), Certificate.superseded_by.is_(None))
        .order_by(Certificate.id)
    )
    for person, course, issued, until, code in _read(db, rows):
        notes = found[person, course]
        notes.issued, notes.valid_until, notes.code = issued, until, code


def _units_of(db: Session, desk: Desk, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and name of the units in scope to which people belong."""
    rows = _read(
        db,
        select(Membership.person_id, Unit.code, Unit.name)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(_among(db, Membership.person_id, ids), is_current(desk.today))
        .where(visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(Unit.name, Unit.id),
    )
    found: dict[int, dict[str, str]] = {}
    for person, code, name in rows:
        found.setdefault(person, {})[code] = name
    return {person: list(units.items()) for person, units in found.items()}
