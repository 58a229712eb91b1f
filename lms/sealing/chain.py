"""The chain as plain values: what a seal says of a certificate, and how one hangs on the other.

A seal holds two salted digests of a certificate. One is of what never changes (the facts printed on it, its code, its
dates), the other of where it stands: whose it is, and whether it was replaced, withdrawn or erased. Each seal's hash
takes in the hash of the one before, so that whoever changes one has to make all later ones anew; and each is signed,
so that nobody without the key can. (The method is the linked time-stamping of Haber and Stornetta, "How to Time-Stamp
a Digital Document", J. Cryptology 3, 1991.)

The canonical form that is hashed is JSON in UTF-8 without spaces, the keys sorted, moments in UTC to the microsecond.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Event: TypeAlias = Literal["issued", "superseded", "revoked", "reinstated", "erased", "moved"]
FIRST = "0" * 64  # what the first seal hangs on
FIXED = ("id", "code", "course_id", "version_id", "basis", "issued_at", "valid_until")
STANDING = (
    "actor_id", "unit_id", "completion_key", "revoked_at", "revoked_reason", "superseded_by", "superseded_at",
    "erased_at",
)  # fmt: skip
PROTECTED = (*FIXED, *STANDING, "facts", "salt")


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of a certificate that seals protect, and `sealed_at`, which tells whether the sealer has looked."""

    id: int
    code: str
    course_id: str
    version_id: int
    basis: str
    issued_at: datetime
    valid_until: date | None
    actor_id: int | None
    unit_id: int | None
    completion_key: str
    revoked_at: datetime | None
    revoked_reason: str
    superseded_by: int | None
    superseded_at: datetime | None
    erased_at: datetime | None
    facts: Mapping[str, Any]
    salt: str
    sealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A seal without its signature."""

    seq: int
    certificate_id: int
    event: str
    at: datetime
    digest: str
    state: str
    previous: str

    @property
    def hash(self) -> str:
        """What the next seal hangs on."""
        said = ("handrail seal 1", self.seq, self.certificate_id, self.event, _plain(self.at), self.digest, self.state)
        return hashlib.sha256(_canonical([*said, self.previous])).hexdigest()


@dataclass(frozen=True, slots=True)
class HeadLine:
    """The end of the chain on a day, signed: the one line that is worth keeping elsewhere."""

    seq: int
    at: datetime
    hash: str
    kid: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Past:
    """What the seals of one certificate say so far: the first digest, the last state, all events in order."""

    digest: str = ""
    state: str = ""
    events: tuple[str, ...] = ()


def digest_of(row: Row) -> str:
    """The digest of what never changes: the facts, the code, the course and its version, the dates."""
    return _salted(row, [*(getattr(row, name) for name in FIXED), row.facts])


def state_of(row: Row) -> str:
    """The digest of where a certificate stands. It holds what is fixed, too, because an erased one has no facts."""
    return _salted(row, [getattr(row, name) for name in (*FIXED, *STANDING)])


def seal_message(hash_: str) -> bytes:
    """What is signed of a seal."""
    return f"handrail seal 1 {hash_}".encode()


def head_message(seq: int, at: datetime, hash_: str) -> bytes:
    """What is signed of a head."""
    return f"handrail head 1 {seq} {_plain(at)} {hash_}".encode()


def events_since(row: Row, past: Past) -> tuple[Event, ...]:
    """What happened to a certificate since it was sealed last, as its columns tell; empty if nothing did."""
    if past.events and past.state == state_of(row):
        return ()
    known, found = past.events, list[Event]()
    if not known:
        found.append("issued")
    if row.superseded_by is not None and "superseded" not in known:
        found.append("superseded")
    if (row.revoked_at is not None) is not was_revoked(known):
        found.append("reinstated" if was_revoked(known) else "revoked")
    if row.erased_at is not None and "erased" not in known:
        found.append("erased")
    return tuple(found) or ("moved",)


def was_revoked(events: Sequence[str]) -> bool:
    """Whether the last word on a withdrawal was that it holds."""
    said = [event for event in events if event in {"revoked", "reinstated"}]
    return bool(said) and said[-1] == "revoked"


def is_altered(row: Row, past: Past) -> bool:
    """Whether a certificate was changed in a way in which the program changes none.

    The facts never change; what was erased holds nothing; nothing replaced or erased ever comes back.
    """
    if row.erased_at is not None and (row.facts or row.salt):
        return True
    if not past.events:
        return False
    if row.erased_at is None and past.digest != digest_of(row):
        return True
    return ("superseded" in past.events and row.superseded_by is None) or (
        "erased" in past.events and row.erased_at is None
    )


def past_of(seals: Sequence[tuple[str, str, str]]) -> Past:
    """The past that seals tell, each as event, digest and state, in their order."""
    return Past(seals[0][1], seals[-1][2], tuple(event for event, _, _ in seals)) if seals else Past()


def _salted(row: Row, values: list[Any]) -> str:
    return hashlib.sha256(row.salt.encode() + _canonical([_plain(value) for value in values])).hexdigest()


def _plain(value: Any) -> Any:
    """A moment the same from every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
