"""One table of verdicts, tried by the program (`test_verdicts.py`) and by the page (`tests/browser/test_verify.py`).

The issuer has had three keys: the first was retired, the second was broken, the third signs today. Its name changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from lms.issuers import signing
from lms.issuers.signing import PublicKey, Signer
from lms.sealing import offline, status
from lms.sealing.status import Change
from tests.sealing.papers import ENGLISH, GEORGIAN, LATVIAN, TAJIK

RETIRED, BROKEN = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
LISTED = datetime(2026, 3, 20, 4, tzinfo=UTC)


def signer(since: datetime, until: datetime | None = None, broken_at: datetime | None = None) -> Signer:
    """A fresh key with a past."""
    private = signing.new_private("ed25519")
    public = private.public_key()
    words = (signing.kid_of(public), "ed25519", "handrail", signing.jwk_of(public), signing.multikey_of(public))
    return Signer(PublicKey(*words, since, until, broken_at, spki=signing.spki(public)), private)  # type: ignore[arg-type]


FIRST = signer(datetime(2024, 1, 1, tzinfo=UTC), RETIRED)
SECOND = signer(RETIRED, BROKEN, BROKEN)
THIRD = signer(BROKEN)
STRANGER = signer(datetime(2024, 1, 1, tzinfo=UTC))
KEYS = (FIRST.key, SECOND.key, THIRD.key)
OLD_NAME = replace(ENGLISH.parties, issuer="Agency of Yesterday")


def code(by: Signer, issued: datetime, place: int, paper=ENGLISH, **changed: object) -> str:
    """The text in the QR code of a certificate."""
    facts = replace(paper, **{"issued_on": issued.date().isoformat(), "valid_until": "2028-03-14", **changed})
    return offline.qr_text(
        offline.payload(facts, status_index=place, issued_at=issued, issuer=None, signer=by),
    )


AT_FIRST = code(FIRST, datetime(2024, 6, 1, 9, tzinfo=UTC), 7, LATVIAN, parties=OLD_NAME)
AT_SECOND = code(SECOND, datetime(2025, 6, 1, 9, tzinfo=UTC), 70, TAJIK)
TODAY = code(THIRD, datetime(2026, 3, 14, 9, tzinfo=UTC), 700, GEORGIAN)
UNCHANGED = code(THIRD, datetime(2026, 3, 14, 9, tzinfo=UTC), 701)
ENDLESS = code(THIRD, datetime(2026, 3, 14, 9, tzinfo=UTC), 702, valid_until="")
ERASED = code(THIRD, datetime(2026, 3, 14, 9, tzinfo=UTC), 703)
BACK_DATED = code(FIRST, datetime(2025, 6, 1, tzinfo=UTC), 8)
STOLEN = code(SECOND, BROKEN, 71)
FORGED = code(STRANGER, datetime(2026, 3, 14, tzinfo=UTC), 704)
EARLY = code(THIRD, datetime(2026, 1, 30, tzinfo=UTC), 705)  # issued before its key was made, signed after
CHANGES = (
    Change(7, "superseded", date(2025, 5, 1)),
    Change(7, "revoked", date(2025, 9, 1)),
    Change(70, "superseded", date(2026, 1, 10)),
    Change(700, "revoked", date(2026, 3, 18)),
    Change(703, "superseded", date(2026, 3, 15)),
    Change(703, "erased", date(2026, 3, 16)),
    Change(250_000, "revoked", date(2026, 3, 1)),
)
LIST = status.write(CHANGES, LISTED, THIRD)
NO_CHANGES = status.write((), LISTED, THIRD)


@dataclass(frozen=True, slots=True)
class Case:
    """A code, a list and a day; what is to be said, since when, by a list how old, and whether it is doubtful."""

    code: str
    list: bytes | None
    as_of: str
    state: str
    since: str | None = None
    age: int | None = None
    is_doubtful: bool = False


CASES = {
    "valid": Case(UNCHANGED, LIST, "2026-03-21", "valid", "2026-03-14", 1),
    "valid on the day of issue": Case(UNCHANGED, LIST, "2026-03-14", "valid", "2026-03-14", 0),
    "not before": Case(UNCHANGED, LIST, "2026-03-13", "not-yet", "2026-03-14", 0),
    "valid on its last day": Case(UNCHANGED, LIST, "2028-03-14", "unchecked", "2026-03-20", 725),
    "expired": Case(UNCHANGED, LIST, "2028-03-15", "expired", "2028-03-14", 726),
    "without time limit": Case(ENDLESS, NO_CHANGES, "2026-04-01", "valid", "2026-03-14", 12),
    "the list is old": Case(ENDLESS, LIST, "2026-04-20", "unchecked", "2026-03-20", 31),
    "the list is nearly old": Case(ENDLESS, LIST, "2026-04-19", "valid", "2026-03-14", 30),
    "no list": Case(ENDLESS, None, "2026-03-14", "unchecked"),
    "expired needs no list": Case(UNCHANGED, None, "2029-01-01", "expired", "2028-03-14"),
    "before it was withdrawn": Case(TODAY, LIST, "2026-03-17", "valid", "2026-03-14", 0),
    "withdrawn on that day": Case(TODAY, LIST, "2026-03-18", "revoked", "2026-03-18", 0),
    "withdrawn, by an old list": Case(TODAY, LIST, "2027-03-18", "revoked", "2026-03-18", 363),
    "retired key": Case(AT_FIRST, LIST, "2025-04-30", "valid", "2024-06-01", 0),
    "replaced": Case(AT_FIRST, LIST, "2025-05-01", "superseded", "2025-05-01", 0),
    "withdrawn beats replaced": Case(AT_FIRST, LIST, "2026-03-20", "revoked", "2025-09-01", 0),
    "broken key, before": Case(AT_SECOND, LIST, "2026-01-09", "valid", "2025-06-01", 0, is_doubtful=True),
    "broken key, replaced": Case(AT_SECOND, LIST, "2026-03-20", "superseded", "2026-01-10", 0, is_doubtful=True),
    "signed after retirement": Case(BACK_DATED, LIST, "2026-03-20", "untimely", "2025-01-01", None, is_doubtful=True),
    "signed after the break": Case(STOLEN, LIST, "2026-03-20", "untimely", "2026-02-01", None, is_doubtful=True),
    "older than its key": Case(EARLY, LIST, "2026-03-20", "valid", "2026-01-30", 0),
    "deleted beats replaced": Case(ERASED, LIST, "2026-03-20", "erased", "2026-03-16", 0),
    "before it was deleted": Case(ERASED, LIST, "2026-03-15", "superseded", "2026-03-15", 0),
    "an unknown key": Case(FORGED, LIST, "2026-03-20", "unsigned"),
    "nothing": Case("", LIST, "2026-03-20", "unreadable"),
    "an address": Case("https://handrail.example/c/7K3M-92DC-TF4X-V8PW", LIST, "2026-03-20", "unreadable"),
    "only the beginning": Case("HR1:", LIST, "2026-03-20", "unreadable"),
    "half a code": Case(TODAY[: len(TODAY) // 2], LIST, "2026-03-20", "unreadable"),
    "one letter more": Case(UNCHANGED + "0", LIST, "2026-03-20", "unreadable"),
    "in small letters": Case(UNCHANGED.lower(), LIST, "2026-03-20", "unreadable"),
    "broken into lines": Case(
        "  " + "\r\n".join(UNCHANGED[at : at + 60] for at in range(0, len(UNCHANGED), 60)) + "\n",
        LIST, "2026-03-20", "valid", "2026-03-14", 0,
    ),
    "a list in place of a certificate": Case(offline.qr_text(LIST), LIST, "2026-03-20", "unreadable"),
}  # fmt: skip
