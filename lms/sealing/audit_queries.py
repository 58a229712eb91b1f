"""What the audit reads: the chain and the certificates, piece by piece, in one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.credentials.models import Certificate
from lms.issuers import queries as issuers
from lms.sealing import audit, heads_file
from lms.sealing.audit import Code, Count, Finding, Signed
from lms.sealing.chain import HeadLine, Link, Row
from lms.sealing.models import Head, Seal
from lms.sealing.queries import COLUMNS, past_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path


SEAL = (
    Seal.seq, Seal.certificate_id, Seal.event, Seal.at, Seal.digest, Seal.state, Seal.previous, Seal.hash, Seal.kid,
    Seal.signature,
)  # fmt: skip


def examine(db: Session, moment: datetime, heads: Sequence[Path] = ()) -> tuple[Count, Iterator[Finding]]:
    """The audit: what is found, one after the other, and a count that fills meanwhile. `heads` are files of heads."""
    count = Count()
    return count, _all(db, moment, heads, count)


def _all(db: Session, moment: datetime, heads: Sequence[Path], count: Count) -> Iterator[Finding]:
    keys = {key.kid: key for key in issuers.keys(db)}
    noted = audit.in_order(_heads(db), *(heads_file.heads(path) for path in heads))
    for finding in audit.of_chain(_seals(db, count), keys, _counted(noted, count)):
        count.found[finding.kind] += 1
        yield finding
    for finding in audit.of_codes(_codes(db), keys):
        count.found[finding.kind] += 1
        yield finding
    for finding in _certificates(db, moment, count):
        count.found[finding.kind] += 1
        yield finding


def _counted(heads: Iterator[HeadLine], count: Count) -> Iterator[HeadLine]:
    for head in heads:
        count.heads += 1
        yield head


def _heads(db: Session) -> Iterator[HeadLine]:
    for row in db.scalars(select(Head).order_by(Head.seq, Head.day)):
        yield HeadLine(row.seq, row.at, row.hash, row.kid, row.signature)


def _seals(db: Session, count: Count) -> Iterator[Signed]:
    """All seals by number, each with the code of its certificate."""
    after = None
    known = select(*SEAL, Certificate.code).outerjoin(Certificate, Certificate.id == Seal.certificate_id)
    while True:
        piece = known if after is None else known.where(Seal.seq > after)
        rows = db.execute(piece.order_by(Seal.seq).limit(audit.PIECE)).all()
        for *link, hash_, kid, signature, code in rows:
            yield Signed(Link(*link), hash_, kid, signature, code)
        if not rows:
            return
        after = rows[-1][0]
        count.seals += len(rows)


def _codes(db: Session) -> Iterator[Code]:
    """What certificates carry for checks without a network, beside their first seals."""
    columns = (Seal.seq, Seal.certificate_id, Seal.cose, Certificate.code, Certificate.erased_at)
    first = select(*columns).join(Certificate, Certificate.id == Seal.certificate_id).where(Seal.event == "issued")
    after = 0
    while rows := db.execute(first.where(Seal.seq > after).order_by(Seal.seq).limit(audit.PIECE)).all():
        for seq, certificate, message, code, erased_at in rows:
            yield Code(seq, certificate, message, code, erased_at is not None)
        after = rows[-1][0]


def _certificates(db: Session, moment: datetime, count: Count) -> Iterator[Finding]:
    after = None
    while True:
        known = select(*COLUMNS) if after is None else select(*COLUMNS).where(Certificate.id > after)
        rows = [Row(*each) for each in db.execute(known.order_by(Certificate.id).limit(audit.PIECE))]
        if not rows:
            return
        past = past_of(db, [row.id for row in rows])
        for row in rows:
            yield from audit.of_certificate(row, past[row.id], moment)
        after = rows[-1].id
        count.certificates += len(rows)
