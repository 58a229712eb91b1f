"""What to tell whoever asks whether a certificate counts, of its code, the issuer's keys and a status list alone.

The same decision is taken in the browser by `lms/static/verify/verdict.js`; one table of cases tries both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.sealing import cose, offline
from lms.sealing.letters import Unreadable
from lms.sealing.status import Kind, StatusList, counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.credentials.facts import CertificateFacts
    from lms.issuers.signing import PublicKey

State: TypeAlias = Literal[
    "unreadable",  # no certificate of this format
    "unsigned",  # no key that we know signed this
    "untimely",  # signed after the key was broken, or after it was retired
    "not-yet",  # on that day it was not issued
    "revoked",
    "erased",  # the holder had it deleted
    "superseded",
    "expired",
    "unchecked",  # genuine, and not expired; whether it was withdrawn is not known: the list is missing or too old
    "valid",
]
WEIGHTS: tuple[Kind, ...] = ("revoked", "erased", "superseded")
STALE = 30  # days; a list that is older says too little about today


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one day. What is not signed has no facts.

    `since` is the day of what the state tells. `age` is how many days before that day the list was made, 0 where it
    was made later, None without a list. `key` signed. `is_doubtful`: the key was broken later, so a thief may have
    written an earlier date; only the register knows.
    """

    state: State
    facts: CertificateFacts | None = None
    key: PublicKey | None = None
    since: date | None = None
    age: int | None = None
    is_doubtful: bool = False
    left_out: Mapping[str, str] | None = None


def verdict(code: str, keys: Sequence[PublicKey], status: StatusList | None, as_of: date) -> Verdict:
    """What the text of a code is worth on a day. Withdrawn beats deleted, that replaced, and that expired."""
    try:
        signed = cose.opened(offline.message_of(code))
        key = next((key for key in keys if key.kid == signed.kid and key.kind == "ed25519"), None)
        if key is None or not key.verifies(signed.covered, signed.signature):
            return Verdict("unsigned")
        carried = offline.read(signed.payload)
    except (cose.NotSigned, Unreadable):
        return Verdict("unreadable")
    facts = replace(carried.facts, issuer_id=key.issuer)
    if not counts(key, carried.issued_at):
        ends = [moment for moment in (key.broken_at, key.until) if moment is not None and moment <= carried.issued_at]
        ended_on = min(ends).astimezone(UTC).date()
        return Verdict("untimely", facts, key, ended_on, is_doubtful=True, left_out=carried.left_out)
    age = None if status is None else max(0, (as_of - status.made_at.date()).days)
    state, since = _state(carried, status, age, as_of)
    return Verdict(state, facts, key, since, age, key.broken_at is not None, carried.left_out)


def _state(
    carried: offline.Carried, status: StatusList | None, age: int | None, as_of: date
) -> tuple[State, date | None]:
    issued_on = date.fromisoformat(carried.facts.issued_on)
    if issued_on > as_of:
        return "not-yet", issued_on
    changes = status.changes.get(carried.status_index, ()) if status else ()
    for kind in WEIGHTS:
        days = [change.day for change in changes if change.kind == kind and change.day <= as_of]
        if days:
            return kind, min(days)
    if carried.facts.valid_until and date.fromisoformat(carried.facts.valid_until) < as_of:
        return "expired", date.fromisoformat(carried.facts.valid_until)
    if status is None or age is None or age > STALE:
        return "unchecked", None if status is None else status.made_at.date()
    return "valid", issued_on
