"""Signing badges and status lists, in the worker.

A badge is signed once, after its certificate was issued, and never again, unless its key was broken: then somebody
else may have signed like that, so the badge is signed anew with the key in force. The lists are signed each day, and
whenever a certificate is withdrawn, reinstated or corrected.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from lms import jobs
from lms.badges import integrity, queries, tokens
from lms.badges.credential import Holder, Issued, claims, credential, status_list, with_status
from lms.badges.jsonld import BadDocument
from lms.badges.models import Badge, StatusList
from lms.badges.rules import BITS, encoded
from lms.clock import now
from lms.credentials.labels import labels
from lms.credentials.rules import status_index
from lms.db import INSERTS
from lms.issuers import keyring
from lms.issuers import queries as issuers
from lms.people import queries as people

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.badges.credential import BadgeIssuer
    from lms.badges.queries import ListFile, Unsigned
    from lms.badges.rules import Addresses
    from lms.config import Settings
    from lms.db import Database
    from lms.issuers.signing import Signer

log = logging.getLogger(__name__)
JOB = "sign_badges"
BATCH = 50  # badges in one transaction: about a second's work
MOST = 500  # badges in one job: others wait for it
DAY = timedelta(hours=20)  # a list that is older is signed again; housekeeping asks once a minute


@dataclass(slots=True)
class Done:
    """How many badges were signed, and whether more may wait."""

    signed: int = 0
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Signers:
    """The two keys of an issuer that sign its badges."""

    proof: Signer
    token: Signer


def ask(db: Session, *, has_changed: bool = False) -> None:
    """Ask for what is due: badges of new certificates, and everything where one has changed or a list is old."""
    if has_changed or queries.by_broken_key(db) or queries.has_old_list(db, now() - DAY):
        jobs.enqueue(db, JOB, {"is_whole": True}, dedupe=f"{JOB}/whole")
    elif queries.unsigned(db, 1):
        jobs.enqueue(db, JOB, {}, dedupe=JOB)


def ask_new(db: Session) -> None:
    """Ask for the badge of a certificate that was issued, without looking for others."""
    jobs.enqueue(db, JOB, {}, dedupe=JOB)


def sign_waiting(
    database: Database, settings: Settings, *, is_whole: bool = True, most: int = MOST, batch: int = BATCH
) -> Done:
    """Sign badges that wait, and the lists; with `is_whole`, look at all certificates, and empty what was erased.

    After `most` badges it lets others get in. Raises `NoKey` where an issuer cannot sign.
    """
    if is_whole:
        with database.writing() as db:
            erased = select(queries.erased().subquery())
            db.execute(update(Badge).where(Badge.certificate_id.in_(erased)).values(document="", token=""))
            db.execute(delete(Badge).where(Badge.certificate_id.in_(queries.by_broken_keys())))
    done = Done()
    while done.signed < most and (made := _sign_batch(database, settings, batch, is_whole=is_whole)):
        done.signed += made
    done.is_left = done.signed >= most
    with database.reading() as db:
        wanted = queries.blocks(db) if is_whole else queries.newest_block(db)
    sign_lists(database, settings, wanted)
    return done


def sign_lists(database: Database, settings: Settings, wanted: Iterable[tuple[str, int]]) -> int:
    """Sign each of these status lists that is missing, has changed or is a day old; how many. Raises `NoKey`."""
    signed = 0
    for issuer, block in wanted:
        with database.reading() as db:
            values = _list(db, settings, issuer, block)
        if values is not None:
            with database.writing() as db:
                row = INSERTS[db.get_bind().dialect.name](StatusList).values(issuer=issuer, block=block, **values)
                db.execute(row.on_conflict_do_update(index_elements=["issuer", "block"], set_=values))
            signed += 1
    return signed


def signers(db: Session, settings: Settings, issuer: str) -> Signers:
    """Who signs for an issuer: an RSA key signs tokens where there is one, else P-256. Raises `NoKey`."""
    proof = keyring.signer(db, settings, issuer)
    try:
        return Signers(proof, keyring.signer(db, settings, issuer, "rsa"))
    except keyring.NoKey:
        return Signers(proof, keyring.signer(db, settings, issuer, "p256"))


def _sign_batch(database: Database, settings: Settings, most: int, *, is_whole: bool) -> int:
    with database.reading() as db:
        rows = [_row(db, settings, each) for each in queries.unsigned(db, most, is_whole=is_whole)]
    if rows:
        with database.writing() as db:
            wanted = INSERTS[db.get_bind().dialect.name](Badge).values(rows)
            db.execute(wanted.on_conflict_do_nothing(index_elements=["certificate_id"]))
    return len(rows)


def _row(db: Session, settings: Settings, each: Unsigned) -> dict[str, Any]:
    issuer = queries.issuer_of(db, each.facts, settings)
    by, moment = signers(db, settings, issuer.slug), now()
    block, place = divmod(status_index(each.id), BITS)
    where = queries.addresses(settings)
    kept = {"certificate_id": each.id, "issuer": issuer.slug, "block": block, "place": place, "signed_at": moment}
    kids = {"proof_kid": by.proof.key.kid, "token_kid": by.token.key.kid}
    made = credential(
        each.facts,
        labels(each.facts.language),
        issuer,
        Holder(each.salt, _proved_email(db, each.actor)),
        Issued(each.issued_at, each.until, ZoneInfo(settings.time_zone)),
        where,
    )
    plain = with_status(made, where, issuer.slug, block, place, is_token=False)
    tokened = with_status(made, where, issuer.slug, block, place, is_token=True)
    try:
        document = _document(plain, by.proof, issuer, moment)
    except BadDocument:  # one that cannot be said may not hold up the others
        log.exception("no badge", extra={"certificate": each.id})
        return {**kept, **kids, "document": "", "token": ""}
    return {**kept, **kids, "document": document, "token": _token(tokened, by.token, issuer, where)}


def _list(db: Session, settings: Settings, slug: str, block: int) -> dict[str, Any] | None:
    """A list signed anew in both forms; None if the one that stands there will do."""
    places, moment = queries.withdrawn(db, slug, block), now()
    by, where = signers(db, settings, slug), queries.addresses(settings)
    known = queries.status_file(db, slug, block)
    if known is not None and moment - known.signed_at < DAY and _says(known, places, by):
        return None
    issuer = queries.badge_issuer(db, issuers.issuer_named(db, slug), settings)
    plain = status_list(issuer, where.status_list(slug, block, is_token=False), places, moment)
    tokened = status_list(issuer, where.status_list(slug, block, is_token=True), places, moment)
    return {
        "document": _document(plain, by.proof, issuer, moment),
        "token": _token(tokened, by.token, issuer, where),
        "signed_at": moment,
    }


def _says(known: ListFile, places: list[int], by: Signers) -> bool:
    """Whether a list names exactly these places, and was signed with the keys that are in use."""
    header, _claims = tokens.parts(known.token)
    is_by_them = by.proof.key.multikey in known.document and str(header["kid"]).endswith(by.token.key.kid)
    return is_by_them and f'"{encoded(places)}"' in known.document


def _document(made: dict[str, Any], signer: Signer, issuer: BadgeIssuer, moment: datetime) -> str:
    method = f"{issuer.id}#{signer.key.multikey}"
    signed = integrity.secured(made, signer.sign, method=method, created=moment)
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"))


def _token(made: dict[str, Any], signer: Signer, issuer: BadgeIssuer, where: Addresses) -> str:
    return tokens.token(claims(made), signer, kid=where.key(issuer.id, signer.key.kid, issuer.slug))


def _proved_email(db: Session, actor: int | None) -> str:
    person = people.person(db, actor) if actor is not None else None
    return person.proved_email or "" if person else ""
