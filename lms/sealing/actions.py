"""The sealer: puts what was issued, and what became of it, into the chain, and signs its end.

It takes batches of certificates whose `sealed_at` is empty; each batch is one transaction. Killed at any moment, it
begins again where the last batch ended. Two sealers cannot both write a seal of one number: the second one's batch is
rolled back, and it looks again.
"""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.among import among
from lms.clock import now
from lms.credentials import queries as certificates
from lms.credentials.facts import CertificateFacts
from lms.credentials.models import Certificate
from lms.credentials.rules import status_index
from lms.db import INSERTS
from lms.issuers import keyring
from lms.sealing import chain, heads_file, offline, queries
from lms.sealing.chain import Link
from lms.sealing.models import Head, Seal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database
    from lms.issuers.queries import IssuerProfile
    from lms.issuers.signing import Signer
    from lms.sealing.chain import HeadLine, Past, Row

log = logging.getLogger(__name__)
JOB = "seal"
BATCH = 250  # certificates: what others, who wait to write, wait for
PAUSE = 0.02  # seconds after each batch, so that they get in


@dataclass(slots=True)
class Done:
    """What one batch came to: how many seals were made, how many certificates are refused, where to go on (0: done)."""

    made: int = 0
    refused: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Payload:
    """What a QR code carries, and the facts of which it was made; None if it could not be made of them."""

    facts: Mapping[str, Any]
    message: bytes | None


def ask(db: Session) -> None:
    """Ask for the sealer, if any certificate waits for it."""
    if queries.has_unsealed(db):
        jobs.enqueue(db, JOB, {}, dedupe=JOB)


def seal_waiting(database: Database, settings: Settings, batch: int = BATCH) -> int:
    """Seal all that waits; how many seals were made. Raises `NoKey` if nothing can be signed."""
    _see_to_keys(database, settings)
    done = _batch(database, settings, 0, batch)
    made, refused = done.made, done.refused
    while done.after:
        time.sleep(PAUSE)
        done = _batch(database, settings, done.after, batch)
        made, refused = made + done.made, refused + done.refused
    if refused:
        log.error("certificates were altered and are not sealed: lms certificates audit", extra={"count": refused})
    with database.reading() as db:
        note_head(settings.home, queries.last_head(db))
    return made


def _see_to_keys(database: Database, settings: Settings) -> None:
    with database.reading() as db:
        try:
            keyring.signer(db, settings)
        except keyring.NoKey:
            has_keys = False
        else:
            has_keys = True
    if not has_keys:
        with database.writing() as db:
            keyring.ensure_keys(db, settings)


def _batch(database: Database, settings: Settings, after: int, most: int) -> Done:
    """One batch, repeated if another sealer was quicker.

    What the QR codes carry takes longest and is made first, while others can write.
    """
    with database.reading() as db:
        ready = _payloads(db, settings, _waiting(db, after, most))
    for _ in range(8):
        try:
            with database.writing() as db:
                return _seal(db, settings, after, most, ready)
        except IntegrityError:
            log.warning("another sealer was quicker")
    raise RuntimeError("another sealer was quicker each time")


def _waiting(db: Session, after: int, most: int, *, hold: bool = False) -> list[Row]:
    waiting = select(*queries.COLUMNS).where(Certificate.sealed_at.is_(None), Certificate.id > after)
    found = waiting.order_by(Certificate.id).limit(most)
    return [chain.Row(*each) for each in db.execute(found.with_for_update() if hold else found)]


def _seal(db: Session, settings: Settings, after: int, most: int, ready: Mapping[int, Payload]) -> Done:
    rows = _waiting(db, after, most, hold=True)
    if not rows:
        return Done()
    signer = keyring.signer(db, settings, hold=True)
    past = queries.past_of(db, [row.id for row in rows])
    fine = [row for row in rows if not chain.is_altered(row, past[row.id])]
    moment = now()
    links = _links(fine, past, moment, queries.end_of_chain(db))
    if links:
        late = [row for row in fine if not past[row.id].events and not _is_ready(row, ready)]
        kept = {row.id: ready[row.id] for row in fine if _is_ready(row, ready)}
        _write(db, links, signer, {**kept, **_payloads(db, settings, late)} if late else kept)
        sign_head(db, signer, links[-1].seq, links[-1].hash)
    erased = [link.certificate_id for link in links if link.event == "erased"]
    if erased:
        db.execute(update(Seal).where(among(Seal.certificate_id, erased), Seal.cose.is_not(None)).values(cose=None))
    db.execute(update(Certificate).where(among(Certificate.id, [row.id for row in fine])).values(sealed_at=moment))
    return Done(len(links), len(rows) - len(fine), rows[-1].id if len(rows) == most else 0)


def _is_ready(row: Row, ready: Mapping[int, Payload]) -> bool:
    """Whether a payload was made of just these facts; one that was erased meanwhile has none."""
    made = ready.get(row.id)
    return made is not None and made.facts == row.facts


def _links(rows: Sequence[Row], past: Mapping[int, Past], moment: datetime, end: tuple[int, str]) -> list[Link]:
    """The seals that these certificates get; they hang on the end of the chain, a sequence number and a hash."""
    seq, previous = end
    made = []
    for row in rows:
        known = past[row.id]
        for event in chain.events_since(row, known):
            seq += 1
            digest = known.digest or chain.digest_of(row)
            link = Link(seq, row.id, event, moment, digest, chain.state_of(row), previous)
            previous = link.hash
            made.append(link)
    return made


def _write(db: Session, links: Sequence[Link], signer: Signer, payloads: Mapping[int, Payload]) -> None:
    values = []
    for link in links:
        hash_ = link.hash
        signature = signer.sign(chain.seal_message(hash_))
        made = payloads.get(link.certificate_id) if link.event == "issued" else None
        said = {name: getattr(link, name) for name in link.__slots__}
        cose = made.message if made else None
        values.append({**said, "hash": hash_, "kid": signer.key.kid, "signature": signature, "cose": cose})
    db.execute(insert(Seal.__table__), values)  # type: ignore[arg-type]


def _payloads(db: Session, settings: Settings, rows: Sequence[Row]) -> dict[int, Payload]:
    """What the QR codes of these certificates carry, by certificate, signed by who issued each."""
    known: dict[tuple[str, str], tuple[IssuerProfile, Signer]] = {}
    past = queries.past_of(db, [row.id for row in rows])
    found = {}
    for row in rows:
        if row.erased_at is None and not past[row.id].events:
            facts = _facts(row)
            message = _payload(row, facts, *_who_signs(db, settings, facts, known)) if facts else None
            found[row.id] = Payload(row.facts, message)
    return found


def _facts(row: Row) -> CertificateFacts | None:
    try:
        return msgspec.convert(row.facts, CertificateFacts)
    except ValueError:  # its seal is worth having all the same
        log.exception("no payload for a QR code", extra={"certificate": row.id})
        return None


def _who_signs(
    db: Session,
    settings: Settings,
    facts: CertificateFacts,
    known: dict[tuple[str, str], tuple[IssuerProfile, Signer]],
) -> tuple[IssuerProfile, Signer]:
    named = (facts.issuer_id, facts.parties.issuer)
    if named not in known:
        issuer = certificates.issuer_of(db, facts)
        known[named] = issuer, keyring.signer(db, settings, issuer.slug)
    return known[named]


def _payload(row: Row, facts: CertificateFacts, issuer: IssuerProfile, signer: Signer) -> bytes | None:
    place = status_index(row.id)
    try:
        return offline.payload(facts, status_index=place, issued_at=row.issued_at, issuer=issuer, signer=signer)
    except ValueError:
        log.exception("no payload for a QR code", extra={"certificate": row.id})
        return None


def sign_head(db: Session, signer: Signer, seq: int, hash_: str) -> None:
    """Sign the end of the chain as today's head."""
    moment = now()
    signature = signer.sign(chain.head_message(seq, moment, hash_))
    said = {"seq": seq, "at": moment, "hash": hash_, "kid": signer.key.kid, "signature": signature}
    head = INSERTS[db.get_bind().dialect.name](Head).values(day=moment.date(), **said)
    db.execute(head.on_conflict_do_update(index_elements=[Head.day], set_=said))


def sign_head_anew(db: Session, settings: Settings) -> None:
    """Sign the end of the chain with the key that is in use now, after a rotation. Raises `NoKey`."""
    signer = keyring.signer(db, settings, hold=True)
    seq, hash_ = queries.end_of_chain(db)
    if seq:
        sign_head(db, signer, seq, hash_)


def note_head(home: Path, head: HeadLine | None) -> None:
    """Write the head down outside of the database, unless it is the last one that stands there."""
    path = home / heads_file.NAME
    if head is None or heads_file.last(path) == head:
        return
    with path.open("ab") as file:
        file.write(heads_file.line(head))
        file.flush()
        os.fsync(file.fileno())
