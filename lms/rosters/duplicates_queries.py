"""Reads of people who may be one: who waits for a decision, and what each of two has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.credentials.models import Certificate
from lms.learning.models import Enrolment, LessonRead
from lms.meetings.models import Attendance
from lms.paging import At, page
from lms.people.merging import keeper
from lms.people.models import Membership, Person, RoleGrant, Unit, UserSession
from lms.people.queries import is_current, visible_people, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt
from lms.rosters.duplicates_rules import Decision, Reason
from lms.rosters.models import PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from lms.paging import Page

MOST_ENTRIES = 10
MOST_COUNTED = 1000
ASKED_FOR = (Reason.CLAIM, Reason.JOIN)  # one of the two asked a coordinator to look


@dataclass(frozen=True, slots=True)
class Question:
    """Two people who may be one, as a line of a list."""

    id: int
    one: str
    other: str
    reason: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One of two people: what is known of them, and how much hangs on them."""

    person: Person
    units: Sequence[str]
    signs_in: bool
    has_role: bool
    courses: int
    lessons: int
    attempts: int
    certificates: int
    sessions: int


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two people side by side: whose account goes on if they are one, and whose ends."""

    question: PossibleDuplicate
    keep: Side
    gone: Side


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """Pairs that wait for a decision."""

    rows: Sequence[Question]
    page: Page


def on_the_register(db: Session, email: str, *, but: int) -> Sequence[Person]:
    """Entries of registers with this address, with which nobody has ever signed in."""
    found = select(Person).where(Person.email == email, Person.id != but, is_untouched(), Person.email != "")
    return db.scalars(found.order_by(Person.id).limit(MOST_ENTRIES)).all()


def entry_by_code(db: Session, code: str) -> Person | None:
    """The entry of a register with this code, if nobody has ever signed in with it."""
    return db.scalar(select(Person).where(Person.code == code.strip(), is_untouched()))


def is_untouched() -> ColumnElement[bool]:
    """The SQL condition on `Person` that holds for open accounts with which nobody has ever signed in."""
    has_been_here = exists(select(UserSession.id).where(UserSession.actor_id == Person.id).correlate(Person))
    return and_(
        Person.closed_at.is_(None),
        Person.password_hash == "",
        Person.user_name.is_(None),
        Person.proved_email.is_(None),
        ~has_been_here,
    )


def questions(db: Session, actor: int, today: date, at: At) -> QuestionsPage:
    """Pairs that nobody has decided, of which this coordinator sees both."""
    one, other = aliased(Person), aliased(Person)
    found = page(
        db,
        select(PossibleDuplicate.id, one.name.label("one"), other.name.label("other"))
        .add_columns(PossibleDuplicate.reason, PossibleDuplicate.found_at)
        .join(one, one.id == PossibleDuplicate.person_id)
        .join(other, other.id == PossibleDuplicate.other_id)
        .where(*_waits(actor, today)),
        (PossibleDuplicate.id, PossibleDuplicate.id),
        at,
    )
    return QuestionsPage([Question(*row[:5]) for row in found.rows], found)


def count_questions(db: Session, actor: int, today: date) -> int:
    """How many pairs wait for this coordinator's decision; counted up to `MOST_COUNTED`."""
    waiting = select(PossibleDuplicate.id).where(*_waits(actor, today)).limit(MOST_COUNTED)
    return db.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def question(db: Session, actor: int, today: date, question_id: int) -> PossibleDuplicate | None:
    """A pair that waits for this coordinator's decision."""
    return db.scalar(select(PossibleDuplicate).where(PossibleDuplicate.id == question_id, *_waits(actor, today)))


def question_about(db: Session, actor: int, today: date, one: int, other: int) -> int | None:
    """The id of the undecided question about two people that this coordinator may decide."""
    first, second = sorted((one, other))
    pair = (PossibleDuplicate.person_id == first, PossibleDuplicate.other_id == second)
    return db.scalar(select(PossibleDuplicate.id).where(*pair, *_waits(actor, today)))


def compare(db: Session, actor: int, today: date, question_id: int) -> ComparePage | None:
    """Two people side by side, the one whose account would go on first."""
    found = question(db, actor, today, question_id)
    if found is None:
        return None
    keep, gone = keeper(db.get_one(Person, found.person_id), db.get_one(Person, found.other_id))
    return ComparePage(found, _side(db, actor, today, keep), _side(db, actor, today, gone))


def _waits(actor: int, today: date) -> tuple[ColumnElement[bool], ...]:
    """Undecided, and she sees both; of whoever asked her to look, it is enough that she sees the untouched entry.

    To see the asker alone is not enough: an entry of somebody else's register would be hers to give away.
    """
    pair = (PossibleDuplicate.person_id, PossibleDuplicate.other_id)
    one, other = (_sees(column, actor, today) for column in pair)
    entry = or_(*(_sees(column, actor, today, is_untouched()) for column in pair))
    return (
        PossibleDuplicate.decision == Decision.OPEN,
        or_(and_(one, other), and_(PossibleDuplicate.reason.in_(ASKED_FOR), entry)),
        _is_open(PossibleDuplicate.person_id),
        _is_open(PossibleDuplicate.other_id),
    )


def _sees(
    person: InstrumentedAttribute[int], actor: int, today: date, *further: ColumnElement[bool]
) -> ColumnElement[bool]:
    seen = select(Person.id).where(Person.id == person, visible_people(actor, Right.COORDINATE, today), *further)
    return exists(seen.correlate(PossibleDuplicate))


def _is_open(person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    found = select(Person.id).where(Person.id == person, Person.closed_at.is_(None))
    return exists(found.correlate(PossibleDuplicate))


def _side(db: Session, actor: int, today: date, person: Person) -> Side:
    """What one has; units only as far as the reader sees them."""
    units = (
        select(Unit.name)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person.id, is_current(today), visible_units(actor, Right.COORDINATE))
    )
    counted = (
        (Enrolment, Enrolment.actor_id),
        (LessonRead, LessonRead.actor_id),
        (Attempt, Attempt.actor_id),
        (Certificate, Certificate.actor_id),
        (Attendance, Attendance.person_id),
    )
    numbers = [
        db.scalar(select(func.count()).select_from(table).where(owner == person.id)) or 0 for table, owner in counted
    ]
    role = exists().where(RoleGrant.person_id == person.id, RoleGrant.ended_at.is_(None))
    return Side(
        person,
        db.scalars(units.order_by(Unit.name).distinct()).all(),
        not db.scalar(select(is_untouched()).where(Person.id == person.id)),
        bool(db.scalar(select(role))),
        *numbers,
    )
