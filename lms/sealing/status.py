"""The status list: what became of certificates and on which day, in one small signed file.

A COSE message (`lms.sealing.cose`) around a map in deterministic CBOR: when it was made (`MADE_AT`, seconds since
1970), the first day that it names (`FIRST_DAY`, days since 1970), and two columns of LEB128 numbers, deflated. A row of
`PLACES` is three times the distance from the place before, plus the kind; a row of `DAYS` the days since the first day.
What was replaced first and withdrawn later has two rows, so that the list answers for any past day.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

import cbor2

from lms.sealing import cose
from lms.sealing.letters import RAW, Unreadable
from lms.sealing.offline import day_of, days_of

if TYPE_CHECKING:
    from lms.issuers.signing import PublicKey, Signer

Kind: TypeAlias = Literal["revoked", "superseded", "erased"]
KINDS: tuple[Kind, ...] = ("revoked", "superseded", "erased")
MADE_AT, FIRST_DAY, PLACES, DAYS = 100, 101, 102, 103  # other keys than a certificate's: none is taken for the other


class Change(NamedTuple):
    """What became of the certificate at a place of the list, in UTC."""

    place: int
    kind: Kind
    day: date


@dataclass(frozen=True, slots=True)
class StatusList:
    """What was known at `made_at`. `changes` are those of each place."""

    made_at: datetime
    kid: str
    changes: Mapping[int, Sequence[Change]]


def write(changes: Iterable[Change], made_at: datetime, signer: Signer) -> bytes:
    """The signed list."""
    rows = sorted(changes, key=lambda change: (change.place, change.day, KINDS.index(change.kind)))
    first = min((row.day for row in rows), default=made_at.date())
    steps = [(rows[0].place if rows else 0), *(after.place - before.place for before, after in pairwise(rows))]
    places = (step * len(KINDS) + KINDS.index(row.kind) for step, row in zip(steps, rows, strict=False))
    said = {
        MADE_AT: int(made_at.timestamp()),
        FIRST_DAY: days_of(first),
        PLACES: _packed(places),
        DAYS: _packed((row.day - first).days for row in rows),
    }
    return cose.sign(cbor2.dumps(said, canonical=True), signer)


def read(message: bytes, keys: Sequence[PublicKey]) -> StatusList:
    """The list in a message. Raises `Unreadable` unless a known key signed it, before it was broken or retired."""
    try:
        signed = cose.opened(message)
        said = cbor2.loads(signed.payload)
        found = StatusList(datetime.fromtimestamp(said[MADE_AT], UTC), signed.kid, _changes(said))
    except Exception as error:  # whatever a decoder says of foreign bytes
        raise Unreadable(str(error)) from error
    key = next((key for key in keys if key.kid == signed.kid and key.kind == "ed25519"), None)
    if key is None or not key.verifies(signed.covered, signed.signature) or not counts(key, found.made_at):
        raise Unreadable("the list is not signed by a key that counts")
    return found


def counts(key: PublicKey, moment: datetime) -> bool:
    """Whether what says to be of this moment counts when this key signed it.

    It may be older than the key: certificates issued before there were keys are signed later.
    """
    return (key.until is None or moment <= key.until) and (key.broken_at is None or moment < key.broken_at)


def _changes(said: Mapping[int, int | bytes]) -> Mapping[int, Sequence[Change]]:
    first, place = cast("int", said[FIRST_DAY]), 0
    found: dict[int, list[Change]] = {}
    for step, days in zip(_unpacked(said[PLACES]), _unpacked(said[DAYS]), strict=True):
        distance, kind = divmod(step, len(KINDS))
        place += distance
        found.setdefault(place, []).append(Change(place, KINDS[kind], day_of(first + days)))
    return found


def _packed(numbers: Iterable[int]) -> bytes:
    made = bytearray()
    for number in numbers:
        left = number
        while left > 127:
            made.append(left & 127 | 128)
            left >>= 7
        made.append(left)
    packer = zlib.compressobj(9, zlib.DEFLATED, RAW, 9)
    return packer.compress(bytes(made)) + packer.flush()


def _unpacked(data: int | bytes) -> Iterator[int]:
    number = shift = 0
    for byte in zlib.decompress(cast("bytes", data), RAW):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0
