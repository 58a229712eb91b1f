"""What a line of a list of people says: units, and where each person stands in each course.

A page of people, or a piece of a list, takes six statements, and each of them one parameter, however many people it
asks for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, func, select, type_coerce

from lms.among import among
from lms.coordination.people_pages import Noted, Notes, PersonRow
from lms.credentials.models import Certificate
from lms.figures.models import Standing as Stands
from lms.learning.models import Enrolment
from lms.people.models import Membership, Unit
from lms.people.queries import is_current, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.coordination.pages import Desk

    Found: TypeAlias = Mapping[str, defaultdict[int, Notes]]


def described(db: Session, desk: Desk, found: Sequence[Any]) -> list[PersonRow]:
    """Units and standings of these people, for a page."""
    return [
        PersonRow(
            row.id, row.name, row.latin_name, row.units, {n: notes.as_standing() for n, notes in row.notes.items()}
        )
        for row in noted(db, desk, found)
    ]


def noted(db: Session, desk: Desk, found: Sequence[Any]) -> Iterator[Noted]:
    """What is known of these people: six statements however many they are."""
    ids = [row.id for row in found]
    if not ids:
        return
    units, notes = units_of(db, desk, ids), _notes_of(db, desk, ids)
    none = Notes()
    for row in found:
        person = row.id
        known = {course: by_person.get(person, none) for course, by_person in notes.items()}
        yield Noted(person, row.name, row.latin_name, units.get(person, ()), known)


def as_kept(column: Any) -> Any:
    """A column of days or moments, read as the driver gives them."""
    return type_coerce(column, String())


def read(db: Session, rows: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """The rows, read without the ORM's loading, and at once: one by one takes twice as long."""
    return db.connection().execute(rows).all()


def _notes_of(db: Session, desk: Desk, ids: Sequence[int]) -> dict[str, defaultdict[int, Notes]]:
    """Of each course, the people of whom there is something to say."""
    found = {course: defaultdict[int, Notes](Notes) for course in desk.courses}
    wholes: dict[str, list[str]] = {}
    for course in desk.courses:
        for name in desk.names(course):
            wholes.setdefault(name, []).append(course)
    _note_states(db, ids, found)
    _note_work(db, ids, wholes, found)
    _note_tries(db, ids, wholes, found)
    _note_certificates(db, ids, [name for name, offer in desk.courses.items() if offer.gives_certificate], found)
    return found


def _note_states(db: Session, ids: Sequence[int], found: Found) -> None:
    rows = select(Stands.person_id, Stands.course_id, Stands.state, as_kept(Stands.since), Stands.is_recognised).where(
        among(Stands.person_id, ids), Stands.course_id.in_(list(found))
    )
    for person, course, state, since, is_recognised in read(db, rows):
        notes = found[course][person]
        notes.state, notes.since, notes.is_recognised = state, since, is_recognised


def _note_work(db: Session, ids: Sequence[int], wholes: Mapping[str, Sequence[str]], found: Found) -> None:
    """When somebody began, and what they did last; a part of a programme is work in the programme."""
    rows = select(
        Enrolment.actor_id,
        Enrolment.course_id,
        as_kept(Enrolment.enrolled_at),
        as_kept(Enrolment.last_at),
        Enrolment.last_lesson,
        as_kept(Enrolment.completed_at),
    ).where(among(Enrolment.actor_id, ids), Enrolment.course_id.in_(list(wholes)))
    for person, name, begun, last, lesson, completed in read(db, rows):
        for course in wholes[name]:
            notes, is_whole = found[course][person], course == name
            notes.begun = begun if notes.begun is None else min(notes.begun, begun)
            if notes.last is None or last >= notes.last:
                notes.last, notes.lesson = last, (is_whole and lesson) or notes.lesson
            if is_whole:
                notes.completed = completed


def _note_tries(db: Session, ids: Sequence[int], wholes: Mapping[str, Sequence[str]], found: Found) -> None:
    last_try = func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at))
    rows = select(Attempt.actor_id, Attempt.course_id, as_kept(last_try)).where(
        among(Attempt.actor_id, ids), Attempt.course_id.in_(list(wholes))
    )
    for person, name, last in read(db, rows.group_by(Attempt.actor_id, Attempt.course_id)):
        for course in wholes[name]:
            notes = found[course][person]
            if notes.last is None or last >= notes.last:
                notes.last = last


def _note_certificates(db: Session, ids: Sequence[int], courses: Sequence[str], found: Found) -> None:
    """The certificate that somebody holds, or held last; what was withdrawn is none."""
    rows = (
        select(
            Certificate.id,
            Certificate.actor_id,
            Certificate.course_id,
            as_kept(Certificate.issued_at),
            as_kept(Certificate.valid_until),
            Certificate.code,
        )
        .where(among(Certificate.actor_id, ids), Certificate.course_id.in_(courses))
        .where(Certificate.revoked_at.is_(None), Certificate.superseded_by.is_(None))
    )
    for key, person, course, issued, until, code in read(db, rows):
        notes = found[course][person]
        if key > notes.certificate:
            notes.certificate, notes.issued, notes.valid_until, notes.code = key, issued, until, code


def units_of(db: Session, desk: Desk, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and name of the units in scope to which people belong, by name.

    Members first, then their units: in one statement PostgreSQL looks for the members of each unit.
    """
    members = select(Membership.person_id, Membership.unit_id)
    held = read(db, members.where(among(Membership.person_id, ids), is_current(desk.today)))
    units = (
        select(Unit.id, Unit.code, Unit.name)
        .where(among(Unit.id, {unit for _person, unit in held}))
        .where(visible_units(desk.coordinator, Right.SEE_PEOPLE))
    )
    if len({person for person, _unit in held}) < len(held):  # sorted only where somebody has several
        units = units.order_by(Unit.name, Unit.id)
    rows = read(db, units)
    named = {unit: (place, (code, name)) for place, (unit, code, name) in enumerate(rows)}
    found: dict[int, list[tuple[int, tuple[str, str]]]] = {}
    for person, unit in held:
        if unit in named:
            found.setdefault(person, []).append(named[unit])
    return {person: _in_order(units) for person, units in found.items()}


def _in_order(units: list[tuple[int, tuple[str, str]]]) -> list[tuple[str, str]]:
    """Codes and names by their place, each once: somebody may be a member twice."""
    if len(units) == 1:
        return [units[0][1]]
    return [words for _place, words in sorted(set(units))]
