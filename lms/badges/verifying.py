"""Checking an Open Badge of anybody, from a file: whether it is unaltered, by whom, and whether it counts today.

Nothing is fetched. Keys come from documents that are handed over: our own issuers', and files with what an issuer
publishes (a did document, an issuer profile with keys, a JSON Web Key Set). So do status lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lms.badges import baking, integrity, tokens
from lms.badges.jsonld import BadDocument
from lms.badges.keys import proof_key
from lms.badges.rules import is_set
from lms.badges.tokens import CLAIMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

State: TypeAlias = Literal[
    "valid", "unchecked", "expired", "early", "revoked", "altered", "unknown issuer", "unreadable",
]  # fmt: skip
MOST_BYTES = 4 * 1024 * 1024
BADGES = {"OpenBadgeCredential", "AchievementCredential"}
ENTRY = "BitstringStatusListEntry"
WITHDRAWING = ("revocation", "suspension")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found out about a badge; `why` says more. `state` is `valid` only if everything was checked.

    It is `unchecked` if the signature holds and no day is over, but nobody knows here whether it was withdrawn.
    `is_status_known` tells whether a status list was at hand, or the badge names none. `credential` is what was signed.
    """

    state: State
    why: str
    issuer: str = ""
    form: str = ""
    is_status_known: bool = False
    credential: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is at hand: documents with keys, by issuer's id, and status lists, documents or tokens, by their address."""

    issuers: Mapping[str, Sequence[Mapping[str, Any]]]
    lists: Mapping[str, str]


class _Unknown(BadDocument):
    """There is no key of this issuer at hand."""


class _Altered(BadDocument):
    """The signature was not made over this."""


def known(documents: Iterable[Mapping[str, Any]], lists: Iterable[str] = ()) -> Known:
    """Documents and lists, sorted by what they are about. Raises `BadDocument` for one that names nobody."""
    issuers: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents:
        for owner in _owners(document):
            issuers.setdefault(owner, []).append(document)
    return Known(issuers, {_id(_credential_of(text)): text for text in lists})


def check(data: bytes, at_hand: Known, moment: datetime) -> Verdict:
    """The verdict about a file: a credential as JSON or as a token, or a PNG or SVG picture that carries one."""
    try:
        form, text = carried(data)
        credential = _credential_of(text)
    except BadDocument as problem:
        return Verdict("unreadable", str(problem))
    issuer = _id(credential.get("issuer"))
    try:
        _is_badge(credential, issuer)
        _check_signature(text, credential, at_hand)
    except _Unknown as problem:
        return Verdict("unknown issuer", str(problem), issuer, form)
    except BadDocument as problem:
        return Verdict("altered", str(problem), issuer, form)
    return _today(credential, at_hand, moment, issuer, form)


def carried(data: bytes) -> tuple[str, str]:
    """The form of a file (`json`, `jwt`, `png`, `svg`) and the credential in it. Raises `BadDocument`."""
    if len(data) > MOST_BYTES:
        raise BadDocument("The file is too large for a badge.")
    if data.startswith(baking.PNG):
        return "png", baking.out_of_png(data).strip()
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise BadDocument("This is no Open Badge: neither JSON, nor a token, nor a PNG or SVG picture.") from error
    if text.startswith("<"):
        return "svg", baking.out_of_svg(text.encode())
    return ("json" if text.startswith("{") else "jwt"), text


def _credential_of(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return tokens.parts(text)[1]
    try:
        found = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadDocument("The badge is no JSON that can be read.") from error
    return found if isinstance(found, dict) else {}


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A member that stands twice is read differently by different programs."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadDocument("The badge says the same member twice.")
    return found


def _no_number(_words: str) -> None:
    raise BadDocument("The badge has a number that is none.")


def _is_badge(credential: Mapping[str, Any], issuer: str) -> None:
    named = {each for each in _listed(credential.get("type")) if isinstance(each, str)}
    if "VerifiableCredential" not in named or not named & BADGES:
        raise BadDocument("This is no Open Badge 3.0.")
    if not issuer or not isinstance(credential.get("credentialSubject"), dict):
        raise BadDocument("The badge lacks its issuer or whom it is about.")
    if "expirationDate" in credential or "issuanceDate" in credential:
        raise BadDocument("The badge gives its dates in members of an older standard, which nothing here signs.")


def _check_signature(text: str, credential: dict[str, Any], at_hand: Known) -> None:
    issuer = _id(credential.get("issuer"))
    documents = at_hand.issuers.get(issuer, ())
    if text.startswith("{"):
        method = integrity.proof_of(credential).get("verificationMethod")
        verifies = _proof_key(issuer, method, documents)
        if not integrity.is_right(credential, verifies):
            raise _Altered("The badge was altered, or the signature is not the issuer's.")
        return
    header, claims = tokens.parts(text)
    _check_claims(claims, issuer)
    if not any(tokens.is_right(text, jwk) for jwk in _token_keys(issuer, header, documents)):
        raise _Altered("The token was altered, or the signature is not the issuer's.")


def _proof_key(issuer: str, method: object, documents: Sequence[Mapping[str, Any]]) -> Callable[[bytes, bytes], bool]:
    if not isinstance(method, str) or method.partition("#")[0] != issuer:
        raise _Altered("The key of the proof is not the issuer's.")
    if issuer.startswith("did:key:"):
        return proof_key(issuer.removeprefix("did:key:"))
    for document in documents:
        for each in _methods(document):
            if _named(document, each) == method and _asserts(document, method):
                return proof_key(each.get("publicKeyMultibase"), each.get("publicKeyJwk"))
    raise _Unknown(f"No key {method} is at hand. Give a file with what {issuer} publishes.")


def _token_keys(
    issuer: str, header: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The issuer's keys that a token may be signed with: the one it names, by its address or as it is."""
    kid = header.get("kid")
    keys = [each for document in documents for each in _public_keys(document, issuer)]
    found = [key for name, key in keys if (_is_named(name, kid) if kid else _same(key, header.get("jwk")))]
    if not found:
        raise _Unknown(f"No key {kid or 'like the one in the token'} is at hand. Give what {issuer} publishes.")
    return found


def _public_keys(document: Mapping[str, Any], issuer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The names and keys of a document: its own methods, or those of a key set that are this issuer's."""
    for each in _methods(document):
        name = _named(document, each)
        if isinstance(public := each.get("publicKeyJwk"), dict) and _asserts(document, name):
            yield name, public
    for each in _listed(document.get("keys")):
        if isinstance(each, dict) and each.get("iss") == issuer:
            yield str(each.get("kid")), each


def _is_named(name: str, kid: object) -> bool:
    """A key set names its keys shortly, a token by a whole address."""
    return kid == name or (isinstance(kid, str) and "#" not in name and kid.endswith((f"#{name}", f"/{name}")))


def _check_claims(claims: Mapping[str, Any], issuer: str) -> None:
    """The registered claims must say what the credential says, because programs read either."""
    same = {"iss": issuer, "jti": claims.get("id"), "sub": _id(claims["credentialSubject"])}
    for name, value in same.items():
        if claims.get(name, value or None) != (value or None):
            raise _Altered(f"The token contradicts itself: {name} is not what the badge says.")
    if "vc" in claims:
        raise _Altered("The token holds its badge in an older form (a claim named vc).")


def _today(credential: dict[str, Any], at_hand: Known, moment: datetime, issuer: str, form: str) -> Verdict:
    said = {name: value for name, value in credential.items() if name not in {"proof", *CLAIMS}}
    try:
        starts, ends = _moment(credential, "validFrom", "nbf"), _ends(credential)
        is_known, is_withdrawn = _status(credential, at_hand, moment)
    except (BadDocument, ValueError) as problem:
        return Verdict("altered", str(problem), issuer, form, credential=said)
    if is_withdrawn:
        return Verdict("revoked", "Its issuer has withdrawn it.", issuer, form, is_known, said)
    if ends is not None and moment > ends:
        return Verdict("expired", f"It was valid until {ends:%Y-%m-%d}.", issuer, form, is_known, said)
    if starts is not None and moment < starts:
        return Verdict("early", f"It is valid from {starts:%Y-%m-%d} on.", issuer, form, is_known, said)
    if not is_known:
        return Verdict("unchecked", _unchecked(credential), issuer, form, is_known, said)
    return Verdict("valid", "", issuer, form, is_known, said)


def _unchecked(credential: Mapping[str, Any]) -> str:
    """What is missing, and where it is found."""
    entries = [each for each in _listed(credential.get("credentialStatus")) if isinstance(each, dict)]
    named = [each.get("statusListCredential") for each in entries]
    places = [each for each in named if isinstance(each, str) and each.isprintable()]
    where = f" Its issuer publishes the list at {places[0]}." if places else ""
    return (
        "The signature holds. Whether it was withdrawn could not be checked: its status list is not at hand, too old, "
        f"or of a kind that is not known here.{where}"
    )


def _ends(credential: dict[str, Any]) -> datetime | None:
    """When a badge, its token or its proof ends, whichever is first."""
    proof = integrity.proof_of(credential) if "proof" in credential else {}
    found = [_moment(credential, "validUntil", "exp"), _moment(proof, "expires", "")]
    return min((each for each in found if each is not None), default=None)


def _moment(credential: Mapping[str, Any], name: str, claim: str) -> datetime | None:
    """The earlier end or later start of what a badge and its token say."""
    found = []
    if (words := credential.get(name)) is not None:
        at = datetime.fromisoformat(str(words))
        found.append(at if at.tzinfo else at.replace(tzinfo=UTC))
    if isinstance(seconds := credential.get(claim), int | float):
        found.append(datetime.fromtimestamp(seconds, UTC))
    return (min(found) if claim == "exp" else max(found)) if found else None


def _status(credential: Mapping[str, Any], at_hand: Known, moment: datetime) -> tuple[bool, bool]:
    """Whether it is known what became of a badge, and whether it was withdrawn or suspended."""
    entries = credential.get("credentialStatus") or []
    listed = entries if isinstance(entries, list) else [entries]
    answers = [_answer(each, credential, at_hand, moment) for each in listed]
    return None not in answers, True in answers


def _answer(entry: object, credential: Mapping[str, Any], at_hand: Known, moment: datetime) -> bool | None:
    """Whether a status list says of a badge that it does not count; None if it cannot be known from what is at hand."""
    if not isinstance(entry, dict) or ENTRY not in _listed(entry.get("type")):
        return None
    purpose, text = entry.get("statusPurpose"), at_hand.lists.get(str(entry.get("statusListCredential")))
    if purpose not in WITHDRAWING:
        return False  # such as `message` or `refresh`: whatever it says, the badge counts
    if text is None or entry.get("statusSize", 1) != 1:
        return None
    listing = _credential_of(text)
    if _id(listing.get("issuer")) != _id(credential.get("issuer")):
        raise BadDocument("The status list is another issuer's.")
    _check_signature(text, listing, at_hand)
    subject = listing.get("credentialSubject")
    if not isinstance(subject, dict) or purpose not in _listed(subject.get("statusPurpose")):
        raise BadDocument("The status list is about something else.")
    ends = _ends(listing)
    if ends is not None and moment > ends:
        return None
    return is_set(str(subject.get("encodedList")), int(str(entry.get("statusListIndex"))))


def _owners(document: Mapping[str, Any]) -> set[str]:
    if isinstance(document.get("keys"), list):
        owners = {str(each["iss"]) for each in document["keys"] if isinstance(each, dict) and "iss" in each}
    else:
        owners = {_id(document)} - {""}
    if not owners:
        raise BadDocument("This is no document with keys of an issuer: it names nobody.")
    return owners


def _methods(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The keys of a document, also those that stand inside of the list of what they are for (DID 1.0, section 5.3)."""
    listed = (*_listed(document.get("verificationMethod")), *_listed(document.get("assertionMethod")))
    return [each for each in listed if isinstance(each, dict)]


def _asserts(document: Mapping[str, Any], method: str) -> bool:
    named = [_named(document, each) for each in _listed(document.get("assertionMethod"))]
    return not named or method in named


def _named(document: Mapping[str, Any], method: object) -> str:
    """The whole address of a key; a document may write its own ones relative to itself (DID 1.0, section 3.2.2)."""
    name = _id(method)
    return f"{_id(document)}{name}" if name.startswith("#") else name


def _same(one: Mapping[str, Any], other: object) -> bool:
    names = ("kty", "crv", "x", "y", "n", "e")
    return isinstance(other, dict) and all(one.get(name) == other.get(name) for name in names)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _id(value: object) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
