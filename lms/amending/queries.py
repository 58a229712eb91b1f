"""Reads about what becomes of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.amending.models import CertificateRequest, ExpiryNotice
from lms.amending.rules import STAGES
from lms.credentials.models import Certificate
from lms.credentials.queries import facts_of
from lms.paging import At, Page, page
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current, visible_people, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session


MONTHS = 12


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a coordinator sees it."""

    id: int
    kind: str
    code: str
    title: str
    printed: str
    wanted: str
    reason: str
    withdrawn_for: str
    asked_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """The requests that wait for somebody, the oldest first."""

    rows: list[RequestRow]
    page: Page


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """The certificates that end in the next months, in a unit or in all that somebody may see."""

    months: list[date]
    courses: list[str]
    numbers: dict[tuple[date, str], int]
    total: int
    has_expired: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What the holder has to know of a decision, and where to write to."""

    name: str
    email: str
    language: str
    kind: str
    is_granted: bool
    answer: str
    reason: str
    code: str
    title: str


def own(db: Session, actor: int, code: str) -> Certificate | None:
    """Somebody's own certificate with a code."""
    mine = select(Certificate).where(
        Certificate.code == code, Certificate.actor_id == actor, Certificate.erased_at.is_(None)
    )
    return db.scalar(mine)


def in_scope(db: Session, me: int, code: str, today: date) -> Certificate | None:
    """A certificate of somebody in the units that `me` coordinates."""
    held = select(Certificate).where(Certificate.code == code, _is_seen(me, today), Certificate.erased_at.is_(None))
    return db.scalar(held)


def _is_seen(me: int, today: date) -> ColumnElement[bool]:
    seen = visible_people(me, Right.COORDINATE, today)
    return exists(select(Person.id).where(Person.id == Certificate.actor_id, seen).correlate(Certificate))


def waiting(db: Session, certificate: int, kind: str) -> CertificateRequest | None:
    """The request of a kind about a certificate that is not decided yet."""
    found = select(CertificateRequest).where(
        CertificateRequest.certificate_id == certificate,
        CertificateRequest.kind == kind,
        CertificateRequest.decided_at.is_(None),
    )
    return db.scalar(found)


def certificates_of(person: int) -> Select[int]:
    """The row ids of somebody's certificates, as a part of other statements."""
    return select(Certificate.id).where(Certificate.actor_id == person)


def certificate_of(db: Session, asked: CertificateRequest) -> Certificate | None:
    """The certificate that a request is about, unless it was erased."""
    row = db.get(Certificate, asked.certificate_id)
    return row if row is not None and row.erased_at is None else None


def last_answer(db: Session, certificate: int, kind: str) -> CertificateRequest | None:
    """The last request of a kind about a certificate that was decided."""
    found = select(CertificateRequest).where(
        CertificateRequest.certificate_id == certificate,
        CertificateRequest.kind == kind,
        CertificateRequest.decided_at.is_not(None),
    )
    return db.scalar(found.order_by(CertificateRequest.id.desc()).limit(1))


def withdrawn_by(db: Session, certificate: int) -> int | None:
    """Who withdrew a certificate last, by the account that is theirs now; None if a rule did."""
    found = last_answer(db, certificate, "withdrawal")
    person = db.get(Person, found.asked_by) if found else None
    return person.merged_into_id or person.id if person else None


def valid_certificates(db: Session, actor: int) -> Sequence[Certificate]:
    """Somebody's certificates that are neither withdrawn nor replaced, kept from being so until this is committed."""
    held = select(Certificate).where(
        Certificate.actor_id == actor,
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
    )
    return db.scalars(held.order_by(Certificate.id).with_for_update()).all()


def request_in_scope(db: Session, me: int, number: int, today: date) -> CertificateRequest | None:
    """A request that `me` may see: of somebody in the units that `me` coordinates."""
    found = (
        select(CertificateRequest)
        .join(Certificate, Certificate.id == CertificateRequest.certificate_id)
        .where(CertificateRequest.id == number, CertificateRequest.kind != "withdrawal", _may_answer(me, today))
    )
    return db.scalar(found)


def _may_answer(me: int, today: date) -> ColumnElement[bool]:
    """Whose requests a coordinator answers: people of her units, and people of no unit any more who left hers.

    Nobody sees her own there: somebody else answers it.
    """
    asking = Membership.person_id == Certificate.actor_id
    belongs = exists(select(Membership.id).where(asking, is_current(today)).correlate(Certificate))
    was_mine = exists(
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(asking, visible_units(me, Right.COORDINATE))
        .correlate(Certificate)
    )
    return and_(Certificate.actor_id != me, or_(_is_seen(me, today), and_(~belongs, was_mine)))


def requests(db: Session, me: int, today: date, at: At) -> RequestsPage:
    """What waits for a coordinator, the oldest first."""
    statement = (
        select(CertificateRequest, Certificate)
        .join(Certificate, Certificate.id == CertificateRequest.certificate_id)
        .where(CertificateRequest.decided_at.is_(None), _may_answer(me, today), Certificate.erased_at.is_(None))
    )
    found = page(db, statement, (CertificateRequest.id, CertificateRequest.id), at)
    return RequestsPage([request_row(db, me, each[0], each[1]) for each in found.rows], found)


def waiting_requests(me: int, today: date) -> Select[int]:
    """The requests that a coordinator can decide now, as a part of other statements.

    An appeal against what she withdrew herself waits for somebody else.
    """
    withdrawal = aliased(CertificateRequest)
    withdrawer = (
        select(func.coalesce(Person.merged_into_id, Person.id))
        .join(withdrawal, withdrawal.asked_by == Person.id)
        .where(withdrawal.certificate_id == CertificateRequest.certificate_id, withdrawal.kind == "withdrawal")
        .order_by(withdrawal.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(CertificateRequest.id)
        .join(Certificate, Certificate.id == CertificateRequest.certificate_id)
        .where(
            CertificateRequest.decided_at.is_(None),
            Certificate.erased_at.is_(None),
            or_(CertificateRequest.kind != "appeal", func.coalesce(withdrawer, 0) != me),
            _may_answer(me, today),
        )
    )


def request_row(db: Session, me: int, asked: CertificateRequest, row: Certificate) -> RequestRow:
    """A request as it is shown; `is_own`: the reader withdrew it, and cannot decide about the appeal."""
    facts = facts_of(row)
    return RequestRow(
        asked.id,
        asked.kind,
        row.code,
        facts.title,
        _name(facts.holder, facts.holder_latin),
        _name(asked.holder, asked.holder_latin),
        asked.reason,
        row.revoked_reason,
        asked.asked_at,
        asked.kind == "appeal" and withdrawn_by(db, row.id) == me,
    )


def _name(name: str, latin: str) -> str:
    return f"{name} ({latin})" if latin else name


def decided(db: Session, number: int) -> Decided | None:
    """What the holder is written of a decision; None if there is nobody to write to."""
    asked = db.get(CertificateRequest, number)
    row = db.get(Certificate, asked.certificate_id) if asked else None
    person = db.get(Person, row.actor_id) if row and row.actor_id else None
    if asked is None or row is None or person is None or not person.proved_email or row.erased_at is not None:
        return None
    return Decided(
        person.name,
        person.proved_email,
        person.language,
        asked.kind,
        bool(asked.is_granted),
        asked.answer,
        asked.reason,
        row.code,
        facts_of(row).title,
    )


def expiring(db: Session, today: date, most: int) -> list[tuple[int, int]]:
    """Certificates whose holder should be written to now, at most so many: row id and which of `STAGES` it is."""
    found: list[tuple[int, int]] = []
    for stage, below in zip(STAGES, (*STAGES[1:], -1), strict=True):
        told = exists(
            select(ExpiryNotice.days)
            .where(ExpiryNotice.certificate_id == Certificate.id, ExpiryNotice.days <= stage)
            .correlate(Certificate)
        )
        rows = db.scalars(
            select(Certificate.id)
            .where(
                Certificate.valid_until > today + timedelta(days=below),
                Certificate.valid_until <= today + timedelta(days=stage),
                Certificate.actor_id.is_not(None),
                Certificate.revoked_at.is_(None),
                Certificate.superseded_by.is_(None),
                Certificate.erased_at.is_(None),
                ~_is_outlived(),
                ~told,
            )
            .limit(most - len(found))
        )
        found.extend((row, stage) for row in rows)
    return found


def _is_outlived() -> ColumnElement[bool]:
    """Whether the holder has another valid certificate of the same course that lasts longer.

    That happens where two accounts turned out to be one person's; there is nothing to renew then.
    """
    other = aliased(Certificate)
    lasts = or_(
        other.valid_until.is_(None),
        other.valid_until > Certificate.valid_until,
        and_(other.valid_until == Certificate.valid_until, other.id > Certificate.id),
    )
    return exists(
        select(other.id)
        .where(
            other.actor_id == Certificate.actor_id,
            other.course_id == Certificate.course_id,
            other.revoked_at.is_(None),
            other.superseded_by.is_(None),
            other.erased_at.is_(None),
            lasts,
        )
        .correlate(Certificate)
    )


def forecast(db: Session, me: int, unit: Unit | None, today: date) -> ForecastPage:
    """How many certificates end in each of the next twelve months, each counted once, by course."""
    seen = [visible_units(me, Right.OVERSEE), *([] if unit is None else [is_below(Unit.path, unit.path)])]
    inside = exists(
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == Certificate.actor_id, is_current(today), *seen)
        .correlate(Certificate)
    )
    valid = and_(
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
        ~_is_outlived(),
        inside,
    )
    months = [_later(today, number) for number in range(MONTHS)]
    month = func.substr(cast(Certificate.valid_until, String), 1, 7)
    rows = db.execute(
        select(month, Certificate.course_id, func.count())
        .where(Certificate.valid_until >= today, Certificate.valid_until < _later(today, MONTHS), valid)
        .group_by(month, Certificate.course_id)
    )
    numbers = {(date.fromisoformat(f"{row[0]}-01"), row[1]): row[2] for row in rows}
    over = select(func.count()).select_from(Certificate).where(Certificate.valid_until < today, valid)
    courses = sorted({course for _month, course in numbers})
    return ForecastPage(months, courses, numbers, sum(numbers.values()), db.scalar(over) or 0)


def _later(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, 1)
