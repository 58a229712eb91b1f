"""Reads for certificates that rest on other people's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from lms.accrediting.models import Accreditation
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.learning.models import RequirementFact
from lms.meetings.models import Attendance, TrainingSession
from lms.paging import At, Page, page
from lms.people.models import Membership, Unit
from lms.people.queries import is_below, is_current, nearest_coordinators, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.content.structure import OrganisationRules

CASCADE = "cascade"
FOR_EVER = date.max


@dataclass(frozen=True, slots=True)
class Offer:
    """A course that gives certificates to organisations."""

    current: content.Current
    rules: OrganisationRules


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation and how far it is."""

    unit: str
    code: str
    title: str
    state: str
    helpers: int
    needed: int
    falls_on: date | None
    certificate: str


@dataclass(frozen=True, slots=True)
class AccreditationPage:
    """The organisations of somebody's units that have come near a certificate, and the sums by state."""

    rows: list[Row]
    sums: dict[str, int]
    page: Page
    is_offered: bool


def offers(db: Session) -> dict[str, Offer]:
    """The courses on offer that give certificates to organisations, by id."""
    return {
        each.course.id: Offer(each, each.course.certificate.organisations)
        for each in content.catalogue(db)
        if each.course.certificate is not None and each.course.certificate.organisations is not None
    }


def organisations_of(db: Session, person: int, rules: OrganisationRules, today: date) -> list[Unit]:
    """The open units that count somebody as one of their people.

    Rules that name kinds count everybody below a unit of that kind; others only the unit's own members.
    """
    paths = db.scalars(
        select(Unit.path)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person, is_current(today))
    ).all()
    steps = [path.strip("/").split("/") for path in paths]
    ids = {int(each) for step in steps for each in (step if rules.kinds else step[-1:])}
    where = [Unit.id.in_(ids), Unit.closed_on.is_(None)]
    if rules.kinds:
        where.append(Unit.kind.in_(rules.kinds))
    return list(db.scalars(select(Unit).where(*where).order_by(Unit.id)))


def ends_of_helpers(db: Session, unit: Unit, course: str, rules: OrganisationRules, today: date) -> list[date | None]:
    """The last day on which each helper of an organisation counts (None: without end); at most as many as are needed.

    A helper counts while the certificate is valid and the membership lasts. The longest come first.
    """
    certificate = func.coalesce(Certificate.valid_until, FOR_EVER)
    membership = func.coalesce(Membership.until, FOR_EVER)
    end = func.max(case((membership < certificate, membership), else_=certificate))
    place = is_below(Unit.path, unit.path) if rules.kinds else Unit.id == unit.id
    rows = db.execute(
        select(end)
        .select_from(Certificate)
        .join(Membership, and_(Membership.person_id == Certificate.actor_id, is_current(today)))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Certificate.course_id == course,
            Certificate.revoked_at.is_(None),
            Certificate.superseded_by.is_(None),
            Certificate.erased_at.is_(None),
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
            place,
        )
        .group_by(Certificate.actor_id)
        .order_by(end.desc())
        .limit(rules.helpers)
    )
    return [None if row[0] == FOR_EVER else row[0] for row in rows]


def certificate(db: Session, number: int | None) -> Certificate | None:
    """A certificate by its row id."""
    return db.get(Certificate, number) if number else None


def unit(db: Session, number: int) -> Unit | None:
    """An organisation by its row id."""
    return db.get(Unit, number)


def due(db: Session, today: date, most: int) -> Sequence[Accreditation]:
    """Organisations that were not looked at today, at most so many."""
    late = select(Accreditation).where(Accreditation.looked_on < today)
    return db.scalars(late.order_by(Accreditation.looked_on, Accreditation.id).limit(most)).all()


def not_yet_known(db: Session, offer: Offer, today: date, most: int) -> Sequence[Unit]:
    """Open organisations that nobody has looked at, with a certified person who came by another way than an exam there.

    Certified people move, and whole registers are read in; no certificate changes then.
    """
    course, home = offer.current.course.id, aliased(Unit)
    certified = (
        select(Membership.id)
        .join(home, home.id == Membership.unit_id)
        .join(Certificate, Certificate.actor_id == Membership.person_id)
        .where(
            is_current(today),
            is_below(home.path, Unit.path) if offer.rules.kinds else home.id == Unit.id,
            Certificate.course_id == course,
            Certificate.revoked_at.is_(None),
            Certificate.superseded_by.is_(None),
            Certificate.erased_at.is_(None),
            or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
        )
        .correlate(Unit)
    )
    known = select(Accreditation.id).where(Accreditation.unit_id == Unit.id, Accreditation.course_id == course)
    found = select(Unit).where(Unit.closed_on.is_(None), ~known.correlate(Unit).exists(), certified.exists())
    if offer.rules.kinds:
        found = found.where(Unit.kind.in_(offer.rules.kinds))
    return db.scalars(found.order_by(Unit.id).limit(most)).all()


def trainers_of(db: Session, person: int) -> list[int]:
    """Everybody at whose sessions somebody was."""
    rows = db.scalars(
        select(TrainingSession.trainer_id)
        .distinct()
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .where(
            Attendance.person_id == person,
            Attendance.ended_at.is_(None),
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.trainer_id != person,
        )
    )
    return sorted(rows)


def noted_cascade(db: Session, trainer: int, course: str) -> int:
    """How many people of a trainer's cascade a course knows of."""
    value = db.scalar(
        select(RequirementFact.value).where(
            RequirementFact.actor_id == trainer, RequirementFact.course_id == course, RequirementFact.kind == CASCADE
        )
    )
    return int(value or 0)


def accreditations(db: Session, me: int, at: At, *, state: str = "") -> AccreditationPage:
    """What a coordinator sees of the organisations in her units, by name."""
    offered = offers(db)
    seen = [
        Unit.id == Accreditation.unit_id,
        visible_units(me, Right.OVERSEE),
        Accreditation.course_id.in_(offered),
        or_(Unit.closed_on.is_(None), Accreditation.state != "none"),
    ]
    counted = select(Accreditation.state, func.count()).join_from(Accreditation, Unit, and_(*seen))
    sums = {row[0]: row[1] for row in db.execute(counted.group_by(Accreditation.state))}
    listed = (
        select(Accreditation, Unit.name, Unit.code, Certificate.code)
        .join_from(Accreditation, Unit, and_(*seen))
        .outerjoin(Certificate, Certificate.id == Accreditation.certificate_id)
    )
    if state:
        listed = listed.where(Accreditation.state == state)
    found = page(db, listed, (Unit.folded_name, Accreditation.id), at)
    return AccreditationPage([_row(offered, *tuple(each)[:4]) for each in found.rows], sums, found, bool(offered))


def _row(offered: dict[str, Offer], known: Accreditation, unit: str, code: str, certificate: str | None) -> Row:
    return Row(
        unit,
        code,
        offered[known.course_id].rules.title,
        known.state,
        known.helpers,
        known.needed,
        known.falls_on,
        certificate or "",
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the coordinators of an organisation have to know, and who they are: proved address and language."""

    unit: str
    title: str
    helpers: int
    needed: int
    falls_on: date | None
    is_closed: bool
    to: list[tuple[str, str]]


def to_tell(db: Session, accreditation: int) -> Told | None:
    """What to write about an organisation, to the coordinators of the nearest unit that has some."""
    known = db.get(Accreditation, accreditation)
    unit = db.get(Unit, known.unit_id) if known else None
    offer = offers(db).get(known.course_id) if known else None
    if known is None or unit is None or offer is None:
        return None
    to = nearest_coordinators(db, unit.path)
    is_closed = unit.closed_on is not None
    return Told(unit.name, offer.rules.title, known.helpers, known.needed, known.falls_on, is_closed, to)


def is_asked(db: Session) -> bool:
    """Whether any course on offer rests on other people's certificates."""
    return any(
        each.course.complete.cascade or (each.course.certificate and each.course.certificate.organisations)
        for each in content.catalogue(db)
    )
