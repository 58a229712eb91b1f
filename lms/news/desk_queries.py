"""What authors see: announcements of their desk, whom one reaches, what became of it, who has not confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from lms.news.audience_queries import people_of
from lms.news.models import Announcement, NewsReading
from lms.news.rules import Audience, Sums, UnitSums, compared
from lms.paging import At, Page, page
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current, visible_people, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

MOST_CHOICES = 200
UNITS, TRAINERS = "units", "trainers"
# what an author answers for: units that she coordinates; as a trainer every course, and units to narrow it
RIGHTS = {UNITS: Right.COORDINATE, TRAINERS: Right.TEACH}


@dataclass(frozen=True, slots=True)
class Told:
    """An announcement on its author's desk."""

    row: Announcement
    unit: Unit | None
    author: str

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        row = self.row
        path = self.unit.path if self.unit is not None else ""
        return Audience(row.unit_id, path, row.role, row.language, row.course_id or "")


@dataclass(frozen=True, slots=True)
class ToldPage:
    """A page of the announcements of a desk, the newest first."""

    rows: Sequence[Told]
    page: Page


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an announcement is for: all, whom mail reaches, and by language."""

    people: int
    by_mail: int
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an announcement: in all, and in the units right below."""

    sums: Sums
    units: Sequence[UnitSums]


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who has not confirmed yet, and whether it was opened."""

    id: int
    name: str
    is_opened: bool


def told_page(db: Session, me: int, desk: str, at: At) -> ToldPage:
    """The announcements of a desk that somebody may see."""
    by = (Announcement.starts_on, Announcement.id)
    found = page(db, _told(me, desk), by, at, newest_first=True)
    return ToldPage([Told(row[0], row[1], row[2] or "") for row in found.rows], found)


def told(db: Session, me: int, desk: str, announcement: int) -> Told | None:
    """One of them."""
    row = db.execute(_told(me, desk).where(Announcement.id == announcement)).one_or_none()
    return None if row is None else Told(row[0], row[1], row[2] or "")


def told_by_client(db: Session, me: int, client_id: str) -> Announcement | None:
    """The announcement that this form made already."""
    made = Announcement.client_id == client_id, Announcement.made_by == me
    return db.scalar(select(Announcement).where(*made))


def _told(me: int, desk: str) -> Select[*tuple[Any, ...]]:
    rows = (
        select(Announcement, Unit, Person.name)
        .select_from(Announcement)
        .outerjoin(Unit, Unit.id == Announcement.unit_id)
        .outerjoin(Person, Person.id == Announcement.made_by)
        .where(Announcement.desk == desk)
    )
    return rows.where(visible_units(me, Right.COORDINATE)) if desk == UNITS else rows


def unit_named(db: Session, me: int, desk: str, text: str) -> Unit | None:
    """The open unit of somebody's own with a code, else the only one with a name."""
    mine = select(Unit).where(visible_units(me, RIGHTS[desk]), Unit.closed_on.is_(None))
    known = db.scalar(mine.where(Unit.code == text))
    if known is not None:
        return known
    same = db.scalars(mine.where(func.lower(Unit.name) == text.lower()).limit(2)).all()
    return same[0] if len(same) == 1 else None


def units_to_choose(db: Session, me: int, desk: str) -> Sequence[Unit]:
    """The highest open units of somebody's own, as many as a form can offer."""
    depth = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    mine = select(Unit).where(visible_units(me, RIGHTS[desk]), Unit.closed_on.is_(None))
    return db.scalars(mine.order_by(depth, Unit.name, Unit.id).limit(MOST_CHOICES)).all()


def reach(db: Session, audience: Audience, today: date) -> Reach:
    """Count whom an announcement would be for."""
    told = case((and_(Person.reminds, has_mail()), 1), else_=0)
    counted = select(Person.language, func.count(), func.sum(told)).where(*people_of(audience, today))
    rows = db.execute(counted.group_by(Person.language).order_by(func.count().desc(), Person.language)).all()
    return Reach(sum(row[1] for row in rows), sum(row[2] or 0 for row in rows), {row[0]: row[1] for row in rows})


def has_mail() -> ColumnElement[bool]:
    """The SQL condition on `Person` that mail reaches somebody, as `lms.integrations.contacts.contact` says it."""
    listed = and_(Person.email != "", Person.password_hash == "")
    return or_(Person.proved_email.is_not(None), listed)


def fate(db: Session, told: Told, today: date) -> Fate:
    """What became of an announcement, counted now: among those whom it is for today."""
    people = people_of(told.audience, today)
    row = db.execute(select(*_sums(func.count())).select_from(Person).outerjoin(*_reading(told)).where(*people)).one()
    sums, units = _as_sums(row), _by_unit(db, told, people, today)
    # coordinators see the people of their units by name; trainers may not work out what a few of them did
    return Fate(sums, compared(units, None if told.row.desk == UNITS else sums.people))


def _by_unit(
    db: Session, told: Told, people: Sequence[ColumnElement[bool]], today: date
) -> list[tuple[str, str, Sums]]:
    below = _units_beside(db, told.unit)
    if not below:
        return []
    place, counted = Unit.__table__.alias("place"), func.count(Person.id.distinct())
    rows = db.execute(
        select(Unit.id, *_sums(counted, Person.id))
        .select_from(Unit)
        .join(place, is_below(place.c.path, Unit.path))
        .join(Membership, and_(Membership.unit_id == place.c.id, is_current(today)))
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(*_reading(told))
        .where(Unit.id.in_([unit.id for unit in below]), *people)
        .group_by(Unit.id)
    )
    found = {row[0]: _as_sums(row[1:]) for row in rows}
    return [(unit.code, unit.name, found.get(unit.id, Sums())) for unit in below]


def _units_beside(db: Session, top: Unit | None) -> Sequence[Unit]:
    """The open units right below one; where none is named, the tops of all trees, or what is below the only one."""
    below = Unit.parent_id.is_(None) if top is None else Unit.parent_id == top.id
    found = db.scalars(
        select(Unit).where(below, Unit.closed_on.is_(None)).order_by(Unit.name, Unit.id).limit(MOST_CHOICES)
    ).all()
    return _units_beside(db, found[0]) if top is None and len(found) == 1 else found


def _reading(told: Told) -> tuple[type[NewsReading], ColumnElement[bool]]:
    mine = and_(NewsReading.person_id == Person.id, NewsReading.announcement_id == told.row.id)
    return NewsReading, mine


def _sums(everybody: Any, person: Any = None) -> list[Any]:
    """How many people, and how many of them received, opened, confirmed; each person once where they may come twice."""
    received = or_(NewsReading.sent_at.is_not(None), NewsReading.opened_at.is_not(None))
    states = (received, NewsReading.opened_at.is_not(None), NewsReading.confirmed_at.is_not(None))
    if person is None:
        return [everybody, *(func.count(case((state, 1))) for state in states)]
    return [everybody, *(func.count(case((state, person)).distinct()) for state in states)]


def _as_sums(row: Any) -> Sums:
    return Sums(*(int(each) for each in row))


def missing(db: Session, me: int, told: Told, today: date, at: At) -> tuple[Sequence[Missing], Page]:
    """Who has not confirmed, by name: only people whom the reader may see."""
    waits = (*people_of(told.audience, today), NewsReading.confirmed_at.is_(None))
    names = (
        select(Person.id, Person.name, NewsReading.opened_at)
        .outerjoin(*_reading(told))
        .where(*waits, visible_people(me, Right.SEE_PEOPLE, today))
    )
    found = page(db, names, (Person.folded_name, Person.id), at)
    return [Missing(row.id, row.name, row.opened_at is not None) for row in found.rows], found
