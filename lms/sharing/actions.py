"""Share a material, report a problem, settle it, take a material off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.clock import now
from lms.db import insert_once
from lms.folding import fold
from lms.people.actions import record
from lms.sharing import queries
from lms.sharing.models import Material, MaterialReport, MaterialService

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from lms.sharing.rules import Wanted


class SharedAlready(Exception):
    """The same file or the same address is shared already, as `material`."""

    def __init__(self, material: Material) -> None:
        self.material = material


class NotYours(LookupError):
    """Somebody else shared a material under this id."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is shared: a file that was kept, or an address; with the digest by which the same one is known."""

    digest: str
    file: str = ""
    ending: str = ""
    size: int = 0
    address: str = ""


def share(
    db: Session,
    wanted: Wanted,
    kept: Kept,
    *,
    by: int,
    unit: int | None,
    client_id: str,
    adapted_from: Material | None = None,
    service_names: Iterable[str] = (),
) -> Material:
    """Share a material. Sent twice it is one. Raises `SharedAlready`, and `NotYours` if somebody else sent this id."""
    known = queries.sent_as(db, client_id)
    if known is not None and known.shared_by != by:
        raise NotYours(client_id)
    if known is not None:
        return known
    same = queries.same(db, kept.digest)
    if same is not None:
        raise SharedAlready(same)
    row = Material(
        client_id=client_id, title=wanted.title, about=wanted.about, language=wanted.language, author=wanted.author,
        is_own=wanted.is_own, source=wanted.source, licence=wanted.licence, is_allowed=wanted.is_allowed,
        address=kept.address, file=kept.file, ending=kept.ending, size=kept.size, digest=kept.digest,
        words=fold(" ".join((wanted.title, wanted.about, wanted.author, *service_names))),
        adapted_from_id=adapted_from.id if adapted_from else None, unit_id=unit, shared_by=by, shared_at=now(),
    )  # fmt: skip
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError as error:  # somebody else shared the same at this moment
        same = queries.same(db, kept.digest)
        if same is None:
            raise
        raise SharedAlready(same) from error
    db.add_all(MaterialService(material_id=row.id, service=each) for each in dict.fromkeys(wanted.services))
    db.flush()
    return row


def report(db: Session, row: Material, words: str, *, by: int, client_id: str) -> None:
    """Say that something is wrong with a material."""
    fact = {"client_id": client_id, "material_id": row.id, "words": words, "reported_by": by, "reported_at": now()}
    insert_once(db, MaterialReport, fact)


def settle(db: Session, row: Material, *, by: int) -> None:
    """Keep a material: what was reported of it is settled."""
    open_ones = (MaterialReport.material_id == row.id, MaterialReport.settled_at.is_(None))
    db.execute(update(MaterialReport).where(*open_ones).values(settled_at=now()))
    record(db, "material-kept", by, row.shared_by, material=row.id)


def take_off(db: Session, row: Material, reason: str, *, by: int) -> None:
    """Offer a material no more. Whoever shared it is told why; nothing is deleted. Done twice, it is done once."""
    if row.taken_off_at is not None:
        return
    row.taken_off_at, row.taken_off_by, row.reason = now(), by, reason
    open_ones = (MaterialReport.material_id == row.id, MaterialReport.settled_at.is_(None))
    db.execute(update(MaterialReport).where(*open_ones).values(settled_at=now()))
    record(db, "material-taken-off", by, row.shared_by, material=row.id)
    if by != row.shared_by:
        events.announce(db, events.MaterialTakenOff(row.id))
