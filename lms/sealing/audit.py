"""The audit: every certificate has to stand as it was sealed, and the chain to lead through every head ever signed.

It reads the chain from its first seal to its last, and the certificates by their ids, some hundred at a time, in one
snapshot. It trusts nothing but the signatures, and the heads that lie outside of the database.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain as joined
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.credentials.rules import status_index
from lms.sealing import chain, cose, offline
from lms.sealing.chain import HeadLine, Link, Past, Row
from lms.sealing.letters import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from lms.issuers.signing import PublicKey

Kind: TypeAlias = Literal[
    "printed", "standing", "erased", "waiting", "unsealed", "tail", "gap", "gone", "link", "hash", "signature", "key",
    "head", "rebuilt", "code",
]  # fmt: skip
SOON = timedelta(minutes=1)  # what waits for less is on its way
PIECE = 500  # certificates or seals read at a time


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was signed. `seq` names the seal, `code` the certificate, where there is one."""

    kind: Kind
    words: str
    seq: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A seal as it stands in the table."""

    link: Link
    hash: str
    kid: str
    signature: bytes
    code: str | None  # of its certificate; None if that is gone


@dataclass(frozen=True, slots=True)
class Code:
    """What a certificate carries for checks without a network, as it stands beside its first seal; None if nothing."""

    seq: int
    certificate_id: int
    message: bytes | None
    code: str
    is_erased: bool


@dataclass(slots=True)
class Count:
    """What was looked at, and how much of each kind was found."""

    seals: int = 0
    certificates: int = 0
    heads: int = 0
    found: Counter[str] = field(default_factory=Counter)


def of_certificate(row: Row, past: Past, moment: datetime) -> Iterator[Finding]:
    """How a certificate differs from its seals. `moment` is now: what is younger than a minute may wait."""
    if not past.events:
        yield from _unsealed(row, moment)
        return
    if row.erased_at is not None and (row.facts or row.salt):
        yield Finding("erased", "was erased, and says something again: somebody wrote into it.", code=row.code)
    elif row.erased_at is None and chain.digest_of(row) != past.digest:
        yield Finding(
            "printed",
            "does not say what was sealed when it was issued: the facts, the code, the course, the version, the basis, "
            "a date or the salt was changed afterwards.",
            code=row.code,
        )
    elif chain.state_of(row) != past.state:
        yield from _standing(row, past, moment)


def _unsealed(row: Row, moment: datetime) -> Iterator[Finding]:
    if row.sealed_at is not None:
        yield Finding("tail", "is marked as sealed, but has no seal: its seals were deleted.", code=row.code)
    elif moment - row.issued_at > SOON:
        yield Finding(
            "unsealed", "was never sealed. Does the worker run, and do the keys open (lms doctor)?", code=row.code
        )


def _standing(row: Row, past: Past, moment: datetime) -> Iterator[Finding]:
    if row.sealed_at is not None or chain.is_altered(row, past):
        words = (
            "does not stand as it was sealed last: whose it is, what earned it, or whether it was withdrawn, replaced "
            "or erased was changed afterwards."
        )
        yield Finding("standing", words, code=row.code)
        return
    changes = (row.revoked_at, row.superseded_at, row.erased_at)
    if not any(change is not None and moment - change <= SOON for change in changes):
        yield Finding(
            "waiting", "was changed, and the sealer has not looked yet. If this stays, lms doctor.", code=row.code
        )


def of_chain(seals: Iterable[Signed], keys: Mapping[str, PublicKey], heads: Iterable[HeadLine]) -> Iterator[Finding]:
    """What is wrong with the chain itself. Seals come by number, heads by the number of the seal that they sign."""
    seq, previous = 0, chain.FIRST
    waiting = iter(heads)
    head = next(waiting, None)
    for seal in seals:
        yield from _of_seal(seal, seq, previous, keys)
        seq, previous = seal.link.seq, seal.hash
        while head is not None and head.seq <= seq:
            yield from _of_head(head, seq, previous, keys)
            head = next(waiting, None)
    for lost in joined([head] if head is not None else [], waiting):
        yield from _of_head(lost, seq, previous, keys)


def _of_seal(seal: Signed, before: int, previous: str, keys: Mapping[str, PublicKey]) -> Iterator[Finding]:
    link, code = seal.link, seal.code or ""
    if link.seq != before + 1:
        missing = f"seal {before + 1} is" if link.seq == before + 2 else f"seals {before + 1} to {link.seq - 1} are"
        yield Finding("gap", f"{missing} missing from the middle of the chain: deleted.", link.seq, code)
    elif link.previous != previous:
        words = "does not hang on the seal before it: one of the two was exchanged."
        yield Finding("link", words, link.seq, code)
    if seal.code is None:
        words = f"belongs to certificate number {link.certificate_id}, which is gone: its row was deleted."
        yield Finding("gone", words, link.seq)
    if link.hash != seal.hash:
        yield Finding("hash", "does not say what was hashed: it was changed after it was made.", link.seq, code)
    signed = keys.get(seal.kid)
    if signed is None or not signed.verifies(chain.seal_message(seal.hash), seal.signature):
        words = "has no valid signature: whoever made it had no key of an issuer."
        yield Finding("signature", words, link.seq, code)
    elif not signed.counted(link.at):
        yield Finding("key", f"is signed by the key {seal.kid} at a time when that did not count.", link.seq, code)


def _of_head(head: HeadLine, seq: int, hash_: str, keys: Mapping[str, PublicKey]) -> Iterator[Finding]:
    day = head.at.date().isoformat()
    key = keys.get(head.kid)
    if key is None or not key.verifies(chain.head_message(head.seq, head.at, head.hash), head.signature):
        yield Finding("head", f"The head of {day} (seal {head.seq}) has no valid signature.", head.seq)
    elif not key.counted(head.at):
        words = f"The head of {day} is signed by the key {head.kid} at a time when that did not count."
        yield Finding("head", words, head.seq)
    elif head.seq > seq:
        words = f"The head of {day} signs seal {head.seq}, but the chain ends at {seq}: its tail was deleted."
        yield Finding("tail", words, head.seq)
    elif head.seq == seq and head.hash != hash_:
        words = f"The chain does not lead through the head of {day}: it was made anew by somebody without the key."
        yield Finding("rebuilt", words, head.seq)


def of_codes(codes: Iterable[Code], keys: Mapping[str, PublicKey]) -> Iterator[Finding]:
    """Which signed codes are not those of their certificates. No seal takes them in: each proves itself."""
    for each in codes:
        words = _wrong_code(each, keys)
        if words:
            yield Finding("code", words, each.seq, each.code)


def _wrong_code(each: Code, keys: Mapping[str, PublicKey]) -> str:
    if each.message is None:
        return "" if each.is_erased else "has no signed code for checks without a network: it cannot be printed."
    try:
        signed = cose.opened(each.message)
        key = keys.get(signed.kid)
        if key is None or not key.verifies(signed.covered, signed.signature):
            return "carries a code that was changed, or that somebody without a key made."
        carried = offline.read(signed.payload)
    except (cose.NotSigned, Unreadable):
        return "carries a code that nobody can read: it was changed."
    is_own = (carried.facts.code, carried.status_index) == (each.code, status_index(each.certificate_id))
    return "" if is_own else f"carries the signed code of another certificate, {carried.facts.code}: it was exchanged."


def in_order(*lists: Iterable[HeadLine]) -> Iterator[HeadLine]:
    """Heads of several lists, each in order, as one list in order."""
    return heapq.merge(*lists, key=lambda head: head.seq)
