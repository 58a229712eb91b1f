"""Everybody who was asked for, by name, as a stream: for a file of a whole country.

For many people one statement joins all that is known of each, so that each table is read once and along its rows.
Asking piece by piece looks everybody up in every table: right for few, but of a country it takes twice as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, null, select, text

from lms.among import among
from lms.coordination.missing_queries import computed, end_for, scope
from lms.coordination.people_line_queries import as_kept, noted, read, units_of
from lms.coordination.people_pages import Noted, Notes
from lms.coordination.people_rules import End
from lms.credentials.models import Certificate
from lms.figures.models import Standing
from lms.figures.rules import State
from lms.learning.models import Enrolment
from lms.people.models import Membership, Unit
from lms.people.queries import is_current, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from sqlalchemy import CTE, ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.coordination.pages import Desk
    from lms.coordination.people_pages import Asked

    Named: TypeAlias = tuple[str, int, str]

CHUNK = 5000  # rows that are read at a time
MANY = 20_000  # people from whom on reading whole tables takes less than looking them up
HASHES_ONLY = text("set local enable_nestloop = off")
MOST_JOINED = 6  # courses in one statement: SQLite joins 64 tables at most, and each course takes four
MOST_UNITS = 100_000  # names that are kept in memory, some 200 bytes each


class _Joined(NamedTuple):
    """What a statement says of one course: its columns, and what they are joined from and on."""

    columns: Sequence[ColumnElement[Any]]
    joins: Sequence[tuple[Any, ColumnElement[bool]]]


def all_people(db: Session, desk: Desk, asked: Asked) -> Iterator[Noted]:
    """Everybody who fits what was asked, by name; memory does not grow with how many they are.

    All names are passed by anyway: sorting them costs less than walking along them in order.
    """
    looked = scope(db, desk, asked)
    end = end_for(db, asked, looked)
    people = computed(desk, asked, End.MEMBERS if end is End.NAMES else end, looked)
    if looked.members > MANY and len(desk.courses) <= MOST_JOINED:
        _prepare(db)
        yield from _joined(db, desk, people)
        return
    ordered = select(*people.c).order_by(people.c.folded_name, people.c.id).execution_options(yield_per=CHUNK)
    for piece in db.connection().execute(ordered).partitions(CHUNK):
        yield from noted(db, desk, piece)


def _prepare(db: Session) -> None:
    """Say, for this transaction, that tables are joined whole.

    PostgreSQL cannot know how many people somebody's units have: it expects a few hundred of a country, and would look
    each of them up.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(HASHES_ONLY)


def _joined(db: Session, desk: Desk, people: CTE) -> Iterator[Noted]:
    units = _Units(db, desk)
    before: Noted | None = None
    rows = db.connection().execute(_statement(desk, people).execution_options(yield_per=CHUNK))
    for piece in rows.partitions(CHUNK):
        named = units.named(piece)
        for row in piece:
            person = row[0]
            if before is not None:
                if before.id == person:  # a second certificate of the same course makes a second row
                    _add_certificates(before, row)
                    continue
                yield before
            before = Noted(person, row[1], row[2], named[person], _notes(desk, row))
    if before is not None:
        yield before


def _statement(desk: Desk, people: CTE) -> Select[*tuple[Any, ...]]:
    """The people with two of their units, how many these are, and nine columns for each course (`_notes`)."""
    member = (
        select(
            Membership.person_id,
            func.min(Membership.unit_id).label("one"),
            func.max(Membership.unit_id).label("other"),
            func.count(Membership.unit_id.distinct()).label("several"),
        )
        .where(is_current(desk.today))
        .group_by(Membership.person_id)
        .subquery()
    )
    found = select(people.c.id, people.c.name, people.c.latin_name, member.c.one, member.c.other, member.c.several)
    source: Any = people.outerjoin(member, member.c.person_id == people.c.id)
    for course in desk.courses:
        for columns, joins in (_standing(people, course), _work(desk, people, course), _paper(desk, people, course)):
            found = found.add_columns(*columns)
            for table, on in joins:
                source = source.outerjoin(table, on)
    return found.select_from(source).order_by(people.c.folded_name, people.c.id)


def _standing(people: CTE, course: str) -> _Joined:
    table = Standing.__table__.alias()
    on = (table.c.person_id == people.c.id) & (table.c.course_id == course)
    return _Joined((table.c.state, as_kept(table.c.since), table.c.is_recognised), [(table, on)])


def _work(desk: Desk, people: CTE, course: str) -> _Joined:
    """When somebody last read or tried something, in the course or in its parts, and when the course was complete."""
    names = desk.names(course)
    tried = func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at)).label("last_try")
    tries = select(Attempt.actor_id, tried).where(Attempt.course_id.in_(names)).group_by(Attempt.actor_id).subquery()
    if len(names) == 1:
        table: Any = Enrolment.__table__.alias()
        on = (table.c.actor_id == people.c.id) & (table.c.course_id == course)
    else:
        whole = case((Enrolment.course_id == course, Enrolment.completed_at))
        work = select(
            Enrolment.actor_id, func.max(Enrolment.last_at).label("last_at"), func.max(whole).label("completed_at")
        )
        table = work.where(Enrolment.course_id.in_(names)).group_by(Enrolment.actor_id).subquery()
        on = table.c.actor_id == people.c.id
    columns = (as_kept(table.c.last_at), as_kept(table.c.completed_at), as_kept(tries.c.last_try))
    return _Joined(columns, [(table, on), (tries, tries.c.actor_id == people.c.id)])


def _paper(desk: Desk, people: CTE, course: str) -> _Joined:
    """Certificates in force or run out; what was withdrawn or renewed is none."""
    if not desk.courses[course].gives_certificate:
        return _Joined((null(), null(), null()), ())
    table = Certificate.__table__.alias()
    on = (table.c.actor_id == people.c.id) & (table.c.course_id == course)
    on &= table.c.revoked_at.is_(None) & table.c.superseded_by.is_(None)
    return _Joined((table.c.id, as_kept(table.c.issued_at), as_kept(table.c.valid_until)), [(table, on)])


FIRST, WIDTH = 6, 9  # where the columns of the courses begin, and how many each has


def _notes(desk: Desk, row: Any) -> dict[str, Notes]:
    found = {}
    for place, course in enumerate(desk.courses):
        first = FIRST + place * WIDTH
        state, since, is_recognised, last, completed, tried, key, issued, until = row[first : first + WIDTH]
        if tried is not None and (last is None or tried > last):
            last = tried
        found[course] = Notes(
            state=state or State.NOT_STARTED,
            since=since,
            last=last,
            completed=completed,
            issued=issued,
            valid_until=until,
            certificate=key or 0,
            is_recognised=bool(is_recognised),
        )
    return found


def _add_certificates(known: Noted, row: Any) -> None:
    """Of several certificates of one course, the one that was issued last counts."""
    for place, notes in enumerate(known.notes.values()):
        key, issued, until = row[FIRST + place * WIDTH + 6 : FIRST + (place + 1) * WIDTH]
        if (key or 0) > notes.certificate:
            notes.certificate, notes.issued, notes.valid_until = key, issued, until


class _Units:
    """Code and name of the units in scope to which people belong, each looked up once."""

    def __init__(self, db: Session, desk: Desk) -> None:
        self.db, self.desk = db, desk
        self.known: dict[int, Named | None] = {}  # name and id, by which they are sorted, and code; None: out of scope

    def named(self, piece: Sequence[Any]) -> dict[int, Sequence[tuple[str, str]]]:
        """By person, code and name of the units, by name."""
        self._learn({unit for row in piece for unit in row[3:5] if unit is not None})
        known = self.known
        found: dict[int, Sequence[tuple[str, str]]] = {}
        many = [row[0] for row in piece if (row[5] or 0) > 2]
        for row in piece:
            one, other = known.get(row[3]), known.get(row[4]) if row[4] != row[3] else None
            found[row[0]] = [(code, name) for name, _id, code in sorted(each for each in (one, other) if each)]
        return found | units_of(self.db, self.desk, many) if many else found

    def _learn(self, units: set[int]) -> None:
        new = units - self.known.keys()
        if not new:
            return
        if len(self.known) > MOST_UNITS:
            self.known.clear()
            new = units
        self.known.update(dict.fromkeys(new))
        rows = select(Unit.id, Unit.code, Unit.name).where(among(Unit.id, new))
        for unit, code, name in read(self.db, rows.where(visible_units(self.desk.coordinator, Right.SEE_PEOPLE))):
            self.known[unit] = (name, unit, code)
