"""Issuing certificates, once for each completion, and what may become of them: replaced, withdrawn, reinstated, erased.

Whatever changes a row empties `sealed_at`, so that the sealer looks at it again, and announces it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.among import among
from lms.clock import now
from lms.credentials.code import new_code
from lms.credentials.facts import PRIOR_LEARNING, CertificateFacts, valid_until
from lms.credentials.models import Certificate
from lms.db import INSERTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session


class NotValid(ValueError):
    """The certificate was withdrawn, replaced or erased already; `code` names it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Certificate {code} is withdrawn, replaced or erased.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Earned:
    """What a completion entitles to. `key` names the completion; a key earns one certificate, ever.

    The holder is a person (`actor`) or, where that is None, an organisation (`unit`).
    """

    key: str
    actor: int | None
    version: int
    valid: str
    facts: CertificateFacts
    unit: int | None = None


def issue(db: Session, earned: Earned) -> Certificate:
    """Issue the certificate of a completion; the one that exists if it was issued before.

    The code and the dates are filled in here, on the day of issue. A first certificate takes no other's place; see
    `renew` and `correct`.
    """
    known = db.scalar(select(Certificate).where(Certificate.completion_key == earned.key))
    if known is not None:
        return known
    return _write(db, earned, _first_until(earned))


def issue_many(db: Session, completions: Iterable[Earned]) -> list[int]:
    """Issue the first certificates of many completions: the ids of those that are new, as for each `issue` would.

    What was issued before is left out; what is issued elsewhere at this very moment, the database keeps once.
    """
    wanted = {earned.key: earned for earned in completions}
    asked = select(Certificate.completion_key).where(among(Certificate.completion_key, list(wanted)))
    for key in db.scalars(asked):
        del wanted[key]
    if not wanted:
        return []
    # in the order of the keys: two who insert the same ones wait for each other, and never both at once
    rows = [_columns(earned, _first_until(earned)) for _key, earned in sorted(wanted.items())]
    connection = db.connection()
    made = sorted(connection.execute(_issue_once(connection.dialect.name), rows).scalars())
    events.announce_many(db, [events.CertificateIssued(certificate) for certificate in made])
    return made


@cache
def _issue_once(dialect: str) -> Any:
    table = Certificate.__table__
    return INSERTS[dialect](table).on_conflict_do_nothing(index_elements=["completion_key"]).returning(table.c.id)


def renew(db: Session, old: Certificate, earned: Earned) -> Certificate:
    """Issue the certificate that takes the place of an old one after a renewal. Repeated, it is the same.

    Raises `NotValid` when the old one was withdrawn or erased.
    """
    if old.revoked_at is not None or old.erased_at is not None:
        raise NotValid(old.code)
    made = issue(db, earned)
    if old.superseded_by is None and made.id != old.id:
        _supersede(db, old, made)
    return made


def correct(db: Session, old: Certificate, facts: CertificateFacts, *, key: str) -> Certificate:
    """Issue a certificate with corrected facts in place of one. Its validity ends when the old one's would.

    `key` names the correction: repeated with the same key, it is the same certificate. Raises `NotValid`.
    """
    known = db.scalar(select(Certificate).where(Certificate.completion_key == key))
    if known is not None:
        return known
    if old.revoked_at is not None or old.superseded_by is not None or old.erased_at is not None:
        raise NotValid(old.code)
    if facts.basis != PRIOR_LEARNING:  # that mark stays: it says how the holder was certified
        facts = replace(facts, basis="correction")
    made = _write(db, Earned(key, old.actor_id, old.version_id, "", facts, old.unit_id), old.valid_until)
    _supersede(db, old, made)
    return made


def revoke(db: Session, row: Certificate, *, reason: str) -> None:
    """Withdraw a certificate, with the reason that everybody may read. Once withdrawn, the first reason stays."""
    if row.revoked_at is None:
        row.revoked_at, row.revoked_reason = now(), reason
        _changed(db, row)


def reinstate(db: Session, row: Certificate) -> None:
    """Take a withdrawal back, after an appeal."""
    if row.revoked_at is not None:
        row.revoked_at, row.revoked_reason = None, ""
        _changed(db, row)


def erase(db: Session, row: Certificate) -> None:
    """Delete what names the holder: the facts and the salt. What was sealed stays provable, and tells nothing."""
    if row.erased_at is None:
        row.facts, row.salt, row.erased_at = {}, "", now()
        _changed(db, row)


def _first_until(earned: Earned) -> date | None:
    """The last day of a first certificate that is issued today; None where it never ends."""
    return valid_until(now().date(), earned.valid)


def _columns(earned: Earned, until: date | None) -> dict[str, Any]:
    """What a new row holds; the code and the dates are filled in here."""
    moment = now()
    facts = replace(
        earned.facts,
        code=new_code(),
        issued_on=moment.date().isoformat(),
        valid_until=until.isoformat() if until else "",
    )
    return {
        "code": facts.code,
        "actor_id": earned.actor,
        "unit_id": earned.unit,
        "completion_key": earned.key,
        "course_id": facts.course_id,
        "version_id": earned.version,
        "basis": facts.basis or "completion",
        "facts": msgspec.to_builtins(facts),
        "issued_at": moment,
        "valid_until": until,
    }


def _write(db: Session, earned: Earned, until: date | None) -> Certificate:
    row = Certificate(**_columns(earned, until))
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return db.scalars(select(Certificate).where(Certificate.completion_key == earned.key)).one()
    events.announce(db, events.CertificateIssued(row.id))
    return row


def _supersede(db: Session, old: Certificate, new: Certificate) -> None:
    old.superseded_by, old.superseded_at = new.id, now()
    _changed(db, old)


def _changed(db: Session, row: Certificate) -> None:
    row.sealed_at = None
    db.flush()
    events.announce(db, events.CertificateChanged(row.id))
