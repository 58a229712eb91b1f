"""Asking for a correction, withdrawing, appealing, deciding; and writing to whose certificate ends soon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms import events, jobs
from lms.amending import queries
from lms.amending.models import CertificateRequest, ExpiryNotice
from lms.clock import now
from lms.credentials import actions as credentials
from lms.credentials.queries import facts_of
from lms.db import insert_once
from lms.people.actions import record, touch
from lms.printable import MissingLetters, missing_letters

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.credentials.models import Certificate
    from lms.db import Database
    from lms.people.models import Person

EXPIRING = "note_expiring"
AT_ONCE = 200  # holders written to in one transaction, so that nobody waits for it


class NothingToCorrect(ValueError):
    """The certificate carries the name of the account already."""


class AlreadyDecided(ValueError):
    """Somebody else was quicker; what was decided stands."""


class MayNotDecide(ValueError):
    """Whoever withdrew a certificate cannot decide about the appeal, and nobody about a request of their own."""


def ask_correction(
    db: Session, row: Certificate, person: Person, *, reason: str, client_id: str
) -> CertificateRequest | None:
    """Ask that a certificate carries the name that the account has now; None if that was asked for already.

    Raises `NothingToCorrect`, `MissingLetters`, and `NotValid` if the certificate is withdrawn or replaced.
    """
    if row.revoked_at is not None or row.superseded_by is not None:
        raise credentials.NotValid(row.code)
    facts, latin = facts_of(row), "" if person.latin_name == person.name else person.latin_name
    if (facts.holder, facts.holder_latin) == (person.name, latin):
        raise NothingToCorrect
    if letters := missing_letters(f"{person.name}{latin}"):
        raise MissingLetters(letters)
    asked = {"holder": person.name, "holder_latin": latin, "reason": reason}
    return _ask(db, row, "name", person.id, client_id, asked)


def appeal(db: Session, row: Certificate, person: int, *, reason: str, client_id: str) -> CertificateRequest | None:
    """Ask to have a withdrawal taken back; None if that was asked for already."""
    if row.revoked_at is None:
        raise credentials.NotValid(row.code)
    return _ask(db, row, "appeal", person, client_id, {"reason": reason})


def _ask(
    db: Session, row: Certificate, kind: str, by: int, client_id: str, asked: dict[str, str]
) -> CertificateRequest | None:
    values = {"client_id": client_id, "certificate_id": row.id, "kind": kind, "asked_by": by, "asked_at": now()}
    if not insert_once(db, CertificateRequest, {"holder": "", "holder_latin": "", "answer": "", **values, **asked}):
        return None
    return _made(db, client_id)


def _made(db: Session, client_id: str) -> CertificateRequest:
    return db.scalars(select(CertificateRequest).where(CertificateRequest.client_id == client_id)).one()


def withdraw(db: Session, row: Certificate, *, by: int, reason: str, client_id: str) -> None:
    """Withdraw a certificate: everybody who checks it reads the reason, and the holder is written to.

    One that is withdrawn or replaced already stays as it is; so does one that was given back since this was sent first.
    """
    db.refresh(row, with_for_update=True)  # two may withdraw it at once; the first reason stays
    if row.revoked_at is not None or row.superseded_by is not None:
        return
    moment = now()
    values = {"client_id": client_id, "certificate_id": row.id, "kind": "withdrawal", "reason": reason}
    values |= {"asked_by": by, "asked_at": moment, "decided_by": by, "decided_at": moment, "is_granted": True}
    if not insert_once(db, CertificateRequest, {"holder": "", "holder_latin": "", "answer": "", **values}):
        return
    credentials.revoke(db, row, reason=reason)
    _tell(db, _made(db, client_id), row, by)


def decide(db: Session, asked: CertificateRequest, *, by: int, is_granted: bool, answer: str) -> None:
    """Grant or refuse a request. Raises `AlreadyDecided` or `MayNotDecide`.

    A granted name goes onto every valid certificate of the holder that carries another one.
    """
    db.refresh(asked, with_for_update=True)
    if asked.decided_at is not None:
        raise AlreadyDecided
    row = queries.certificate_of(db, asked)
    if row is None:
        raise AlreadyDecided  # whose it was is erased
    if row.actor_id == by or (asked.kind == "appeal" and queries.withdrawn_by(db, row.id) == by):
        raise MayNotDecide
    db.refresh(row, with_for_update=True)
    asked.decided_by, asked.decided_at, asked.is_granted, asked.answer = by, now(), is_granted, answer
    if is_granted and asked.kind == "appeal":
        credentials.reinstate(db, row)
    elif is_granted:
        _correct_all(db, asked, row)
    _tell(db, asked, row, by)


def _correct_all(db: Session, asked: CertificateRequest, row: Certificate) -> None:
    assert row.actor_id is not None  # only persons ask for it
    for each in queries.valid_certificates(db, row.actor_id):
        facts = facts_of(each)
        if (facts.holder, facts.holder_latin) != (asked.holder, asked.holder_latin):
            named = replace(facts, holder=asked.holder, holder_latin=asked.holder_latin)
            made = credentials.correct(db, each, named, key=f"correction/{asked.id}/{each.id}")
            _keep_notices(db, each.id, made.id)


def _keep_notices(db: Session, old: int, new: int) -> None:
    """Whoever was written to that a certificate ends is not told once more of the corrected one."""
    for notice in db.scalars(select(ExpiryNotice).where(ExpiryNotice.certificate_id == old)).all():
        insert_once(db, ExpiryNotice, {"certificate_id": new, "days": notice.days, "at": notice.at})


def _tell(db: Session, asked: CertificateRequest, row: Certificate, by: int) -> None:
    db.flush()
    if row.actor_id is not None:
        touch(db, row.actor_id)
        record(db, f"certificate-{asked.kind}", by, row.actor_id, certificate=row.code, granted=bool(asked.is_granted))
    events.announce(db, events.CertificateRequestDecided(asked.id))


def ask_expiring(db: Session) -> None:
    """Ask for the letters to whose certificate ends soon, if any are due."""
    if queries.expiring(db, now().date(), 1):
        jobs.enqueue(db, EXPIRING, {}, dedupe=EXPIRING)


def note_expiring(database: Database, task: jobs.Task) -> None:
    """Ask for a letter to each holder whose certificate ends soon, some at a time; each reminder once."""
    today = now().date()
    with database.writing() as db:
        for certificate, days in queries.expiring(db, today, AT_ONCE):
            if insert_once(db, ExpiryNotice, {"certificate_id": certificate, "days": days, "at": now()}):
                jobs.enqueue(db, "letter", {"kind": "certificate_expiring", "person": certificate})
        if queries.expiring(db, today, 1):
            jobs.enqueue(db, EXPIRING, {})
        jobs.finish(db, task)
