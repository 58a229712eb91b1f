"""Lists of people: a page of one, all of it as a stream, and what a line of it says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from lms.coordination.missing_queries import end_for, fitting, listed, scope
from lms.coordination.models import SavedFilter
from lms.coordination.people_pages import Asked, Choice, Kept, PeoplePage, PersonRow, Standing
from lms.coordination.people_rules import End
from lms.coordination.queries import tops
from lms.credentials.models import Certificate
from lms.figures.models import Standing as Stands
from lms.figures.rules import State
from lms.learning.models import Enrolment, Group
from lms.paging import At, Page, page
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_current, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.coordination.missing_queries import Rows
    from lms.coordination.pages import Desk
    from lms.coordination.people_pages import Scope

CHUNK = 1000
MOST_COUNTED = 1000
MOST_CHOICES = 200
MOST_KEPT = 50
BELOW = 1000  # longer than any path


def people(db: Session, desk: Desk, asked: Asked, at: At) -> PeoplePage:
    """A page of the people who fit what was asked, by name; the number of statements never grows."""
    looked = scope(db, desk, asked)
    end = end_for(db, asked, looked)
    rows = listed(desk, asked, end, looked)
    found = page(db, rows, _by_name(rows, end), at)
    count, is_more = _count(db, desk, asked, looked, found)
    return PeoplePage(
        count=count,
        is_more=is_more,
        rows=described(db, desk, found.rows),
        page=found,
        units=_units_to_choose(db, desk, asked, looked),
        groups=_groups_to_choose(db, desk),
        kept=kept_filters(db, desk.coordinator),
    )


def all_people(db: Session, desk: Desk, asked: Asked) -> Iterator[PersonRow]:
    """Everybody who fits what was asked, by name: one statement read as a stream, so that memory does not grow."""
    looked = scope(db, desk, asked)
    end = end_for(db, asked, looked)
    rows = listed(desk, asked, end, looked)
    ordered = rows.order_by(*_by_name(rows, end)).execution_options(yield_per=CHUNK)
    for piece in db.execute(ordered).partitions(CHUNK):
        yield from described(db, desk, piece)


def _by_name(rows: Rows, end: End) -> Any:
    if end is End.NAMES:
        return Person.folded_name, Person.id
    columns = rows.selected_columns
    return columns.folded_name, columns.id


def _count(db: Session, desk: Desk, asked: Asked, looked: Scope, found: Page) -> tuple[int, bool]:
    """How many fit, and whether there are more than that."""
    if found.rows and hasattr(found.rows[0], "total"):
        return found.rows[0].total, False
    if not found.earlier and not found.later:
        return len(found.rows), False
    known = fitting(db, asked, looked)
    if known is not None:
        return known, False
    some = listed(desk, asked, End.NAMES, looked).limit(MOST_COUNTED + 1).subquery()
    count = db.scalar(select(func.count()).select_from(some)) or 0
    return min(count, MOST_COUNTED), count > MOST_COUNTED


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
        rows.where(Stands.person_id.in_(ids), Stands.course_id.in_(courses))
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
    ).where(Enrolment.actor_id.in_(ids), Enrolment.course_id.in_(list(wholes)))
    for person, name, begun, last, lesson, completed in db.execute(enrolled):
        for course in wholes[name]:
            notes = found[person, course]
            notes.begun = begun if notes.begun is None else min(notes.begun, begun)
            notes.was_active(last, lesson if course == name else "")
            notes.completed = completed if course == name else notes.completed
    tried = select(
        Attempt.actor_id, Attempt.course_id, func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at))
    ).where(Attempt.actor_id.in_(ids), Attempt.course_id.in_(list(wholes)))
    for person, name, last in db.execute(tried.group_by(Attempt.actor_id, Attempt.course_id)):
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
        .where(Certificate.actor_id.in_(ids), Certificate.course_id.in_(courses))
        .where(Certificate.revoked_at.is_(None), Certificate.superseded_by.is_(None))
        .order_by(Certificate.id)
    )
    for person, course, issued, until, code in db.execute(rows):
        notes = found[person, course]
        notes.issued, notes.valid_until, notes.code = issued, until, code


def _units_of(db: Session, desk: Desk, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and name of the units in scope to which people belong."""
    rows = db.execute(
        select(Membership.person_id, Unit.code, Unit.name)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(ids), is_current(desk.today))
        .where(visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(Unit.name, Unit.id)
    )
    found: dict[int, dict[str, str]] = {}
    for person, code, name in rows:
        found.setdefault(person, {})[code] = name
    return {person: list(units.items()) for person, units in found.items()}


def _units_to_choose(db: Session, desk: Desk, asked: Asked, looked: Scope) -> Sequence[Unit]:
    """The units to choose from: those above the one that is looked at, itself, and the units right below."""
    highest = looked.tops if asked.unit is None else tops(db, desk.coordinator, Right.SEE_PEOPLE)
    above = [int(part) for part in asked.unit.path.strip("/").split("/")] if asked.unit is not None else []
    below = [unit.id for unit in looked.tops]
    found = db.scalars(
        select(Unit)
        .where(or_(Unit.parent_id.in_(below), Unit.id.in_(above)), visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(case((Unit.id.in_(above), func.length(Unit.path)), else_=BELOW), Unit.name, Unit.id)
        .limit(MOST_CHOICES)
    ).all()
    return [*highest, *(unit for unit in found if unit.id not in {top.id for top in highest})]


def _groups_to_choose(db: Session, desk: Desk) -> Sequence[Choice]:
    """The groups in scope that learn now, the one that ends last first."""
    rows = db.execute(
        select(Group.id, Group.name, Unit.name)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Group.ended_at.is_(None), visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(Group.ends_on.desc(), Group.id.desc())
        .limit(MOST_CHOICES)
    )
    return [Choice(str(number), f"{name} ({unit})") for number, name, unit in rows]


def kept_filters(db: Session, person: int) -> Sequence[Kept]:
    """The filters that somebody keeps, by name."""
    rows = db.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
        .where(SavedFilter.person_id == person)
        .order_by(SavedFilter.name, SavedFilter.id)
        .limit(MOST_KEPT)
    )
    return [Kept(number, name, query) for number, name, query in rows]
