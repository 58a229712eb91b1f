"""Reads of sessions: the list, one session, what a form can offer. All narrowed to what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.learning.models import Group
from lms.meetings.cascade_queries import is_by_certified
from lms.meetings.models import Attendance, TrainingSession
from lms.meetings.rules import MOST_NEAR
from lms.paging import At, Page, page
from lms.people.models import Person, RoleGrant, Unit
from lms.people.queries import is_below, visible_people, visible_units
from lms.people.rules import Right, roles_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.meetings.rules import Offer

MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session: where and for whom it is, who holds it, how many were there.

    `counts` is whether its trainer was entitled on that day; `may_change` whether the reader may change it.
    """

    id: int
    code: str
    title: str
    course: str
    unit: Unit
    place: str
    is_online: bool
    held_on: date
    hours: float
    trainer: int
    trainer_name: str
    is_cancelled: bool
    people: int
    counts: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """A page of the list of sessions, the newest first."""

    rows: Sequence[SessionRow]
    page: Page


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    """Somebody who was at a session, for so many academic hours."""

    id: int
    name: str
    code: str
    hours: float


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session. `hidden` were there, too, but are not among the people whom the reader may see by name."""

    session: SessionRow
    attendees: Sequence[AttendeeRow]
    hidden: int
    page: Page


def is_visible(me: int) -> ColumnElement[bool]:
    """The SQL condition on `TrainingSession`: one's own, in units where one may teach; where one sees people, all."""
    own = or_(TrainingSession.trainer_id == me, TrainingSession.made_by == me)
    return and_(_in(visible_units(me, Right.TEACH)), or_(own, _in(visible_units(me, Right.SEE_PEOPLE))))


def may_change(me: int) -> ColumnElement[bool]:
    """The SQL condition on `TrainingSession`: one's own in units where one may teach, all where one coordinates."""
    own = or_(TrainingSession.trainer_id == me, TrainingSession.made_by == me)
    return and_(_in(visible_units(me, Right.TEACH)), or_(own, _in(visible_units(me, Right.COORDINATE))))


def _in(units: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Unit.id).where(Unit.id == TrainingSession.unit_id, units).correlate(TrainingSession))


def sessions(db: Session, me: int, offers: Mapping[str, Offer], at: At, *, mine: bool = False) -> SessionsPage:
    """The sessions that somebody may see; with `mine`, those that somebody holds."""
    wanted = _described(me, offers)
    if mine:
        wanted = wanted.where(TrainingSession.trainer_id == me)
    found = page(db, wanted, (TrainingSession.held_on, TrainingSession.id), at, newest_first=True)
    return SessionsPage([_row(row) for row in found.rows], found)


def session(db: Session, me: int, session_id: int, offers: Mapping[str, Offer]) -> SessionRow | None:
    """One session, if somebody may see it."""
    row = db.execute(_described(me, offers).where(TrainingSession.id == session_id)).one_or_none()
    return None if row is None else _row(row)


def session_page(
    db: Session, me: int, session_id: int, offers: Mapping[str, Offer], today: date, at: At
) -> SessionPage | None:
    """A session with those who were there."""
    held = session(db, me, session_id, offers)
    if held is None:
        return None
    was_there = (Attendance.session_id == session_id, Attendance.ended_at.is_(None))
    seen = (
        select(Person.id, Person.name, Person.code, Attendance.hours)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(*was_there, visible_people(me, Right.TEACH, today))
    )
    found = page(db, seen, (Person.folded_name, Person.id), at)
    count = db.scalar(select(func.count()).select_from(seen.subquery())) or 0
    rows = [AttendeeRow(row.id, row.name, row.code or "", row.hours) for row in found.rows]
    return SessionPage(held, rows, held.people - count, found)


def _described(me: int, offers: Mapping[str, Offer]) -> Select[*tuple[Any, ...]]:
    trainer = aliased(Person)
    people = select(func.count()).where(Attendance.session_id == TrainingSession.id, Attendance.ended_at.is_(None))
    return (
        select(
            TrainingSession,
            Unit,
            trainer.name,
            people.correlate(TrainingSession).scalar_subquery(),
            is_by_certified(offers),
            may_change(me),
        )
        .join(Unit, Unit.id == TrainingSession.unit_id)
        .outerjoin(trainer, trainer.id == TrainingSession.trainer_id)
        .where(is_visible(me))
    )


def _row(row: Any) -> SessionRow:
    held, unit, name, people, counts, may = tuple(row)[:6]
    return SessionRow(
        id=held.id,
        code=held.code,
        title=held.title,
        course=held.course_id,
        unit=unit,
        place=held.place,
        is_online=held.is_online,
        held_on=held.held_on,
        hours=held.hours,
        trainer=held.trainer_id,
        trainer_name=name or "",
        is_cancelled=held.cancelled_at is not None,
        people=people,
        counts=bool(counts),
        may_change=bool(may),
    )


def session_by_code(db: Session, me: int, code: str) -> int | None:
    """The id of the session with a short code, if somebody may see it."""
    return db.scalar(select(TrainingSession.id).where(TrainingSession.code == code, is_visible(me)))


def session_to_change(db: Session, me: int, session_id: int) -> TrainingSession | None:
    """The row of a session that somebody may change."""
    return db.scalar(select(TrainingSession).where(TrainingSession.id == session_id, may_change(me)))


def session_made_by(db: Session, me: int, client_id: str) -> int | None:
    """The id of the session that this form made already."""
    return db.scalar(
        select(TrainingSession.id).where(TrainingSession.client_id == client_id, TrainingSession.made_by == me)
    )


def unit_named(db: Session, me: int, right: Right, text: str) -> Unit | list[Unit]:
    """The open unit with a code, else with a name, in which somebody has a right; else a few with names like it."""
    mine = select(Unit).where(visible_units(me, right), Unit.closed_on.is_(None))
    known = db.scalar(mine.where(Unit.code == text))
    if known is not None:
        return known
    same = db.scalars(mine.where(func.lower(Unit.name) == text.lower()).limit(MOST_NEAR)).all()
    if len(same) == 1:
        return same[0]
    like = [Unit.name.icontains(word, autoescape=True) for word in text.split()[:4]]
    return list(same) or list(db.scalars(mine.where(or_(*like)).order_by(Unit.path).limit(MOST_NEAR))) if like else []


def units_to_choose(db: Session, me: int, right: Right, top: Unit | None = None) -> Sequence[Unit]:
    """The highest open units in which somebody has a right, as many as a form can offer."""
    depth = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    mine = select(Unit).where(visible_units(me, right), Unit.closed_on.is_(None))
    if top is not None:
        mine = mine.where(is_below(Unit.path, top.path))
    return db.scalars(mine.order_by(depth, Unit.name, Unit.id).limit(MOST_CHOICES)).all()


def children(db: Session, me: int, unit: Unit | None) -> Sequence[Unit]:
    """The open units right below one, or the highest in which somebody may see people; as many as a page can show."""
    if unit is None:
        return _tops(db, me)
    below = select(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    return db.scalars(below.order_by(Unit.name, Unit.id).limit(MOST_CHOICES)).all()


def _tops(db: Session, me: int) -> Sequence[Unit]:
    """The highest units in which somebody may see people, by what was granted: a few rows whatever lies below."""
    grants = db.execute(
        select(RoleGrant.unit_id, Unit)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.person_id == me,
            RoleGrant.role.in_(roles_with(Right.SEE_PEOPLE)),
            RoleGrant.ended_at.is_(None),
        )
    ).all()
    if any(row[0] is None for row in grants):
        roots = select(Unit).where(Unit.parent_id.is_(None), Unit.closed_on.is_(None))
        return db.scalars(roots.order_by(Unit.name, Unit.id).limit(MOST_CHOICES)).all()
    units = {row[1].id: row[1] for row in grants}.values()
    highest = [unit for unit in units if not any(unit.path.startswith(o.path) for o in units if o is not unit)]
    return sorted(highest, key=lambda unit: (unit.name, unit.id))


def groups_to_choose(db: Session, me: int, top: Unit, course: str) -> Sequence[Group]:
    """The groups that take a course in a unit or below it."""
    units = select(Unit.id).where(is_below(Unit.path, top.path), visible_units(me, Right.TEACH))
    return db.scalars(
        select(Group)
        .where(Group.unit_id.in_(units), Group.course_id == course, Group.ended_at.is_(None))
        .order_by(Group.starts_on.desc(), Group.id)
        .limit(MOST_CHOICES)
    ).all()


def trainers_to_choose(db: Session, me: int) -> Sequence[tuple[str, str]]:
    """Code or user name, and name, of people who may teach in units that somebody coordinates."""
    grants = (
        select(RoleGrant.person_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.ended_at.is_(None),
            RoleGrant.role.in_(roles_with(Right.TEACH)),
            visible_units(me, Right.COORDINATE),
        )
    )
    rows = db.execute(
        select(func.coalesce(Person.code, Person.user_name, Person.name), Person.name)
        .where(Person.id.in_(grants), Person.closed_at.is_(None))
        .order_by(Person.folded_name, Person.id)
        .limit(MOST_CHOICES)
    )
    return [(row[0], row[1]) for row in rows]
