"""Reads of what is printed: the frozen facts, the signed code, the logo of the course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, distinct, func, or_, select

from lms.among import among
from lms.content import queries as content
from lms.credentials.labels import labels
from lms.credentials.models import Certificate
from lms.credentials.paper import Paper
from lms.credentials.queries import facts_of
from lms.issuers import queries as issuers
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current
from lms.printing.logos import logo
from lms.sealing.models import Seal
from lms.sealing.offline import qr_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.credentials.facts import CertificateFacts
    from lms.credentials.paper import Logo


@dataclass(frozen=True, slots=True)
class Printed:
    """A certificate of a print job: where in the file it belongs is told by the unit and the name."""

    id: int
    code: str
    unit: str
    name: str


labels_of = lru_cache(maxsize=32)(labels)


def paper(db: Session, code: str, base: str) -> Paper | None:
    """The certificate with this code, ready to be printed; None while it is not sealed.

    `base` is the address of the site, without a slash at its end.
    """
    row = db.scalar(select(Certificate).where(Certificate.code == code, Certificate.erased_at.is_(None)))
    return next(_papers(db, [row], base), None) if row else None


def papers(db: Session, certificates: Sequence[int], base: str) -> list[Paper]:
    """These certificates in this order, without those that are not sealed or were erased meanwhile."""
    known = among(Certificate.id, certificates)
    rows = {row.id: row for row in db.scalars(select(Certificate).where(known, Certificate.erased_at.is_(None)))}
    return list(_papers(db, [rows[each] for each in certificates if each in rows], base))


def unit_of(db: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return db.scalar(select(Unit).where(Unit.code == code))


def to_print(
    db: Session, today: date, *, unit: Unit | None, course: str, since: date | None, until: date | None = None
) -> list[Printed]:
    """The certificates that are printed together: sealed and valid, by unit and name.

    Of a unit and those below it, of a course, issued from a day until a day (both included); what is None or empty does
    not matter.
    """
    # whoever belongs to several units is printed once, with the one that was made first
    home = func.coalesce(Certificate.unit_id, func.min(Membership.unit_id)).label("home")
    found = (
        _chosen(today, unit, course, since, until)
        .with_only_columns(Certificate.id, Certificate.code, home, Person.name)
        .where(Certificate.sealed_at.is_not(None))
        .group_by(Certificate.id, Certificate.code, Certificate.unit_id, Person.name)
    )
    names: dict[int | None, str] = {row.id: row.name for row in db.execute(select(Unit.id, Unit.name))}
    rows = [
        Printed(row.id, row.code, names.get(row.home, ""), row.name or names.get(row.home, ""))
        for row in db.execute(found)
    ]
    return sorted(rows, key=lambda each: (each.unit.casefold(), each.name.casefold(), each.code))


def count_to_print(
    db: Session, today: date, *, unit: Unit | None, course: str, since: date | None, until: date | None
) -> tuple[int, int]:
    """How many of these certificates there are, and how many of them wait for their seal; in one statement."""
    unsealed = case((Certificate.sealed_at.is_(None), Certificate.id))
    counted = _chosen(today, unit, course, since, until).with_only_columns(
        func.count(distinct(Certificate.id)), func.count(distinct(unsealed))
    )
    every, waiting = db.execute(counted).one()
    return every, waiting


def _chosen(
    today: date, unit: Unit | None, course: str, since: date | None, until: date | None
) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = (
        select(Certificate.id)
        .join(Person, Person.id == Certificate.actor_id, isouter=True)
        .join(Membership, (Membership.person_id == Person.id) & is_current(today), isouter=True)
        .where(Certificate.revoked_at.is_(None), Certificate.erased_at.is_(None))
        .where(Certificate.superseded_by.is_(None))
        .where(or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today))
    )
    if unit is not None:
        below = select(Unit.id).where(is_below(Unit.path, unit.path))
        found = found.where(or_(Certificate.unit_id.in_(below), Membership.unit_id.in_(below)))
    if course:
        found = found.where(Certificate.course_id == course)
    if since is not None:
        found = found.where(Certificate.issued_at >= datetime.combine(since, time(), UTC))
    if until is not None:
        found = found.where(Certificate.issued_at < datetime.combine(until + timedelta(days=1), time(), UTC))
    return found


def _papers(db: Session, rows: Sequence[Certificate], base: str) -> Iterator[Paper]:
    signed = _signed(db, [row.id for row in rows])
    logos: dict[str, Logo | None] = {}
    for row in rows:
        if row.id in signed:
            facts = facts_of(row)
            digest = facts.look.logo
            if digest not in logos:
                logos[digest] = _logo(db, digest)
            yield _paper(facts, signed[row.id], base, logos[digest])


def _paper(facts: CertificateFacts, message: bytes, base: str, picture: Logo | None) -> Paper:
    return Paper(
        facts, labels_of(facts.language), f"{base}/c/{facts.code}", qr_text(message), f"{base}/verify", picture
    )


def _signed(db: Session, certificates: Sequence[int]) -> Mapping[int, bytes]:
    """What each of these carries in its code, of those that are sealed."""
    seals = select(Seal.certificate_id, Seal.cose).where(among(Seal.certificate_id, certificates))
    found: dict[int, bytes] = {}
    for number, message in db.execute(seals.where(Seal.cose.is_not(None)).order_by(Seal.seq)):
        if message is not None:
            found.setdefault(number, message)
    return found


def _logo(db: Session, digest: str) -> Logo | None:
    """The picture with this digest: a file of a course, else what an issuer had as its logo."""
    of_course = content.blob(db, digest[:32]) if digest else None
    of_issuer = issuers.logo(db, digest) if of_course is None else None
    if of_course is not None:
        return logo(of_course.content)
    return logo(of_issuer.data) if of_issuer is not None else None
