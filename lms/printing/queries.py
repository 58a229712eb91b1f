"""Reads of what is printed: the frozen facts, the signed code, the logo of the course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from lms.among import among
from lms.content import queries as content
from lms.credentials.labels import labels
from lms.credentials.models import Certificate
from lms.credentials.paper import Paper
from lms.credentials.queries import facts_of
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current
from lms.printing.logos import logo
from lms.sealing.models import Seal
from lms.sealing.offline import qr_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

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


def to_print(db: Session, today: date, *, unit: Unit | None, course: str, since: date | None) -> list[Printed]:
    """The certificates that are printed together: sealed and valid, by unit and name.

    Of a unit and those below it, of a course, issued on a day or later; what is None or empty does not matter.
    """
    # whoever belongs to several units is printed once, with the one that was made first
    home = func.coalesce(Certificate.unit_id, func.min(Membership.unit_id)).label("home")
    found = (
        select(Certificate.id, Certificate.code, home, Person.name)
        .join(Person, Person.id == Certificate.actor_id, isouter=True)
        .join(Membership, (Membership.person_id == Person.id) & is_current(today), isouter=True)
        .where(Certificate.sealed_at.is_not(None), Certificate.revoked_at.is_(None), Certificate.erased_at.is_(None))
        .where(Certificate.superseded_by.is_(None))
        .where(or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today))
        .group_by(Certificate.id, Certificate.code, Certificate.unit_id, Person.name)
    )
    if unit is not None:
        below = select(Unit.id).where(is_below(Unit.path, unit.path))
        found = found.where(or_(Certificate.unit_id.in_(below), Membership.unit_id.in_(below)))
    if course:
        found = found.where(Certificate.course_id == course)
    if since is not None:
        found = found.where(Certificate.issued_at >= datetime.combine(since, time(), UTC))
    names: dict[int | None, str] = {row.id: row.name for row in db.execute(select(Unit.id, Unit.name))}
    rows = [
        Printed(row.id, row.code, names.get(row.home, ""), row.name or names.get(row.home, ""))
        for row in db.execute(found)
    ]
    return sorted(rows, key=lambda each: (each.unit.casefold(), each.name.casefold(), each.code))


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
    file = content.blob(db, digest[:32]) if digest else None
    if file is None:
        return None
    return logo("logo.svg" if b"<svg" in file.content[:4000] else "logo.png", file.content)
