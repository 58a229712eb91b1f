"""Reads of groups: which there are, and how far each of their people is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from lms.credentials.models import Certificate
from lms.figures.rules import State
from lms.learning.assignment_queries import MOST_MEMBERS
from lms.learning.models import Enrolment, Exemption, Group, GroupMember, LessonRead
from lms.paging import At, page
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current, visible_people, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.coordination.pages import Offer
    from lms.paging import Page


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group as a line of a list; `done` of `people` have completed its course."""

    group: Group
    unit: str
    unit_code: str
    people: int
    done: int


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups in scope, the newest first."""

    rows: Sequence[GroupRow]
    page: Page


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a group, and how far they are."""

    id: int
    name: str
    code: str
    state: State
    read: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group and its people by name. `hidden` are those who have left the units of whoever looks."""

    group: Group
    unit: Unit
    rows: Sequence[MemberRow]
    hidden: int

    def count(self, state: State) -> int:
        """How many of its people stand there."""
        return sum(row.state is state for row in self.rows)


@dataclass(frozen=True, slots=True)
class TickPage:
    """Members of a group's unit, to tick: id, name, code, and whether they are in the group."""

    rows: Sequence[tuple[int, str, str, bool]]
    page: Page


def groups(db: Session, actor: int, at: At, *, ended: bool) -> GroupsPage:
    """The groups in this coordinator's units."""
    people = select(func.count()).select_from(GroupMember).where(GroupMember.group_id == Group.id)
    done = (
        select(func.count())
        .select_from(GroupMember)
        .join(Enrolment, Enrolment.actor_id == GroupMember.person_id)
        .where(GroupMember.group_id == Group.id, Enrolment.course_id == Group.course_id)
        .where(Enrolment.completed_at.is_not(None))
    )
    found = page(
        db,
        select(Group, Unit.name, Unit.code)
        .add_columns(people.correlate(Group).scalar_subquery(), done.correlate(Group).scalar_subquery())
        .join(Unit, Unit.id == Group.unit_id)
        .where(visible_units(actor, Right.COORDINATE))
        .where(Group.ended_at.is_not(None) if ended else Group.ended_at.is_(None)),
        (Group.id, Group.id),
        at,
        newest_first=True,
    )
    return GroupsPage([GroupRow(*row[:5]) for row in found.rows], found)


def group_in_scope(db: Session, actor: int, group_id: int) -> tuple[Group, Unit] | None:
    """A group of a unit of this coordinator, and the unit."""
    row = db.execute(
        select(Group, Unit)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Group.id == group_id, visible_units(actor, Right.COORDINATE))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def group(db: Session, actor: int, group_id: int, offer: Offer, today: date) -> GroupPage | None:
    """A group and where each of its people stands in its course, counted now: a group has 500 people at most."""
    found = group_in_scope(db, actor, group_id)
    if found is None:
        return None
    chosen, unit = found
    names = (chosen.course_id, *offer.parts)
    member = select(GroupMember.person_id).where(GroupMember.group_id == chosen.id)
    here = (Person.id.in_(member), Person.closed_at.is_(None))
    seen = visible_people(actor, Right.COORDINATE, today)
    read = select(func.count()).select_from(LessonRead).where(LessonRead.actor_id == Person.id)
    last = select(func.max(Enrolment.last_at)).where(Enrolment.actor_id == Person.id, Enrolment.course_id.in_(names))
    rows = db.execute(
        select(
            Person.id,
            Person.name,
            Person.code,
            _state(chosen.course_id, names, offer, today),
            read.where(LessonRead.course_id.in_(names)).correlate(Person).scalar_subquery(),
            last.correlate(Person).scalar_subquery(),
        )
        .where(*here, seen)
        .order_by(Person.folded_name, Person.id)
        .limit(MOST_MEMBERS)
    ).all()
    count = db.scalar(select(func.count()).select_from(Person).where(*here)) or 0
    members = [MemberRow(row[0], row[1], row[2] or "", State(row[3]), row[4], row[5]) for row in rows]
    return GroupPage(chosen, unit, members, count - len(members))


def _state(course: str, names: Sequence[str], offer: Offer, today: date) -> ColumnElement[Any]:
    """Where a person stands, as SQL: a group is looked at while it works, so nobody waits for the next count."""
    held = select(Certificate.id).where(
        Certificate.actor_id == Person.id,
        Certificate.course_id == course,
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
    )
    enrolled = select(Enrolment.id).where(Enrolment.actor_id == Person.id)
    completed = enrolled.where(Enrolment.course_id == course, Enrolment.completed_at.is_not(None))
    freed = select(Exemption.id).where(
        Exemption.person_id == Person.id, Exemption.course_id == course, Exemption.ended_at.is_(None)
    )
    return case(
        (exists((held if offer.gives_certificate else completed).correlate(Person)), State.CERTIFIED.value),
        (exists(freed.correlate(Person)), State.EXEMPT.value),
        (exists(enrolled.where(Enrolment.course_id.in_(names)).correlate(Person)), State.UNDER_WAY.value),
        else_=State.NOT_STARTED.value,
    )


def to_tick(db: Session, actor: int, group: Group, unit: Unit, today: date, at: At) -> TickPage:
    """The members of a group's unit and of those below it, by name."""
    inside = exists(
        select(GroupMember.group_id)
        .where(GroupMember.group_id == group.id, GroupMember.person_id == Person.id)
        .correlate(Person)
    )
    found = page(
        db,
        select(Person.id, Person.name, Person.code, inside).where(*_of_unit(actor, unit, today)),
        (Person.folded_name, Person.id),
        at,
    )
    return TickPage([(row[0], row[1], row[2] or "", bool(row[3])) for row in found.rows], found)


def of_unit(db: Session, actor: int, unit: Unit, today: date, ids: Sequence[int]) -> Sequence[int]:
    """Those of these people who are members of a unit, or of one below it, and in scope."""
    return db.scalars(select(Person.id).where(Person.id.in_(ids), *_of_unit(actor, unit, today))).all()


def _of_unit(actor: int, unit: Unit, today: date) -> tuple[ColumnElement[bool], ...]:
    member = (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == Person.id, is_current(today), is_below(Unit.path, unit.path))
        .where(visible_units(actor, Right.COORDINATE))
    )
    return (and_(Person.closed_at.is_(None), exists(member.correlate(Person))),)
