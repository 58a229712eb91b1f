"""Who issues, for machines: the document that a did or an issuer's address leads to, and key sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.badges.credential import CONTEXTS, profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lms.badges.credential import BadgeIssuer
    from lms.badges.rules import Addresses
    from lms.issuers.signing import PublicKey

DID = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
]


def did_document(issuer: BadgeIssuer, keys: Sequence[PublicKey], addresses: Addresses) -> dict[str, Any]:
    """The keys of an issuer. Retired ones stay, because what they signed goes on counting; broken ones do not.

    A key for tokens comes first, because some verifiers look only there; then keys in use before retired ones.
    """
    methods = [*_token_keys(issuer, keys, addresses), *_proof_keys(issuer, keys)]
    in_use = {key.kid for key in keys if key.is_in_use}
    listed = [method for kid, method in methods if kid in in_use] + [each for kid, each in methods if kid not in in_use]
    return {
        "@context": DID,
        "id": issuer.id,
        "verificationMethod": listed,
        "assertionMethod": [method["id"] for method in listed],
    }


def profile_document(issuer: BadgeIssuer, keys: Sequence[PublicKey], addresses: Addresses) -> dict[str, Any]:
    """An issuer's page for machines. Where it has no did, its keys are found here."""
    keyed = did_document(issuer, keys, addresses)
    return {
        "@context": [*CONTEXTS, *DID[1:]],
        **profile(issuer),
        "verificationMethod": keyed["verificationMethod"],
        "assertionMethod": keyed["assertionMethod"],
    }


def key_set(keys: Iterable[PublicKey], issuer_ids: dict[str, str]) -> dict[str, Any]:
    """All public keys as a JSON Web Key Set (RFC 7517); `iss` says whose each is."""
    return {
        "keys": [
            {**key.jwk, "kid": key.kid, "use": "sig", "iss": issuer_ids[key.issuer]}
            for key in keys
            if key.broken_at is None and key.issuer in issuer_ids
        ]
    }


def _token_keys(
    issuer: BadgeIssuer, keys: Sequence[PublicKey], addresses: Addresses
) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            key.kid,
            {
                "id": addresses.key(issuer.id, key.kid, issuer.slug),
                "type": "JsonWebKey",
                "controller": issuer.id,
                "publicKeyJwk": dict(key.jwk),
            },
        )
        for key in sorted(keys, key=lambda key: (key.kind != "rsa", -key.since.timestamp()))
        if key.kind != "ed25519" and key.broken_at is None
    ]


def _proof_keys(issuer: BadgeIssuer, keys: Sequence[PublicKey]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            key.kid,
            {
                "id": f"{issuer.id}#{key.multikey}",
                "type": "Multikey",
                "controller": issuer.id,
                "publicKeyMultibase": key.multikey,
            },
        )
        for key in sorted(keys, key=lambda key: -key.since.timestamp())
        if key.kind == "ed25519" and key.broken_at is None
    ]
