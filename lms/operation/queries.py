"""Reads of the operator's desk. The number of statements does not grow with people, units or jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext
from sqlalchemy import and_, distinct, func, or_, select, text
from sqlalchemy.orm import aliased

from lms.content.models import CourseVersion, Publication, PublishedCourse
from lms.folding import fold
from lms.jobs import Job
from lms.operation.pages import (
    Counts,
    JobsPage,
    Line,
    LogPage,
    PeoplePage,
    PersonLine,
    PersonPage,
    Published,
    Store,
    UnitLine,
    UnitsPage,
)
from lms.paging import At, page
from lms.people import queries as people
from lms.people.models import Membership, Person, RoleGrant, SecurityEvent, Unit, UserSession
from lms.people.rules import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

LAST_LINES = 20
MOST_KINDS = 50


def counts(db: Session) -> Counts:
    """What is there, in one statement."""
    operator = and_(RoleGrant.role == Role.OPERATOR, RoleGrant.ended_at.is_(None))
    held = select(func.count(distinct(RoleGrant.person_id))).join(Person, Person.id == RoleGrant.person_id)
    offered = and_(PublishedCourse.current_version_id.is_not(None), PublishedCourse.is_withdrawn.is_(False))
    row = db.execute(
        select(
            select(func.count()).select_from(PublishedCourse).where(offered).scalar_subquery(),
            held.where(operator, Person.closed_at.is_(None)).scalar_subquery(),
            select(func.count()).select_from(Person).where(Person.closed_at.is_(None)).scalar_subquery(),
            select(func.count()).select_from(Job).where(Job.state == "waiting").scalar_subquery(),
            select(func.count()).select_from(Job).where(Job.state == "dead").scalar_subquery(),
        )
    ).one()
    return Counts(*row)


def damage(db: Session) -> str | None:
    """What SQLite finds when it reads its file from end to end, `ok` if nothing; None for other databases."""
    return str(db.scalar(text("pragma quick_check"))) if _kind(db) == "sqlite" else None


def store(db: Session) -> Store:
    """Kind, version, size and table revision of the database."""
    revision = MigrationContext.configure(db.connection()).get_current_revision() or ""
    if _kind(db) == "sqlite":
        size = "select page_count * page_size from pragma_page_count(), pragma_page_size()"
        return Store("SQLite", str(db.scalar(text("select sqlite_version()"))), db.scalar(text(size)) or 0, revision)
    size = "select pg_database_size(current_database())"
    named = str(db.scalar(text("show server_version"))).split()[0]
    return Store("PostgreSQL", named, db.scalar(text(size)) or 0, revision)


def _kind(db: Session) -> str:
    return db.get_bind().dialect.name


def publications(db: Session) -> list[Published]:
    """The last publication of each course."""
    newest = select(func.max(Publication.id)).group_by(Publication.course_id)
    rows = db.execute(
        select(
            PublishedCourse.id,
            PublishedCourse.pack,
            PublishedCourse.is_withdrawn,
            CourseVersion.number,
            Publication.at,
        )
        .join(Publication, Publication.course_id == PublishedCourse.id)
        .join(CourseVersion, CourseVersion.id == Publication.version_id)
        .where(Publication.id.in_(newest))
        .order_by(PublishedCourse.pack, PublishedCourse.position, PublishedCourse.id)
    )
    return [Published(*row) for row in rows]


def search_people(db: Session, words: str, at: At) -> PeoplePage:
    """People whose name, user name or address has every word, by name; closed accounts too."""
    chosen = select(Person)
    for word in words.split():
        plain = word.casefold()
        chosen = chosen.where(
            or_(
                Person.folded_name.contains(fold(word), autoescape=True),
                Person.user_name.contains(plain, autoescape=True),
                Person.email.contains(plain, autoescape=True),
            )
        )
    found = page(db, chosen, (Person.folded_name, Person.id), at)
    count = db.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    roles: dict[int, list[str]] = {}
    ids = [row[0].id for row in found.rows]
    held = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids), RoleGrant.ended_at.is_(None))
    for holder, role in db.execute(held.distinct().order_by(RoleGrant.role)):
        roles.setdefault(holder, []).append(role)
    return PeoplePage(count, [PersonLine(row[0], roles.get(row[0].id, ())) for row in found.rows], found)


def person(db: Session, person_id: int, moment: datetime) -> PersonPage | None:
    """One account; None if there is none."""
    found = people.person(db, person_id)
    if found is None:
        return None
    roles = db.execute(
        select(RoleGrant, Unit)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.role, Unit.name)
    )
    units = db.scalars(
        select(Unit)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person_id, people.is_current(moment.date()))
        .order_by(Unit.name)
    ).all()
    sessions = select(func.count()).where(
        UserSession.actor_id == person_id, UserSession.ended_at.is_(None), UserSession.expires_at > moment
    )
    return PersonPage(
        found, list(roles), units, db.scalar(sessions) or 0, log(db, At(), about=person_id).rows[:LAST_LINES]
    )


def roles_of(db: Session, person_id: int) -> Sequence[RoleGrant]:
    """The roles that somebody holds."""
    return db.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))).all()


def log(db: Session, at: At, *, about: int | None = None) -> LogPage:
    """The security log, newest first; perhaps only what one person did or underwent."""
    by, subject = aliased(Person), aliased(Person)
    lines = (
        select(SecurityEvent, by.name, subject.name)
        .outerjoin(by, by.id == SecurityEvent.actor_id)
        .outerjoin(subject, subject.id == SecurityEvent.subject_id)
    )
    if about is not None:
        lines = lines.where(or_(SecurityEvent.actor_id == about, SecurityEvent.subject_id == about))
    found = page(db, lines, (SecurityEvent.id, SecurityEvent.id), at, newest_first=True)
    return LogPage([_line(*row[:3]) for row in found.rows], found)


def _line(event: SecurityEvent, by: str | None, about: str | None) -> Line:
    return Line(event.at, event.kind, by or "", event.actor_id, about or "", event.subject_id, event.detail)


def units(db: Session, at: At, today: date) -> UnitsPage:
    """The organisation tree, each unit under the one it belongs to."""
    found = page(db, select(Unit), (Unit.path, Unit.id), at)
    listed = [row[0] for row in found.rows]
    counted = db.execute(
        select(Membership.unit_id, func.count(distinct(Membership.person_id)))
        .where(Membership.unit_id.in_([unit.id for unit in listed]), people.is_current(today))
        .group_by(Membership.unit_id)
    )
    members = {row[0]: row[1] for row in counted}
    rows = [UnitLine(unit, unit.path.count("/") - 2, members.get(unit.id, 0)) for unit in listed]
    return UnitsPage(rows, found, db.scalars(select(Unit.kind).distinct().order_by(Unit.kind).limit(MOST_KINDS)).all())


def unit(db: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return db.scalar(select(Unit).where(Unit.code == code))


def jobs(db: Session, state: str, at: At) -> JobsPage:
    """Jobs that wait, or that failed for good."""
    found = page(db, select(Job).where(Job.state == state), (Job.id, Job.id), at, newest_first=True)
    known = counts(db)
    return JobsPage([row[0] for row in found.rows], found, known.waiting_jobs, known.dead_jobs)


def job(db: Session, job_id: int) -> Job | None:
    """One job; None if it is done or never was."""
    return db.get(Job, job_id)
