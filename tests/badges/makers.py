"""Badges made without a database, by an issuer whose keys are made here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from lms.badges import integrity, tokens
from lms.badges.credential import BadgeIssuer, Holder, Issued, claims, credential, status_list, with_status
from lms.badges.identity import did_document
from lms.badges.rules import Addresses
from lms.badges.verifying import Known, known
from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.credentials.wording import LABELS_EN
from lms.issuers import signing
from lms.issuers.signing import PublicKey, Signer

SALT = "0123456789abcdef0123456789abcdef"
MOMENT = datetime(2026, 11, 22, 8, 4, 20, tzinfo=UTC)
WHERE = Addresses("https://lms.example.org")
ISSUER = BadgeIssuer("ministry", "did:web:lms.example.org", 'Ministry of "Digital" Affairs', "https://lms.example.org")
PLACE = 42
FACTS = CertificateFacts(
    code="42H2-PPVP-P6K9-XM8Y",
    holder="ნინო ბერიძე",
    holder_latin="Nino Beridze",
    language="ka",
    title="ციფრული დამხმარე",
    course="პირველი დახმარება",
    course_id="first-aid",
    issued_on="2026-11-22",
    level="local",
    hours=36,
    outcomes=(Outcome("Make a long password", 0.8334), Outcome("Keep it", 1.0), Outcome("Tell nobody")),
    assessment=Assessment("exam", 0.9, 0.75),
    parties=Parties(owner="Library of Rīga"),
    partners=("University of Somewhere",),
    aligns=("DigComp 2.2 / 4.2", "Our own frame"),
    valid_until="2028-11-22",
    version="42e52dee2f6a",
    look=Look(colour="#7a1f5c"),
)


@dataclass(frozen=True)
class Keys:
    """An issuer's keys: one for proofs, one for tokens."""

    proof: Signer
    token: Signer

    @property
    def document(self) -> dict[str, Any]:
        return did_document(ISSUER, [self.proof.key, self.token.key], WHERE)


def new_signer(kind: signing.Kind) -> Signer:
    private = signing.new_private(kind)
    public = private.public_key()
    key = PublicKey(
        signing.kid_of(public),
        kind,
        ISSUER.slug,
        signing.jwk_of(public),
        signing.multikey_of(public),
        MOMENT,
        spki=signing.spki(public),
    )
    return Signer(key, private)


@cache
def keys() -> Keys:
    return Keys(new_signer("ed25519"), new_signer("p256"))


def plain(
    facts: CertificateFacts = FACTS, *, email: str = "", until: date | None = date(2028, 11, 22)
) -> dict[str, Any]:
    issued = Issued(MOMENT, until, ZoneInfo("Europe/Riga"))
    return credential(facts, LABELS_EN, ISSUER, Holder(SALT, email), issued, WHERE)


def statused(made: dict[str, Any], *, is_token: bool) -> dict[str, Any]:
    return with_status(made, WHERE, ISSUER.slug, 0, PLACE, is_token=is_token)


def document(made: dict[str, Any], by: Signer | None = None, method: str = "") -> str:
    signer = by or keys().proof
    named = method or f"{ISSUER.id}#{signer.key.multikey}"
    return json.dumps(integrity.secured(made, signer.sign, method=named, created=MOMENT), ensure_ascii=False)


def token(made: dict[str, Any], by: Signer | None = None, **other: Any) -> str:
    signer = by or keys().token
    kid = WHERE.key(ISSUER.id, signer.key.kid, ISSUER.slug)
    return tokens.token({**claims(made), **other}, signer, kid=kid)


def lists(places: list[int]) -> list[str]:
    """The status list, as a document and as a token."""
    return [
        document(status_list(ISSUER, WHERE.status_list(ISSUER.slug, 0, is_token=False), places, MOMENT)),
        token(status_list(ISSUER, WHERE.status_list(ISSUER.slug, 0, is_token=True), places, MOMENT)),
    ]


def at_hand(places: list[int] | None = None) -> Known:
    """What an issuer publishes; without places, without its status lists."""
    return known([keys().document], [] if places is None else lists(places))


def with_holder(name: str) -> CertificateFacts:
    return replace(FACTS, holder=name)
