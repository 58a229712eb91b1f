"""Reads of seals."""

from __future__ import annotations

from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from lms.among import among
from lms.credentials.models import Certificate
from lms.sealing import chain
from lms.sealing.chain import HeadLine, Past
from lms.sealing.models import Head, Seal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

MOST_HEADS = 400
# of a certificate, what seals protect, in the order of `Row`
COLUMNS = tuple(getattr(Certificate, each.name) for each in fields(chain.Row))


def has_unsealed(db: Session) -> bool:
    """Whether the sealer has something to look at."""
    return bool(db.scalar(select(exists().where(Certificate.sealed_at.is_(None)))))


def waiting_since(db: Session, moment: datetime) -> bool:
    """Whether a certificate that was issued before a moment waits for the sealer."""
    waits = exists().where(Certificate.sealed_at.is_(None), Certificate.issued_at < moment)
    return bool(db.scalar(select(waits)))


def past_of(db: Session, certificates: Sequence[int]) -> dict[int, Past]:
    """What the seals of each of these certificates say so far."""
    known = select(Seal.certificate_id, Seal.event, Seal.digest, Seal.state)
    rows = db.execute(known.where(among(Seal.certificate_id, certificates)).order_by(Seal.certificate_id, Seal.seq))
    found = {number: Past() for number in certificates}
    for number, seals in groupby(rows, lambda row: row[0]):
        found[number] = chain.past_of([(event, digest, state) for _, event, digest, state in seals])
    return found


def end_of_chain(db: Session) -> tuple[int, str]:
    """Number and hash of the last seal; 0 and what the first one hangs on, where there is none."""
    row = db.execute(select(Seal.seq, Seal.hash).order_by(Seal.seq.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else (0, chain.FIRST)


def last_head(db: Session) -> HeadLine | None:
    """The newest head."""
    row = db.scalar(select(Head).order_by(Head.day.desc()).limit(1))
    return _line(row) if row else None


def heads(db: Session, before: date | None = None) -> list[HeadLine]:
    """The heads of the last days on which anything was sealed, newest first; of those before a day."""
    days = select(Head).order_by(Head.day.desc()).limit(MOST_HEADS)
    return [_line(row) for row in db.scalars(days.where(Head.day < before) if before else days)]


def _line(row: Head) -> HeadLine:
    return HeadLine(row.seq, row.at, row.hash, row.kid, row.signature)
