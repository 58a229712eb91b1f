"""Issuing a certificate: once for each completion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.clock import now
from lms.credentials.code import new_code
from lms.credentials.facts import CertificateFacts, valid_until
from lms.credentials.models import Certificate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Earned:
    """What a completion entitles to. `key` names the completion; a key earns one certificate, ever."""

    key: str
    actor: int
    version: int
    valid: str
    facts: CertificateFacts


def issue(db: Session, earned: Earned) -> Certificate:
    """Issue the certificate of a completion; the one that exists if it was issued before.

    The code and the dates are filled in here, on the day of issue.
    """
    known = db.scalar(select(Certificate).where(Certificate.completion_key == earned.key))
    if known is not None:
        return known
    moment = now()
    until = valid_until(moment.date(), earned.valid)
    facts = replace(
        earned.facts,
        code=new_code(),
        issued_on=moment.date().isoformat(),
        valid_until=until.isoformat() if isinstance(until, date) else "",
    )
    row = Certificate(
        code=facts.code,
        actor_id=earned.actor,
        completion_key=earned.key,
        course_id=facts.course_id,
        version_id=earned.version,
        facts=msgspec.to_builtins(facts),
        issued_at=moment,
        valid_until=until,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return db.scalars(select(Certificate).where(Certificate.completion_key == earned.key)).one()
    events.announce(db, events.CertificateIssued(row.id))
    return row
