"""A certificate's frozen facts as an OpenBadgeCredential (Open Badges 3.0, on Verifiable Credentials 2.0).

Only what the contexts define may stand in it, because nothing else would be signed. So what has no member of its own
(workload in academic hours, partners, the elements of a European micro-credential) is said in words in the criteria.
"""

from __future__ import annotations

import math
import re
import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from lms.badges import digcomp
from lms.badges.jsonld import OPEN_BADGES, V2
from lms.badges.rules import derived, encoded, identity_hash
from lms.credentials.facts import PRIOR_FORMS, Outcome
from lms.credentials.wording import certificate_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from lms.badges.rules import Addresses
    from lms.credentials.facts import CertificateFacts

CONTEXTS = [V2, OPEN_BADGES]


@dataclass(frozen=True, slots=True)
class BadgeIssuer:
    """Who issues, as a badge names it: `id` is a did or a web address, `logo` a web address or empty."""

    slug: str
    id: str
    name: str
    url: str
    email: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What a badge says of its holder: hashes only. `salt` is the certificate's; `email` is proved, or empty."""

    salt: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """When a certificate was issued and until which day, the day included, it is valid in its `zone`."""

    at: datetime
    until: date | None
    zone: ZoneInfo


def credential(
    facts: CertificateFacts,
    labels: Mapping[str, str],
    issuer: BadgeIssuer,
    holder: Holder,
    issued: Issued,
    addresses: Addresses,
) -> dict[str, Any]:
    """The credential without its status and its signature. `labels` are those of the certificate's own language."""
    until = {"validUntil": _moment(_end(issued.until, issued.zone))} if issued.until else {}
    return {
        "@context": CONTEXTS,
        "id": addresses.certificate(facts.code),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": _said(facts.title),
        "issuer": profile(issuer),
        "validFrom": _moment(issued.at),
        **until,
        "awardedDate": _moment(issued.at),
        "credentialSubject": {
            "id": _urn(holder.salt),
            "type": ["AchievementSubject"],
            "identifier": list(_identities(facts, holder)),
            "licenseNumber": facts.code,
            "achievement": achievement(facts, labels, addresses),
            **_results(facts, addresses),
        },
    }


def with_status(
    made: Mapping[str, Any], addresses: Addresses, slug: str, block: int, place: int, *, is_token: bool
) -> dict[str, Any]:
    """The credential with the place at which its status list says whether it was withdrawn."""
    listed = addresses.status_list(slug, block, is_token=is_token)
    entry = {
        "id": f"{listed}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": listed,
    }
    return {**made, "credentialStatus": entry}


def status_list(issuer: BadgeIssuer, address: str, places: Iterable[int], at: datetime) -> dict[str, Any]:
    """The credential that says which certificates of a block are withdrawn."""
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": _moment(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(places),
        },
    }


def claims(made: Mapping[str, Any]) -> dict[str, Any]:
    """The credential as the claims of a token: itself, and the registered claims that say the same again."""
    issuer = made["issuer"]
    ends = {"exp": _seconds(made["validUntil"])} if "validUntil" in made else {}
    return {
        **made,
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": made["id"],
        "sub": made["credentialSubject"]["id"],
        "nbf": _seconds(made["validFrom"]),
        **ends,
    }


def profile(issuer: BadgeIssuer) -> dict[str, Any]:
    """An issuer as a badge shows it."""
    return {
        "id": issuer.id,
        "type": ["Profile"],
        "name": _said(issuer.name),
        "url": issuer.url,
        **({"email": issuer.email} if issuer.email else {}),
        **({"image": {"id": issuer.logo, "type": "Image"}} if issuer.logo else {}),
    }


def achievement(facts: CertificateFacts, labels: Mapping[str, str], addresses: Addresses) -> dict[str, Any]:
    """What was achieved; the same for everybody who completed this version in this language."""
    address = achieved_at(facts, addresses)
    texts = _texts(facts, labels)
    described = list(_descriptions(facts, labels, address))
    aligned = [_alignment(code) for code in map(digcomp.competence, facts.aligns) if code]
    title = _said(", ".join(filter(None, (texts["title"], texts["level"]))))
    return {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "MicroCredential" if facts.micro else "Certificate",
        "name": title,
        "description": _description(texts),
        "criteria": {"id": f"{addresses.base}/courses/{facts.course_id}", "narrative": _criteria(texts, labels)},
        "image": {"id": f"{address}/badge.png", "type": "Image", "caption": title},
        "inLanguage": facts.language,
        **({"alignment": aligned} if aligned else {}),
        **({"resultDescription": described} if described else {}),
    }


def achieved_at(facts: CertificateFacts, addresses: Addresses) -> str:
    """The address of what was achieved."""
    is_organisation = facts.kind == "organisation"
    return addresses.achievement(facts.course_id, facts.version, facts.language, is_organisation=is_organisation)


def _texts(facts: CertificateFacts, labels: Mapping[str, str]) -> dict[str, Any]:
    """What the paper prints, without what differs from holder to holder."""
    assessed = replace(facts.assessment, score=None) if facts.assessment else None
    outcomes = tuple(Outcome(outcome.text) for outcome in facts.outcomes)
    common = replace(facts, holder="", code="", valid_until="", assessment=assessed, outcomes=outcomes)
    return certificate_texts(common, verify_url="", labels=labels)


def _identities(facts: CertificateFacts, holder: Holder) -> Iterable[dict[str, Any]]:
    if facts.kind == "organisation":  # an organisation is public
        yield {"type": "IdentityObject", "hashed": False, "identityHash": _said(facts.holder), "identityType": "name"}
        return
    named = [("emailAddress", holder.email)] if holder.email else []
    for kind, identity in (*named, ("name", facts.holder)):
        salt = derived(holder.salt, kind)
        yield {
            "type": "IdentityObject",
            "hashed": True,
            "salt": salt,
            "identityHash": identity_hash(identity, salt),
            "identityType": kind,
        }


def _descriptions(facts: CertificateFacts, labels: Mapping[str, str], address: str) -> Iterable[dict[str, Any]]:
    """What is measured: each outcome that the exam asks about, and the exam as a whole. Evidence is not measured."""
    percent = {"type": ["ResultDescription"], "resultType": "Percent", "valueMin": "0", "valueMax": "100"}
    for number, outcome in enumerate(facts.outcomes, 1):
        yield {"id": f"{address}#outcome-{number}", "name": _said(outcome.text), **percent}
    if facts.assessment is not None and facts.assessment.form not in PRIOR_FORMS:
        form, needed = facts.assessment.form, facts.assessment.needed
        least = {"requiredValue": _percent(needed)} if needed is not None else {}
        yield {"id": f"{address}#assessment", "name": _said(labels.get(f"form_{form}", form)), **percent, **least}


def _results(facts: CertificateFacts, addresses: Addresses) -> dict[str, Any]:
    address = achieved_at(facts, addresses)
    shares = [(f"outcome-{number}", outcome.share) for number, outcome in enumerate(facts.outcomes, 1)]
    if facts.assessment is not None:
        shares.append(("assessment", facts.assessment.score))
    reached = [
        {"type": ["Result"], "resultDescription": f"{address}#{name}", "value": _percent(share)}
        for name, share in shares
        if share is not None
    ]
    return {"result": reached} if reached else {}


def _percent(share: float) -> str:
    """Percent with one decimal at most, rounded down, as the paper prints it."""
    tenths = math.floor(round(share * 1000, 6))
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def _alignment(code: str) -> dict[str, Any]:
    return {
        "type": ["Alignment"],
        "targetType": "ceasn:Competency",
        "targetName": digcomp.COMPETENCES[code],
        "targetUrl": digcomp.SOURCE,
        "targetFramework": digcomp.FRAMEWORK,
        "targetCode": code,
    }


def _description(texts: Mapping[str, Any]) -> str:
    outcomes = "; ".join(words.rstrip(".") for words, _share in texts["outcomes"])
    can = f" {texts['holder_can']}: {outcomes}." if outcomes else ""
    return _said(f"{_row(texts['course'])}.{can}")


def _criteria(texts: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """What had to be done and who stands behind it, in the words of the paper."""
    earlier = labels["basis_prior-learning"]  # what had to be done was not done here
    of_course = [
        row for row in texts["facts"] if row[0] in {labels["workload"], labels["assessment"]} or row[1] == earlier
    ]
    mandate = [(labels["entitled"], "; ".join(texts["mandate"]))] if texts["mandate"] else []
    rows = [texts["course"], *of_course, *texts["framework"], *texts["parties"], *mandate, *texts["micro"]]
    return _said(". ".join(_row(row) for row in rows) + ".")


def _row(row: Sequence[str]) -> str:
    return f"{row[0]}: {str(row[1]).rstrip('.')}"


def _said(words: str) -> str:
    """One line of composed letters, without what is invisible: canonical forms differ in how they escape the rest."""
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFC", words)).strip()
    return "".join(letter for letter in line if unicodedata.category(letter) not in {"Cc", "Cs"})


def _urn(salt: str) -> str:
    """A name of the holder that says nothing and joins nothing."""
    return uuid.UUID(derived(salt, "subject"), version=4).urn


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
