"""The certificate inside its QR code: every printed fact, signed, in at most 600 bytes, legible without a network.

The code's text is `HR1:` and a COSE message (`lms.sealing.cose`) in base45 (RFC 9285). The message carries a map in
deterministic CBOR (RFC 8949, 4.2) whose keys are the numbers of `Key`. Numbers stand in it as they are; texts stand
together under `Key.TEXTS`, one line each in the order of `LINES`, items of a line parted by tabs, packed by
`lms.sealing.letters`. `docs/certificates.md` has the whole format.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import base45
import cbor2

from lms.credentials.code import ALPHABET, GROUP, LENGTH
from lms.credentials.facts import Assessment, CertificateFacts, Outcome, Parties
from lms.sealing import cose
from lms.sealing.letters import Unreadable, clean, pack, unpack

if TYPE_CHECKING:
    from lms.issuers.queries import IssuerProfile
    from lms.issuers.signing import Signer

PREFIX = "HR1:"
MOST = 600  # bytes of the message: a code of this size is read from 40 mm of paper
DAY_0 = date(1970, 1, 1)
CODE_SIZE = 10  # bytes of a code as a number
DIGEST_SIZE = 16
LEVELS = ("local", "national")
FORMS = ("exam",)
BASES = ("renewal", "correction", "prior-learning")


class Key(IntEnum):
    """What the keys of the map mean."""

    TEXTS = 0
    CODE = 1
    ISSUED_AT = 2  # seconds since 1970
    VALID_UNTIL = 3  # days since 1970
    STATUS = 4  # the place in the status list
    LANGUAGE = 5
    ALPHABET = 6  # of the texts; absent: UTF-8
    LEVEL = 7
    HOURS = 8  # academic hours, in thousandths
    ASSESSMENT = 9  # form; score and what was needed, in thousandths
    SHARES = 10  # of the outcomes, in thousandths
    VERSION = 11
    IS_ORGANISATION = 12
    BASIS = 13
    ISSUED_ON = 14  # days since 1970, where that is not the day of ISSUED_AT in UTC
    LEFT_OUT = 15  # number of the line -> the beginning of the SHA-256 of its text


LINES = (
    "holder", "holder_latin", "title", "course", "course_id", "issuer", "owner", "provider", "coordinator",
    "outcomes", "aligns", "partners", "co_issuers", "mandate", "micro",
)  # fmt: skip
LONG_LINES = ("micro", "outcomes")  # what may be left out, in this order, where a certificate is too long


@dataclass(frozen=True, slots=True)
class Carried:
    """What a code carries. `left_out` maps what was too long for it to the digest of its text."""

    facts: CertificateFacts
    issued_at: datetime
    status_index: int
    left_out: Mapping[str, str]


def payload(
    facts: CertificateFacts, *, status_index: int, issued_at: datetime, issuer: IssuerProfile | None, signer: Signer
) -> bytes:
    """The signed message with all that is printed.

    It has at most `MOST` bytes; to get there the elements of a micro-credential and then the words of the outcomes are
    left out, with their digest in their place. A certificate that is longer even so is longer.
    """
    if issuer is not None and not facts.parties.issuer:
        facts = replace(facts, parties=replace(facts.parties, issuer=issuer.name))
    message = b""
    for left_out in ((), LONG_LINES[:1], LONG_LINES):
        message = cose.sign(_map(facts, status_index, issued_at, left_out), signer)
        if len(message) <= MOST:
            break
    return message


def qr_text(message: bytes) -> str:
    """What the QR code says, in the letters that it holds best."""
    return f"{PREFIX}{base45.b45encode(message).decode()}"


def message_of(text: str) -> bytes:
    """The message that `qr_text` wrote. Line breaks do not count, nor does a last space that got lost.

    Raises `Unreadable`.
    """
    letters = "".join(text.split("\n")).replace("\r", "").replace("\t", "").lstrip(" ")
    if not letters.startswith(PREFIX):
        raise Unreadable(f"It does not begin with {PREFIX}")
    letters = letters.removeprefix(PREFIX)
    if len(letters) % 3 == 1:
        letters += " "
    try:
        return bytes(base45.b45decode(letters))
    except ValueError as error:
        raise Unreadable(str(error)) from error


def read(content: bytes) -> Carried:
    """What the content of a message says; its signature must have been checked. Raises `Unreadable`."""
    try:
        return _carried(cbor2.loads(content))
    except Unreadable:
        raise
    except Exception as error:  # whatever a decoder says of foreign bytes
        raise Unreadable(str(error)) from error


def digest(line: str) -> bytes:
    """The beginning of the SHA-256 of a line that was left out."""
    return hashlib.sha256(line.encode()).digest()[:DIGEST_SIZE]


def lines(facts: CertificateFacts) -> dict[str, str]:
    """The texts of a certificate, by the name of the line."""
    said: dict[str, Any] = {
        **{name: getattr(facts, name, "") for name in LINES},
        **{role: getattr(facts.parties, role) for role in ("issuer", "owner", "provider", "coordinator")},
        "outcomes": [outcome.text for outcome in facts.outcomes],
        "micro": [each for pair in sorted(facts.micro.items()) for each in pair],
    }
    return {name: clean(text) if isinstance(text, str) else "\t".join(map(clean, text)) for name, text in said.items()}


def _map(facts: CertificateFacts, status_index: int, issued_at: datetime, left_out: tuple[str, ...]) -> bytes:
    known = lines(facts)
    gone = {LINES.index(name): digest(known[name]) for name in left_out if known[name]}
    kept = ("" if place in gone else known[name] for place, name in enumerate(LINES))
    alphabet, texts = pack("\n".join(kept).rstrip("\n"))
    seconds = math.floor(issued_at.timestamp())
    issued_on = date.fromisoformat(facts.issued_on)
    exam = facts.assessment
    said: dict[int, Any] = {
        Key.TEXTS: texts,
        Key.CODE: _code(facts.code),
        Key.ISSUED_AT: seconds,
        Key.VALID_UNTIL: days_of(date.fromisoformat(facts.valid_until)) if facts.valid_until else None,
        Key.STATUS: status_index,
        Key.LANGUAGE: facts.language,
        Key.ALPHABET: alphabet,
        Key.LEVEL: _short(facts.level, LEVELS),
        Key.HOURS: None if facts.hours is None else round(facts.hours * 1000),
        Key.ASSESSMENT: exam and [_short(exam.form, FORMS), _thousandths(exam.score), _thousandths(exam.needed)],
        Key.SHARES: [_thousandths(outcome.share) for outcome in facts.outcomes] or None,
        Key.VERSION: _hex(facts.version),
        Key.IS_ORGANISATION: True if facts.kind == "organisation" else None,
        Key.BASIS: _short(facts.basis, BASES),
        Key.ISSUED_ON: None if issued_on == _utc_day(seconds) else days_of(issued_on),
        Key.LEFT_OUT: gone or None,
    }
    return cbor2.dumps({int(key): value for key, value in said.items() if value is not None}, canonical=True)


def _carried(said: Mapping[int, Any]) -> Carried:
    texts = dict.fromkeys(LINES, "")
    texts.update(zip(LINES, unpack(said.get(Key.ALPHABET), said[Key.TEXTS]).split("\n"), strict=False))
    listed = {name: tuple(texts[name].split("\t")) if texts[name] else () for name in LINES[9:]}
    micro = listed["micro"]
    gone = {LINES[place]: value.hex() for place, value in said.get(Key.LEFT_OUT, {}).items()}
    shares = [None if share is None else share / 1000 for share in said.get(Key.SHARES, ())]
    outcomes = listed["outcomes"] or ("",) * len(shares)
    exam = said.get(Key.ASSESSMENT)
    issued_on = day_of(said[Key.ISSUED_ON]) if Key.ISSUED_ON in said else _utc_day(said[Key.ISSUED_AT])
    facts = CertificateFacts(
        code=_spelled(said[Key.CODE]),
        holder=texts["holder"],
        holder_latin=texts["holder_latin"],
        title=texts["title"],
        course=texts["course"],
        course_id=texts["course_id"],
        language=said[Key.LANGUAGE],
        issued_on=issued_on.isoformat(),
        valid_until=day_of(said[Key.VALID_UNTIL]).isoformat() if Key.VALID_UNTIL in said else "",
        level=_long(said.get(Key.LEVEL), LEVELS),
        hours=said[Key.HOURS] / 1000 if Key.HOURS in said else None,
        outcomes=tuple(Outcome(text, share) for text, share in zip(outcomes, shares, strict=True)),
        assessment=exam and Assessment(_long(exam[0], FORMS), *(None if n is None else n / 1000 for n in exam[1:])),
        parties=Parties(*(texts[name] for name in LINES[5:9])),
        aligns=listed["aligns"],
        partners=listed["partners"],
        co_issuers=listed["co_issuers"],
        mandate=listed["mandate"],
        version=said[Key.VERSION].hex() if isinstance(said[Key.VERSION], bytes) else said[Key.VERSION],
        kind="organisation" if said.get(Key.IS_ORGANISATION) else "person",
        basis=_long(said.get(Key.BASIS), BASES),
        micro=dict(zip(micro[::2], micro[1::2], strict=False)),
    )
    return Carried(facts, datetime.fromtimestamp(said[Key.ISSUED_AT], UTC), said[Key.STATUS], gone)


def _code(code: str) -> bytes | str:
    """A code as a number: it looks random, so nothing packs it better."""
    letters = code.replace("-", "")
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return code
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number.to_bytes(CODE_SIZE, "big")


def _spelled(code: bytes | str) -> str:
    if isinstance(code, str):
        return code
    number, letters = int.from_bytes(code, "big"), ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _hex(version: str) -> bytes | str:
    try:
        made = bytes.fromhex(version)
    except ValueError:
        return version
    return made if made.hex() == version else version


def _short(word: str, known: tuple[str, ...]) -> int | str | None:
    return known.index(word) if word in known else clean(word) or None


def _long(said: int | str | None, known: tuple[str, ...]) -> str:
    return known[said] if isinstance(said, int) else said or ""


def _thousandths(share: float | None) -> int | None:
    """As on paper: rounded down, for nobody reads 80 % who did not reach it."""
    return None if share is None else math.floor(round(share * 1000, 6))


def days_of(day: date) -> int:
    """The days since 1970."""
    return (day - DAY_0).days


def day_of(days: int) -> date:
    """The day so many days after the first of 1970."""
    return DAY_0 + timedelta(days=days)


def _utc_day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
